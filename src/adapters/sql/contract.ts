import type { Kysely, Transaction } from 'kysely';
import type { Engine } from './column-types.ts';
import type { Tables } from './tables.ts';

/** Where the store is: a PostgreSQL URL or an SQLite file. */
export type StoreTarget =
  | { readonly url: string; readonly poolSize?: number; readonly statementTimeoutMs?: number }
  | { readonly file: string };

export interface BulkOptions {
  /** The transaction to join; absent: one of its own. */
  readonly trx?: Kysely<Tables>;
  /** Leaves rows out that a unique key refuses, instead of failing. */
  readonly skipConflicts?: boolean;
}

/** An open store. Everything that a service needs of it, whichever engine it is. */
export interface Db {
  readonly kysely: Kysely<Tables>;
  readonly dialect: Engine;
  /**
   * Writes together or not at all. SQLite: one writer at a time, waited for without blocking the event loop.
   * PostgreSQL: read committed; repeated from the start after deadlocks, so `work` may run more than once.
   * Use only `trx` inside: a write past it is refused (`nested_transaction`).
   */
  transaction<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Several queries that see one and the same state; never waits for writers. */
  snapshot<T>(work: (trx: Transaction<Tables>) => Promise<T>): Promise<T>;
  /** Inserts rows (values in the order of `columns`); number of rows inserted. */
  bulkInsert<T extends keyof Tables & string>(
    table: T,
    columns: readonly (keyof Tables[T] & string)[],
    rows: Iterable<readonly unknown[]>,
    options?: BulkOptions,
  ): Promise<number>;
  close(): Promise<void>;
}
