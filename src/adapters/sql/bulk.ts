import { setImmediate as nextTurn } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { batchQuery } from './batch.ts';
import type { Engine } from './column-types.ts';
import type { Tables } from './tables.ts';

const rowsPerStep = 1_000;
/** PostgreSQL counts parameters in 16 bits. */
const maxParameters = 60_000;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Inserts many rows in one transaction: a prepared statement per row on SQLite, many rows per statement on PostgreSQL. */
export async function insertRows(
  trx: Kysely<Tables>,
  engine: Engine,
  target: { table: string; columns: readonly string[]; skipConflicts: boolean },
  rows: Iterable<readonly unknown[]>,
): Promise<number> {
  const { table, columns, skipConflicts } = target;
  const head = `INSERT INTO ${quoted(table)} (${columns.map(quoted).join(', ')}) VALUES `;
  const tail = skipConflicts ? ' ON CONFLICT DO NOTHING' : '';
  const size = Math.min(rowsPerStep, Math.floor(maxParameters / columns.length));
  let count = 0;
  for (const chunk of chunks(rows, size)) {
    const query =
      engine === 'sqlite'
        ? batchQuery(`${head}(${columns.map(() => '?').join(', ')})${tail}`, chunk)
        : CompiledQuery.raw(head + placeholders(chunk.length, columns.length) + tail, chunk.flat());
    const { numAffectedRows } = await trx.executeQuery(query);
    count += Number(numAffectedRows ?? 0n);
    if (engine === 'sqlite') await nextTurn();
  }
  return count;
}

function placeholders(rows: number, columns: number): string {
  let next = 1;
  return Array.from(
    { length: rows },
    () => `(${Array.from({ length: columns }, () => `$${next++}`).join(',')})`,
  ).join();
}

function* chunks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const item of items) {
    chunk.push(item);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
