import { CompiledQuery } from 'kysely';

const batch = Symbol('batch');

type Rows = readonly (readonly unknown[])[];

/** One statement that is run for each row of values; only the SQLite driver knows it. */
export function batchQuery(sql: string, rows: Rows): CompiledQuery {
  return { ...CompiledQuery.raw(sql), [batch]: rows } as CompiledQuery;
}

/** The rows of a {@link batchQuery}, undefined for any other statement. */
export function batchOf(query: CompiledQuery): Rows | undefined {
  return (query as { [batch]?: Rows })[batch];
}
