import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import { hasCode } from '../../../kernel/index.ts';
import { openDatabase } from '../open-database.ts';

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'drydock-sqlite-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

test('a store is for its owner alone, also its companions', async (t) => {
  const file = join(await folder(t), 'new', 'store.db');
  const db = await openDatabase({ file });
  t.after(() => db.close());
  await db.kysely.insertInto('setting').values({ key: 'a', value: '1' }).execute();
  for (const suffix of ['', '-wal', '-shm']) assert.equal((await stat(file + suffix)).mode & 0o777, 0o600, suffix);
  const pragma = async (name: string) =>
    Object.values((await sql.raw(`PRAGMA ${name}`).execute(db.kysely)).rows[0] ?? {})[0];
  assert.equal(await pragma('journal_mode'), 'wal');
  assert.equal(await pragma('synchronous'), 2);
  assert.equal(await pragma('foreign_keys'), 1);
});

test('what is no store is refused with a reason', async (t) => {
  const path = await folder(t);
  await writeFile(join(path, 'text.db'), 'this is not a database '.repeat(1000));
  await assert.rejects(openDatabase({ file: join(path, 'text.db') }), (error) => hasCode(error, 'store_damaged'));
  await mkdir(join(path, 'folder.db'));
  await assert.rejects(openDatabase({ file: join(path, 'folder.db') }), (error) => hasCode(error, 'store_unreadable'));
  await writeFile(join(path, 'file'), '');
  await assert.rejects(openDatabase({ file: join(path, 'file', 'x.db') }), (error) =>
    hasCode(error, 'store_unreadable'),
  );
});

test('a raw statement that begins like a query and writes goes to the writer', async (t) => {
  const db = await openDatabase({ file: join(await folder(t), 'store.db') });
  t.after(() => db.close());
  await sql`WITH x(k) AS (VALUES ('a'), ('b')) INSERT INTO setting SELECT k, '1' FROM x`.execute(db.kysely);
  assert.deepEqual(await db.kysely.selectFrom('setting').select('key').execute(), [{ key: 'a' }, { key: 'b' }]);
});

test('many reads and writes at once neither block nor mix', async (t) => {
  const db = await openDatabase({ file: join(await folder(t), 'store.db') });
  t.after(() => db.close());
  await db.kysely.insertInto('id_block').values({ name: 'n', next: 0 }).execute();
  const add = () =>
    db.transaction(async (trx) => {
      const { next } = await trx
        .selectFrom('id_block')
        .select('next')
        .where('name', '=', 'n')
        .executeTakeFirstOrThrow();
      await new Promise((resolve) => setImmediate(resolve));
      await trx
        .updateTable('id_block')
        .set({ next: next + 1 })
        .where('name', '=', 'n')
        .execute();
    });
  const read = () => db.kysely.selectFrom('id_block').select('next').executeTakeFirstOrThrow();
  await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 ? add() : read())));
  assert.equal((await read()).next, 30);
});
