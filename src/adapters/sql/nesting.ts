import { AsyncLocalStorage } from 'node:async_hooks';
import { SqlError } from './errors.ts';

const running = new AsyncLocalStorage<{ open: boolean }>();

/** Runs a transaction so that statements on the wrong handle inside of it are found out. */
export async function insideTransaction<T>(work: () => Promise<T>): Promise<T> {
  refuseNested();
  const mark = { open: true };
  try {
    return await running.run(mark, work);
  } finally {
    mark.open = false;
  }
}

/**
 * A write on `db` inside of `db.transaction(fn)` would wait for that transaction for ever on SQLite, and would not
 * belong to it on PostgreSQL.
 * @throws SqlError `nested_transaction`
 */
export function refuseNested(): void {
  if (running.getStore()?.open !== true) return;
  throw new SqlError('nested_transaction', 'A statement inside a transaction was sent past it.', {
    hint: 'Use the handle that the transaction passes to its function.',
  });
}
