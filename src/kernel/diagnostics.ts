/**
 * A problem with one part of an image that does not end the scan or the fix. It is a value in the result, so that
 * a report never looks complete when something was not looked at.
 */
export interface Diagnostic {
  /** Stable name, snake case, for example `truncated_tar`. */
  readonly code: string;
  /** Path inside the image, without a leading slash, where one is concerned. */
  readonly path?: string;
  /** Digest of the layer, where one is concerned. */
  readonly layer?: string;
  /** One sentence for a person. May hold text of the image: escape it before display. */
  readonly message: string;
  /** True when something that should have been read was not: the result is then `partial`. */
  readonly partial?: boolean;
}
