import { type Kysely, sql } from 'kysely';
import { columnTypes } from '../column-types.ts';
import type { Db } from '../contract.ts';
import { SqlError } from '../errors.ts';
import type { Tables } from '../tables.ts';
import { migrations } from './index.ts';
import type { Migration } from './migration.ts';

/** Any number that nothing else locks; the same in every version of Drydock. */
const lockNumber = 7_237_902_611;

/** The part of {@link Db} that migrating needs. */
export type Migratable = Pick<Db, 'kysely' | 'dialect' | 'transaction'>;

/**
 * Brings the schema up to date in one transaction under a lock, so that processes that start at once take turns.
 * @throws SqlError `store_newer` when the store has migrations that this program does not know
 */
export async function migrate(db: Migratable, known: readonly Migration[] = migrations): Promise<void> {
  // Nearly always there is nothing to do, and that needs no lock.
  if ((await appliedVersions(db)) === known.length) return;
  await db.transaction(async (trx) => {
    if (db.dialect === 'postgres') await sql`SELECT pg_advisory_xact_lock(${lockNumber})`.execute(trx);
    const types = columnTypes[db.dialect];
    await sql
      .raw(
        `CREATE TABLE IF NOT EXISTS schema_version (version ${types.I64} PRIMARY KEY, name ${types.TXT} NOT NULL, applied_at ${types.TS} NOT NULL)`,
      )
      .execute(trx);
    const rows = await trx.selectFrom('schema_version').select(['version', 'name']).orderBy('version').execute();
    refuseStrange(rows, known);
    for (const migration of known.slice(rows.length)) {
      for (const statement of migration.statements(types)) await sql.raw(statement).execute(trx);
      await trx
        .insertInto('schema_version')
        .values({ version: migration.version, name: migration.name, applied_at: Date.now() })
        .execute();
    }
  });
}

/** Number of migrations applied; -1 when the table is missing. */
async function appliedVersions({ kysely, dialect }: Migratable): Promise<number> {
  const exists = dialect === 'sqlite' ? await sqliteHasTable(kysely) : await postgresHasTable(kysely);
  if (!exists) return -1;
  const row = await kysely
    .selectFrom('schema_version')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

async function sqliteHasTable(kysely: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM sqlite_schema WHERE name = 'schema_version'`.execute(kysely);
  return rows.length > 0;
}

async function postgresHasTable(kysely: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`SELECT to_regclass('schema_version') IS NOT NULL AS found`.execute(
    kysely,
  );
  return rows[0]?.found === 1;
}

function refuseStrange(rows: readonly { version: number; name: string }[], known: readonly Migration[]): void {
  rows.forEach(({ version, name }, index) => {
    const own = known[index];
    if (own?.version === version && own.name === name) return;
    throw new SqlError('store_newer', `The store has the migration ${name}, which this version does not know.`, {
      hint: 'Use the version of Drydock that last opened this store, or a newer one.',
    });
  });
}
