export { type BulkOptions, type Db, openDatabase, type StoreTarget } from './db.ts';
export { SqlError, type SqlErrorCode } from './errors.ts';
export { type IdWidth, internIds, takeIds } from './ids.ts';
export type { Tables } from './tables.ts';
