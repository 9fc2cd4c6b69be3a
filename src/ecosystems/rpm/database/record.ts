/** What rpm knows of one installed package, as written; judged later. Texts are empty where rpm has none. */
export interface RpmRecord {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Empty when the package has no epoch, which means 0. */
  readonly epoch: string;
  readonly arch: string;
  readonly vendor: string;
  /** File name of the source package: `bash-5.1.8-9.el9.src.rpm`. */
  readonly sourceRpm: string;
  /** `name:stream:version:context` of a module's build. */
  readonly module: string;
  /** Files in pairs of directory, with its slash at the end, and names joined by slashes. */
  readonly files: readonly string[];
  /** Recorded digest (hex, MD5 or SHA-256), a blank and the path of each program, configuration and ghosts left out. */
  readonly programs?: readonly string[];
  /** A text was longer than any real one, and left out. */
  readonly oversized?: true;
}

/** The spelling of "there is none" in rpm's own output. */
export function absentNone(text: string): string {
  return text === '(none)' ? '' : text;
}
