import { messageOf } from '../../../kernel/index.ts';
import { SqlError, type SqlErrorCode } from '../errors.ts';

/** SQLSTATE (PostgreSQL manual, appendix A) → our words; two letters mean the whole class. */
const states: Readonly<Record<string, SqlErrorCode>> = {
  '23505': 'unique_violation',
  '23503': 'foreign_key_violation',
  '23': 'constraint_violation',
  '40001': 'serialization_failure',
  '40P01': 'serialization_failure',
  '55P03': 'store_busy',
  '57014': 'store_timeout',
  '25P03': 'store_timeout',
  '57P01': 'store_unavailable',
  '57P02': 'store_unavailable',
  '57P03': 'store_unavailable',
  '08': 'store_unavailable',
  '53100': 'storage_full',
  '53300': 'store_unavailable',
  '28': 'store_unreadable',
  '3D000': 'store_unreadable',
  XX001: 'store_damaged',
  XX002: 'store_damaged',
};

const lost =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|not queryable|ECONN|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH/;

const hints: Readonly<Partial<Record<SqlErrorCode, string>>> = {
  store_unavailable: 'Check that PostgreSQL runs and can be reached.',
  store_unreadable: 'Check user, password and name of the database.',
  storage_full: 'Free space on the volume of PostgreSQL.',
};

/** An error of `pg` in the words of {@link SqlError}; errors of other kinds are left alone. */
export function translatePostgres(error: unknown): unknown {
  if (error instanceof SqlError || !(error instanceof Error)) return error;
  const state = String((error as { code?: unknown }).code ?? '');
  const named = states[state] ?? states[state.slice(0, 2)] ?? fallback(error, state);
  if (named === undefined) return error;
  const hint = hints[named];
  return new SqlError(named, messageOf(error), {
    cause: error,
    retryable: named === 'serialization_failure' || named === 'store_unavailable' || named === 'store_busy',
    ...(hint === undefined ? {} : { hint }),
  });
}

function fallback(error: Error, state: string): SqlErrorCode | undefined {
  if (lost.test(`${state} ${error.message}`)) return 'store_unavailable';
  return /^[0-9A-Z]{5}$/.test(state) ? 'sql_failed' : undefined;
}
