/** What a package's database says that a file contains. */
export interface RecordedSum {
  readonly package: string;
  /** Where the file should be, as the database spells it, without leading slash. */
  readonly path: string;
  readonly algorithm: 'md5' | 'sha256';
  /** Hex, lower case. */
  readonly digest: string;
}
