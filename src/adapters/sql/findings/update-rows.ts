import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

const rowsAtOnce = 500;

/**
 * Changes many rows by key, some hundred in one statement. All values are integers or null.
 * @param keys columns that find a row; `values` those that are set; a row holds both, in this order.
 * @param only condition that a row must meet as well.
 */
export async function updateRows(
  trx: Kysely<Tables>,
  table: 'pkg_vuln' | 'vuln' | 'image_counts',
  columns: { readonly keys: readonly string[]; readonly values: readonly string[] },
  rows: readonly (readonly (number | null)[])[],
  only = sql`1 = 1`,
): Promise<void> {
  const { keys, values } = columns;
  const set = values.map(
    (column, index) => sql`${sql.ref(column)} = given.${sql.ref(`column${keys.length + index + 1}`)}`,
  );
  const where = keys.map(
    (column, index) => sql`${sql.ref(`${table}.${column}`)} = given.${sql.ref(`column${index + 1}`)}`,
  );
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    // The types of the first row are those of all.
    const list = rows.slice(at, at + rowsAtOnce).map((row, index) => {
      const cells = row.map((value) => (index === 0 ? sql`CAST(${value} AS BIGINT)` : sql`${value}`));
      return sql`(${sql.join(cells)})`;
    });
    await sql`UPDATE ${sql.table(table)} SET ${sql.join(set)} FROM (VALUES ${sql.join(list)}) AS given
      WHERE ${sql.join(where, sql` AND `)} AND ${only}`.execute(trx);
  }
}
