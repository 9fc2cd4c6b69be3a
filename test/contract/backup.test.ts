import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { storedTables } from '../../src/adapters/backup/catalogue.ts';
import { passphraseOf } from '../../src/adapters/backup/manifest.ts';
import { openArchive } from '../../src/adapters/backup/read-archive.ts';
import { restoreArchive } from '../../src/adapters/backup/restore.ts';
import { writeArchive } from '../../src/adapters/backup/write-archive.ts';
import { type Db, openDatabase } from '../../src/adapters/sql/index.ts';
import { forEachDatabase, sqliteTarget } from '../support/databases.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drydock-backup-'));
});
after(() => rm(directory, { recursive: true, force: true }));

const never = new AbortController().signal;
const createdAt = new Date('2026-11-20T10:00:00Z');
const master = Buffer.alloc(32, 7);

/** Rows of the first tables, with text that is hard to carry. */
async function fill(db: Db): Promise<void> {
  await db.kysely
    .insertInto('setting')
    .values([
      { key: 'quotes', value: JSON.stringify('a "b" \\ \u2028 \n 漢字 😀') },
      { key: 'empty', value: '""' },
    ])
    .execute();
  await sql`INSERT INTO manifest (id, digest, kind, media_type, size) VALUES (${2 ** 52}, ${Buffer.alloc(32, 255)}, 'image', 'm', 1)`
    .execute(db.kysely)
    .catch(() => undefined);
}

/** Everything that a store holds, as text that can be compared. */
async function dump(db: Db): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {};
  for (const { name, columns } of await storedTables(db)) {
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM ${sql.table(name)}`.execute(db.kysely);
    const plain = (value: unknown): unknown =>
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
    all[name] = rows.map((row) => columns.map((column) => String(plain(row[column])))).sort();
  }
  return all;
}

forEachDatabase('backup', (open) => {
  test('an archive fills either engine with the same rows', async (t) => {
    const { db } = await open(t);
    await fill(db);
    const file = join(directory, `${db.dialect}.backup`);
    const key = { bytes: master, passphrase: passphraseOf('correct horse') };
    const { manifest } = await writeArchive(file, { db, version: '9.9.9', createdAt, key, signal: never });
    assert.ok(manifest.tables.some(({ name, rows }) => name === 'setting' && rows === 2));
    const { db: same } = await open(t);
    const other = await openDatabase(await sqliteTarget(t));
    t.after(() => other.close());
    for (const target of [same, other]) {
      await using archive = await openArchive(file, 'correct horse');
      await restoreArchive(target, archive, never);
      assert.deepEqual(await dump(target), await dump(db));
    }
  });

  test('a store that holds data is left alone', async (t) => {
    const { db } = await open(t);
    const file = join(directory, `${db.dialect}-used.backup`);
    await writeArchive(file, { db, version: '9.9.9', createdAt, key: undefined, signal: never });
    await sql`INSERT INTO dict (id, hash, text) VALUES (1, ${Buffer.alloc(8)}, 'a')`.execute(db.kysely);
    await using archive = await openArchive(file, undefined);
    await assert.rejects(restoreArchive(db, archive, never), { code: 'target_not_empty' });
  });

  test('an archive of a newer version is refused before anything is written', async (t) => {
    const { db } = await open(t);
    const file = join(directory, `${db.dialect}-newer.backup`);
    await writeArchive(file, { db, version: '9.9.9', createdAt, key: undefined, signal: never });
    const { db: target } = await open(t);
    const before = await dump(target);
    await using archive = await openArchive(file, undefined);
    const manifest = { ...archive.manifest, schema: archive.manifest.schema + 1 };
    const rows = (): never => assert.fail('nothing is read');
    await assert.rejects(restoreArchive(target, { ...archive, manifest, rows }, never), { code: 'archive_newer' });
    assert.deepEqual(await dump(target), before);
  });

  test('a flipped bit is harmless or refused, never restored', async (t) => {
    const { db } = await open(t);
    await fill(db);
    const file = join(directory, `${db.dialect}-damaged.backup`);
    await writeArchive(file, { db, version: '9.9.9', createdAt, key: undefined, signal: never });
    const bytes = await readFile(file);
    let { db: target } = await open(t);
    const [full, empty] = [await dump(db), await dump(target)];
    let refused = 0;
    for (let part = 0; part < 40; part++) {
      const broken = Buffer.from(bytes);
      const at = Math.floor((bytes.length * part) / 40);
      broken[at] = (broken[at] ?? 0) ^ 0x55;
      await writeFile(file, broken);
      try {
        await using archive = await openArchive(file, undefined);
        await restoreArchive(target, archive, never);
        assert.deepEqual(await dump(target), full, `byte ${at}`);
        target = (await open(t)).db;
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'archive_invalid', `byte ${at}: ${error}`);
        assert.deepEqual(await dump(target), empty);
        refused++;
      }
    }
    assert.ok(refused > 10, `${refused} of 40 were noticed`);
  });
});
