/** Finds the version of one program or library by its file name and by what stands beside it in the file. */
export interface Classifier {
  /** Name of the package. */
  readonly name: string;
  /** Told by the library beside it, where there is one: the two may be of different builds. */
  readonly launcher?: true;
  readonly library?: true;
  /**
   * What to look for in a file with a name; undefined when it is something else.
   * @param name last part of the path, in lower case without `.exe`.
   */
  anchors(name: string): readonly Anchor[] | undefined;
}

/** A text that stands beside a version. */
export interface Anchor {
  /** Bytes to look for, as Latin-1 text. */
  readonly text: string;
  /**
   * The version beside the text.
   * @param bytes part of the file; @param start where the text begins, @param end where it ends.
   */
  version(bytes: Buffer, start: number, end: number): string | undefined;
}

/** One version that a classifier read, with the offset of the text that told it. */
export interface Hit {
  readonly name: string;
  readonly version: string;
  readonly offset: number;
  readonly launcher?: true;
  readonly library?: true;
}
