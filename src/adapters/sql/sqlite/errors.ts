import { messageOf } from '../../../kernel/index.ts';
import { SqlError, type SqlErrorCode } from '../errors.ts';

/** Result codes of SQLite (sqlite.org/rescode.html), primary ones and those extended ones that matter. */
const codes: Readonly<Record<number, SqlErrorCode>> = {
  1555: 'unique_violation',
  2067: 'unique_violation',
  787: 'foreign_key_violation',
  19: 'constraint_violation',
  5: 'store_busy',
  6: 'store_busy',
  13: 'storage_full',
  8: 'store_unreadable',
  14: 'store_unreadable',
  23: 'store_unreadable',
  10: 'store_unavailable',
  11: 'store_damaged',
  26: 'store_damaged',
};

const hints: Readonly<Partial<Record<SqlErrorCode, string>>> = {
  storage_full: 'Free space on the file system of the store.',
  store_damaged: 'Restore the store from a backup; the file is not a sound database.',
  store_unreadable: 'Check that the store belongs to the user that runs Drydock.',
};

/** Extended result code of an error of node:sqlite, or 0. */
export function resultCode(error: unknown): number {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code : 0;
}

/** Whether somebody else holds the lock right now. */
export function isBusy(error: unknown): boolean {
  return (resultCode(error) & 0xff) === 5;
}

/** Errors of the file system that opening may meet. */
const fileErrors: Readonly<Record<string, SqlErrorCode>> = {
  EACCES: 'store_unreadable',
  EPERM: 'store_unreadable',
  EROFS: 'store_unreadable',
  EISDIR: 'store_unreadable',
  ENOTDIR: 'store_unreadable',
  EEXIST: 'store_unreadable',
  ENOSPC: 'storage_full',
  EDQUOT: 'storage_full',
};

/** An error of node:sqlite or of the file system in the words of {@link SqlError}; errors of other kinds are left alone. */
export function translateSqlite(error: unknown): unknown {
  const code = resultCode(error);
  const ofFile = fileErrors[String((error as { code?: unknown } | null)?.code ?? '')];
  if (code === 0 && ofFile === undefined) return error;
  const named = ofFile ?? codes[code] ?? codes[code & 0xff] ?? 'sql_failed';
  const hint = hints[named];
  return new SqlError(named, messageOf(error), {
    cause: error,
    retryable: named === 'store_busy',
    ...(hint === undefined ? {} : { hint }),
  });
}
