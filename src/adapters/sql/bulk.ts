import { setImmediate as nextTurn } from 'node:timers/promises';
import { CompiledQuery, type Kysely } from 'kysely';
import { batchQuery } from './batch.ts';
import type { Engine } from './column-types.ts';
import type { Tables } from './tables.ts';

const rowsPerStep = 1_000;
/** PostgreSQL counts parameters in 16 bits. */
const maxParameters = 60_000;

interface BulkTarget {
  readonly table: string;
  readonly columns: readonly string[];
  readonly skipConflicts: boolean;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Inserts many rows in one transaction: a prepared statement per row on SQLite, COPY on PostgreSQL. */
export async function insertRows(
  trx: Kysely<Tables>,
  engine: Engine,
  target: BulkTarget,
  rows: Iterable<readonly unknown[]>,
): Promise<number> {
  const size = Math.min(rowsPerStep, Math.floor(maxParameters / target.columns.length));
  let count = 0;
  for (const chunk of chunks(rows, size)) {
    const { numAffectedRows } = await trx.executeQuery(insertQuery(engine, target, chunk));
    count += Number(numAffectedRows ?? 0n);
    if (engine === 'sqlite') await nextTurn();
  }
  return count;
}

function insertQuery(engine: Engine, target: BulkTarget, rows: readonly (readonly unknown[])[]): CompiledQuery {
  const { table, columns, skipConflicts } = target;
  const into = `${quoted(table)} (${columns.map(quoted).join(', ')})`;
  const tail = skipConflicts ? ' ON CONFLICT DO NOTHING' : '';
  if (engine === 'sqlite') {
    return batchQuery(`INSERT INTO ${into} VALUES (${columns.map(() => '?').join(', ')})${tail}`, rows);
  }
  // COPY knows no conflicts.
  if (!skipConflicts) return batchQuery(`COPY ${into} FROM STDIN`, rows);
  return CompiledQuery.raw(
    `INSERT INTO ${into} VALUES ${placeholders(rows.length, columns.length)}${tail}`,
    rows.flat(),
  );
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
