import { CompiledQuery, type Kysely, sql } from 'kysely';
import type { Db, Tables } from '../sql/index.ts';
import { storedTables } from './catalogue.ts';
import { BackupError } from './errors.ts';
import type { Manifest } from './manifest.ts';
import type { Archive } from './read-archive.ts';

/** Tables that a new installation fills by itself; what the archive says takes their place. */
const filledAtStart: ReadonlySet<string> = new Set([
  'id_block',
  'setting',
  'project',
  'policy',
  'match_generation',
  'revision',
]);

const batchRows = 500;

/**
 * Fills an empty store of the same schema from an archive, in one transaction: afterwards everything is there or nothing.
 * @throws BackupError `archive_newer`, `target_not_empty`, `archive_invalid`
 */
export async function restoreArchive(db: Db, archive: Archive, signal: AbortSignal): Promise<void> {
  const { manifest } = archive;
  const known = await schemaOf(db);
  if (manifest.schema !== known) throw otherSchema(manifest, known);
  await refuseUsed(db);
  await refuseStrangeTables(db, manifest);
  await db.transaction(async (trx) => {
    for (const { name } of [...manifest.tables].reverse()) {
      if (filledAtStart.has(name)) await sql`DELETE FROM ${sql.table(name)}`.execute(trx);
    }
    for (const table of manifest.tables) {
      let batch: unknown[][] = [];
      for await (const row of archive.rows(table)) {
        signal.throwIfAborted();
        batch.push(row);
        if (batch.length < batchRows) continue;
        await insert(db, trx, table, batch);
        batch = [];
      }
      if (batch.length > 0) await insert(db, trx, table, batch);
    }
    if (db.dialect === 'postgres') await continueCounting(trx, manifest);
  });
}

async function insert(
  db: Db,
  trx: Kysely<Tables>,
  table: { name: string; columns: string[] },
  rows: unknown[][],
): Promise<void> {
  // Names come from the archive: they were held against a strict pattern and against the catalogue.
  await db.bulkInsert(table.name as keyof Tables & string, table.columns as never, rows, { trx });
}

async function schemaOf(db: Db): Promise<number> {
  const row = await db.kysely
    .selectFrom('schema_version')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

function otherSchema(manifest: Manifest, known: number): BackupError {
  if (manifest.schema > known) {
    return new BackupError('archive_newer', `the archive was made by the newer Drydock ${manifest.version}`, {
      hint: 'Restore it with that version or a later one.',
    });
  }
  return new BackupError('archive_invalid', `the archive of Drydock ${manifest.version} has an older schema`, {
    hint: `Restore it with Drydock ${manifest.version}, then start this version, which migrates the store.`,
  });
}

async function refuseUsed(db: Db): Promise<void> {
  for (const { name } of await storedTables(db)) {
    if (filledAtStart.has(name)) continue;
    const { rows } = await sql`SELECT 1 FROM ${sql.table(name)} LIMIT 1`.execute(db.kysely);
    if (rows.length > 0) {
      throw new BackupError('target_not_empty', `there is data already (table ${name})`, {
        hint: 'Restore into a new data directory or an empty database.',
      });
    }
  }
}

/** Names of the archive reach statements: only those of the store's own catalogue may. */
async function refuseStrangeTables(db: Db, manifest: Manifest): Promise<void> {
  const known = new Map((await storedTables(db)).map(({ name, columns }) => [name, new Set(columns)]));
  for (const { name, columns } of manifest.tables) {
    if (columns.every((column) => known.get(name)?.has(column))) known.delete(name);
    else throw new BackupError('archive_invalid', `the archive has a table ${name} that the store has not`);
  }
  const [missing] = known.keys();
  if (missing !== undefined) throw new BackupError('archive_invalid', `the archive lacks the table ${missing}`);
}

/** Columns that count up by themselves go on behind the restored numbers. */
async function continueCounting(trx: Kysely<Tables>, manifest: Manifest): Promise<void> {
  for (const { name, columns } of manifest.tables) {
    for (const column of columns) {
      const { rows } = await trx.executeQuery<{ sequence: string | null }>(
        CompiledQuery.raw('SELECT pg_get_serial_sequence($1, $2) AS sequence', [name, column]),
      );
      const sequence = rows[0]?.sequence;
      if (!sequence) continue;
      await sql`SELECT setval(${sequence}, (SELECT COALESCE(MAX(${sql.ref(column)}), 0) + 1 FROM ${sql.table(name)}), false)`.execute(
        trx,
      );
    }
  }
}
