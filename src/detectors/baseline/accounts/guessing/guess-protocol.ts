/** One hash and what is tried on it. */
export interface GuessTask {
  readonly field: string;
  readonly passwords: readonly string[];
}

/** What came of a task. */
export type GuessReply =
  | { readonly kind: 'tried'; readonly found: number | null; readonly cost: string }
  /** Passwords cannot be tried on the hash. */
  | { readonly kind: 'closed'; readonly why: string };
