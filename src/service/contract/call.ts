import type { Actor } from '../../access/index.ts';

/** The projects that a caller may touch with the action at hand; deny by default: an empty list sees nothing. */
export type ProjectScope = 'all' | readonly number[];

/**
 * The context of one use case. The facade has authenticated and authorised before: `projects` is what the caller's
 * grants allow for the action. Objects outside of it are answered like objects that do not exist.
 */
export interface Call {
  readonly projects: ProjectScope;
  readonly actor: Actor;
  readonly signal: AbortSignal;
}

/** Where a page begins: by rows to skip (the cloud facades) or behind the last row seen (everything else). */
export type PageRequest =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: string | null; readonly limit: number };

/** One page. `total` is exact unless `totalIsBound` says "at least". */
export interface Page<T> {
  readonly rows: readonly T[];
  readonly total: number;
  readonly totalIsBound: boolean;
  /** Opaque position behind the last row; null at the end. */
  readonly next: string | null;
}
