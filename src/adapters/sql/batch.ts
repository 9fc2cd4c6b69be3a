import { CompiledQuery } from 'kysely';

const batch = Symbol('batch');

type Rows = readonly (readonly unknown[])[];

/** SQLite: a statement that is run for each row. PostgreSQL: a `COPY … FROM STDIN` of the rows. */
export function batchQuery(sql: string, rows: Rows): CompiledQuery {
  return { ...CompiledQuery.raw(sql), [batch]: rows } as CompiledQuery;
}

/** The rows of a {@link batchQuery}, undefined for any other statement. */
export function batchOf(query: CompiledQuery): Rows | undefined {
  return (query as { [batch]?: Rows })[batch];
}
