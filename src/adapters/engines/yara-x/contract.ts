/** Rules of one file for the process that runs the engine. */
export interface EngineFile {
  /** Feed and file as a key, given back with hits. */
  readonly key: string;
  readonly text: string;
}

/** What the process is asked. */
export type Question =
  | { readonly kind: 'compile'; readonly module: string; readonly files: readonly EngineFile[] }
  | { readonly kind: 'scan'; readonly bytes: Uint8Array; readonly variables: Readonly<Record<string, string>> };

/** A rule that matched, as the engine tells it. */
export interface EngineMatch {
  /** Of the file that holds the rule. */
  readonly key: string;
  readonly rule: string;
  readonly tags: readonly string[];
  readonly meta: readonly (readonly [string, string | number | boolean])[];
  readonly matches: readonly { readonly offset: number; readonly length: number }[];
}

/** What the process answers. */
export type Answer =
  | { readonly kind: 'compiled'; readonly version: string; readonly rejected: readonly EngineRejection[] }
  | { readonly kind: 'scanned'; readonly found: readonly EngineMatch[] }
  | { readonly kind: 'failed'; readonly code: 'engine_not_installed' | 'engine_failed'; readonly message: string };

/** A file that the engine cannot use. */
export interface EngineRejection {
  readonly key: string;
  readonly message: string;
}
