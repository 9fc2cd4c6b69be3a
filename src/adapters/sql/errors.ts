import { CodedError } from '../../kernel/index.ts';

/** What can go wrong with a store, in the same words for both engines. */
export type SqlErrorCode =
  | 'unique_violation'
  | 'foreign_key_violation'
  | 'constraint_violation'
  | 'serialization_failure'
  | 'store_busy'
  | 'store_unavailable'
  | 'store_timeout'
  | 'store_damaged'
  | 'store_newer'
  | 'store_unreadable'
  | 'storage_full'
  | 'nested_transaction'
  | 'ids_exhausted'
  | 'sql_failed';

/** A statement or a store failed. The engine's own error is the cause; values of statements are in no message. */
export class SqlError extends CodedError<SqlErrorCode> {}
