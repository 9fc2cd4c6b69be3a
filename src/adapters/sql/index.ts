export type { BulkOptions, Db, StoreTarget } from './contract.ts';
export type { SqlErrorCode } from './errors.ts';
export { type IdWidth, takeIds } from './ids.ts';
export { openDatabase } from './open-database.ts';
export type { Tables } from './tables.ts';
