import { sql } from 'kysely';
import type { Db } from '../sql/index.ts';

/** A table as it is in the store. */
export interface StoredTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** What is only true of one running installation: who was locked out, which nonces were seen, the schema itself. */
const leftOut: ReadonlySet<string> = new Set(['schema_version', 'nonce', 'lockout']);

/** Every table of the store, each after those that it refers to. */
export async function storedTables(db: Db): Promise<readonly StoredTable[]> {
  const found = await db.kysely.introspection.getTables();
  // A queue of another library may keep tables in a schema of its own; they are not ours to copy.
  const ours = found.filter(
    ({ name, schema, isView }) => !isView && !leftOut.has(name) && (schema ?? 'public') === 'public',
  );
  const tables = ours
    .map(({ name, columns }) => ({ name, columns: columns.map((column) => column.name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return inOrder(tables, await references(db, tables));
}

async function references(db: Db, tables: readonly StoredTable[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const map = new Map<string, string[]>();
  if (db.dialect === 'sqlite') {
    for (const { name } of tables) {
      const { rows } = await sql<{ table: string }>`SELECT "table" FROM pragma_foreign_key_list(${name})`.execute(
        db.kysely,
      );
      map.set(
        name,
        rows.map((row) => row.table),
      );
    }
    return map;
  }
  const { rows } = await sql<{ child: string; parent: string }>`
    SELECT c.relname AS child, p.relname AS parent FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid WHERE k.contype = 'f'`.execute(
    db.kysely,
  );
  for (const { child, parent } of rows) map.set(child, [...(map.get(child) ?? []), parent]);
  return map;
}

/** Depth first; a table that refers to itself needs nothing but the order of its rows. */
function inOrder(tables: readonly StoredTable[], parents: ReadonlyMap<string, readonly string[]>): StoredTable[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const done = new Set<string>();
  const order: StoredTable[] = [];
  const visit = (table: StoredTable): void => {
    if (done.has(table.name)) return;
    done.add(table.name);
    for (const parent of parents.get(table.name) ?? []) {
      const found = byName.get(parent);
      if (found !== undefined) visit(found);
    }
    order.push(table);
  };
  for (const table of tables) visit(table);
  return order;
}
