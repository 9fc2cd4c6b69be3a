import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryResult } from 'kysely';
import { SqlError } from '../errors.ts';
import { isBusy } from './errors.ts';

const cachedStatements = 400;

/** How long a statement waits for the lock of another process, ms. */
export const lockPatienceMs = 60_000;

/** One connection with its prepared statements. Its calls are synchronous: each is one short step of the event loop. */
export class SqliteHandle {
  readonly database: DatabaseSync;
  readonly #statements = new Map<string, { statement: StatementSync; columns: readonly string[] }>();

  constructor(file: string, readOnly: boolean) {
    // No waiting inside the library: it would block the event loop. Waiting is done in retryBusy.
    this.database = new DatabaseSync(file, { readOnly, timeout: 0, enableForeignKeyConstraints: true });
  }

  /** Runs one statement; with `batch`, once for each row of values. */
  execute<R>(sql: string, parameters: readonly unknown[], batch?: readonly (readonly unknown[])[]): QueryResult<R> {
    const { statement, columns } = this.#prepare(sql);
    if (batch !== undefined) {
      let changes = 0;
      for (const row of batch) changes += Number(statement.run(...row.map(asInput)).changes);
      return { rows: [], numAffectedRows: BigInt(changes) };
    }
    const values = parameters.map(asInput);
    if (columns.length > 0) {
      const rows = (statement.all(...values) as unknown as unknown[][]).map((row) => toObject<R>(columns, row));
      return { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastInsertRowid } = statement.run(...values);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  /** Rows one after the other; the statement is not shared, since others may run meanwhile. */
  *iterate<R>(sql: string, parameters: readonly unknown[]): Generator<R> {
    const { statement, columns } = preparedOn(this.database, sql);
    const rows = statement.iterate(...parameters.map(asInput)) as unknown as Iterable<unknown[]>;
    for (const row of rows) yield toObject<R>(columns, row);
  }

  close(): void {
    this.#statements.clear();
    if (this.database.isOpen) this.database.close();
  }

  #prepare(sql: string): { statement: StatementSync; columns: readonly string[] } {
    const known = this.#statements.get(sql);
    if (known !== undefined) {
      // Least recently used goes first.
      this.#statements.delete(sql);
      this.#statements.set(sql, known);
      return known;
    }
    const prepared = preparedOn(this.database, sql);
    this.#statements.set(sql, prepared);
    if (this.#statements.size > cachedStatements) {
      const oldest = this.#statements.keys().next().value;
      if (oldest !== undefined) this.#statements.delete(oldest);
    }
    return prepared;
  }
}

/** Rows come as lists: making objects of them here takes a quarter of the time that copying the library's objects takes. */
function preparedOn(database: DatabaseSync, sql: string): { statement: StatementSync; columns: readonly string[] } {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return { statement, columns: statement.columns().map(({ name }) => name) };
}

function toObject<R>(columns: readonly string[], values: readonly unknown[]): R {
  const row: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) row[columns[index] as string] = values[index];
  return row as R;
}

function asInput(value: unknown): SQLInputValue {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SQLInputValue;
}

/**
 * Repeats a step while another process holds the lock, without holding up the event loop.
 * @throws SqlError `store_busy` when that lasts too long
 */
export async function retryBusy<T>(step: () => T, patienceMs = lockPatienceMs): Promise<T> {
  const until = performance.now() + patienceMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return step();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() > until) {
        throw new SqlError('store_busy', 'Another process has kept the store locked for too long.', {
          cause: error,
          retryable: true,
          hint: 'End the process that holds the store, or try again.',
        });
      }
      // Short and irregular pauses, so that several waiting processes all get their turn.
      await sleep(1 + Math.random() * Math.min(1 + attempt, 12));
    }
  }
}
