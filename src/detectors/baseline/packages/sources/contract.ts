/** Where a package manager gets packages from, as one entry of its configuration says; disabled ones are left out. */
export interface Repository {
  /** From one on. */
  readonly line: number;
  /** `https`, `mirror+http`, `cdrom` …; empty where none is written. */
  readonly scheme: string;
  /** In lower case, without port; empty for local ones. May hold variables of the package manager. */
  readonly host: string;
  /** For people: without user, password and whatever looks like a token. */
  readonly shown: string;
  /** Written words that switch the check of signatures off: `trusted=yes`, `gpgcheck=0`; null when there are none. */
  readonly unchecked: string | null;
}

/** Facts of one file. */
export interface SourceFile {
  readonly repositories: readonly Repository[];
  /** Settings for all repositories that switch checks off. */
  readonly settings: readonly { readonly line: number; readonly text: string }[];
  /** Lines that nobody can read. */
  readonly malformed: number;
}
