import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase, takeIds } from '../../src/adapters/sql/index.ts';
import { hasCode } from '../../src/kernel/index.ts';
import { forEachDatabase } from '../support/databases.ts';

const project = (name: string) => ({ name, ext_id: name, created_at: 1 });

forEachDatabase('store', (open) => {
  test('commits together or not at all', async (t) => {
    const { db } = await open(t);
    await assert.rejects(
      db.transaction(async (trx) => {
        await trx.insertInto('project').values(project('a')).execute();
        throw new Error('no');
      }),
      /no/,
    );
    await db.transaction(async (trx) => {
      const { id } = await trx.insertInto('project').values(project('b')).returning('id').executeTakeFirstOrThrow();
      assert.equal(typeof id, 'number');
    });
    const rows = await db.kysely.selectFrom('project').select(['name', 'created_at']).execute();
    assert.deepEqual(rows, [{ name: 'b', created_at: 1 }]);
  });

  test('gives numbers, flags and bytes alike', async (t) => {
    const { db } = await open(t);
    await db.bulkInsert('audit_head', ['id', 'hash', 'seq'], [[1, Buffer.from([0, 1, 255]), 2 ** 53 - 1]]);
    const row = await db.kysely
      .selectFrom('audit_head')
      .select(['hash', 'seq', (eb) => eb.fn.countAll<number>().over().as('n')])
      .executeTakeFirstOrThrow();
    assert.deepEqual([...row.hash], [0, 1, 255]);
    assert.equal(row.seq, Number.MAX_SAFE_INTEGER);
    assert.equal(row.n, 1);
    const { rows } = await sql<{ yes: number }>`select 1 = 1 as yes`.execute(db.kysely);
    assert.deepEqual(rows, [{ yes: 1 }]);
  });

  test('names broken constraints alike', async (t) => {
    const { db } = await open(t);
    await db.kysely.insertInto('project').values(project('a')).execute();
    await assert.rejects(db.kysely.insertInto('project').values(project('a')).execute(), (error) =>
      hasCode(error, 'unique_violation'),
    );
    await assert.rejects(
      db.kysely.insertInto('user_grant').values({ user_id: 99, policy: 'viewer', project_id: 0 }).execute(),
      (error) => hasCode(error, 'foreign_key_violation'),
    );
  });

  test('inserts many rows, and skips conflicts when asked', async (t) => {
    const { db } = await open(t);
    const rows = function* (from: number, to: number) {
      for (let i = from; i < to; i++) yield [`p${i}`, `e${i}`, i];
    };
    assert.equal(await db.bulkInsert('project', ['name', 'ext_id', 'created_at'], rows(0, 2_500)), 2_500);
    const again = { skipConflicts: true };
    assert.equal(await db.bulkInsert('project', ['name', 'ext_id', 'created_at'], rows(2_400, 2_600), again), 100);
    let streamed = 0;
    for await (const row of db.kysely.selectFrom('project').select('created_at').orderBy('created_at').stream(300)) {
      assert.equal(row.created_at, streamed++);
    }
    assert.equal(streamed, 2_600);
  });

  test('inserts any text and bytes as they are', async (t) => {
    const { db } = await open(t);
    const texts = [
      '',
      '\\N',
      'a\tb\\tc',
      'line\nbreak\r\n',
      '\\.',
      '"\'ü漢😀',
      '\u0001\u007f',
      'x'.repeat(100_000),
      'NULL',
    ];
    const hashes = texts.map((_, i) => Buffer.from([i, 0, 9, 10, 13, 92, 255]));
    await db.kysely
      .insertInto('app_user')
      .values({ id: 5, name: 'u', ext_id: 'u', password: null, disabled: 0, epoch: 1, created_at: 1, updated_at: 1 })
      .execute();
    const rows = texts.map((text, i) => [`s${i}`, 5, text, hashes[i], i % 2 ? null : text, -i, 2 ** 53 - 1]);
    const columns = ['id', 'user_id', 'name', 'secret', 'statements', 'issued_at', 'expires_at'] as const;
    assert.equal(await db.bulkInsert('session', columns, rows), texts.length);
    const stored = await db.kysely.selectFrom('session').selectAll().orderBy('issued_at', 'desc').execute();
    stored.forEach((row, i) => {
      assert.equal(row.name, texts[i]);
      assert.equal(row.statements, i % 2 ? null : texts[i]);
      assert.deepEqual([...row.secret], [...(hashes[i] ?? [])]);
      assert.equal(row.expires_at, Number.MAX_SAFE_INTEGER);
    });
    assert.equal(stored.length, texts.length);
    // The second of two rows is refused: none stays, and the store goes on.
    const bad = [
      ['t1', 5, '', hashes[0], null, 1, 1],
      ['t2', 6, '', hashes[0], null, 1, 1],
    ];
    await assert.rejects(db.bulkInsert('session', columns, bad), (error) => hasCode(error, 'foreign_key_violation'));
    assert.equal((await db.kysely.selectFrom('session').select('id').execute()).length, texts.length);
  });

  test('refuses a write past an open transaction', { timeout: 60_000 }, async (t) => {
    const { db } = await open(t);
    await assert.rejects(
      db.transaction(async () => db.transaction(async () => 1)),
      (error) => hasCode(error, 'nested_transaction'),
    );
    await db.kysely.insertInto('project').values(project('free again')).execute();
  });

  test('a snapshot does not see later writes, and reads never wait for a writer', async (t) => {
    const { db } = await open(t);
    await db.kysely.insertInto('project').values(project('a')).execute();
    const count = async (trx: typeof db.kysely) => (await trx.selectFrom('project').select('id').execute()).length;
    await db.snapshot(async (snapshot) => {
      assert.equal(await count(snapshot), 1);
      await db.transaction(async (trx) => {
        await trx.insertInto('project').values(project('b')).execute();
        assert.equal(await count(trx), 2);
        assert.equal(await count(db.kysely), 1);
      });
      assert.equal(await count(snapshot), 1);
    });
    assert.equal(await count(db.kysely), 2);
  });

  test('counters give each id once, give back what is undone, and end loudly', async (t) => {
    const { db, target } = await open(t);
    const other = await openDatabase(target);
    t.after(() => other.close());
    const taken = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 ? db : other).transaction((trx) => takeIds(trx, 'k', 3))),
    );
    assert.deepEqual(
      taken.sort((a, b) => a - b),
      Array.from({ length: 40 }, (_, i) => 1 + 3 * i),
    );
    await assert.rejects(
      db.transaction(async (trx) => {
        await takeIds(trx, 'k', 10);
        throw new Error('undone');
      }),
    );
    assert.equal(await db.transaction((trx) => takeIds(trx, 'k', 1)), 121);
    await db.kysely
      .insertInto('id_block')
      .values({ name: 'small', next: 2 ** 31 - 2 })
      .execute();
    assert.equal(await db.transaction((trx) => takeIds(trx, 'small', 2, 'i32')), 2 ** 31 - 2);
    await assert.rejects(
      db.transaction((trx) => takeIds(trx, 'small', 1, 'i32')),
      (error) => hasCode(error, 'ids_exhausted'),
    );
    await db.kysely
      .insertInto('id_block')
      .values({ name: 'large', next: 2 ** 53 - 2 })
      .execute();
    await assert.rejects(
      db.transaction((trx) => takeIds(trx, 'large', 2)),
      (error) => hasCode(error, 'ids_exhausted'),
    );
  });

  test('refuses a store of a newer version', async (t) => {
    const { db, target } = await open(t);
    await db.kysely.insertInto('schema_version').values({ version: 9999, name: '9999-later', applied_at: 1 }).execute();
    await assert.rejects(openDatabase(target), (error) => hasCode(error, 'store_newer'));
  });
});
