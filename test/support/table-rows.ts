import type { Db } from '../../src/adapters/sql/contract.ts';
import type { Tables } from '../../src/adapters/sql/tables.ts';

/** Numbers of rows by table. */
export async function tableRows({ kysely }: Db, tables: readonly (keyof Tables)[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of tables) {
    const { n } = await kysely
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    counts[table] = n;
  }
  return counts;
}
