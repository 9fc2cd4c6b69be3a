import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createAccessAdmin, createSealer } from '../../src/access/index.ts';
import { createAccessStore } from '../../src/adapters/sql/access/index.ts';
import { openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { hasCode } from '../../src/kernel/index.ts';
import { testMasterKey } from '../support/access-world.ts';
import { emptyTarget, forEachDatabase } from '../support/databases.ts';
import { sharedPostgres } from '../support/postgres.ts';
import { mustRun } from '../support/run.ts';

const script = join(import.meta.dirname, '../support/store-child.ts');

/** Lines that a child process said until it ended. */
async function child(what: string, target: StoreTarget, name = 'p'): Promise<string[]> {
  const { stdout } = await mustRun(process.execPath, [script, what, JSON.stringify(target), name]);
  return stdout.split('\n').filter((line) => line !== '');
}

/** Starts a child, kills it without warning after a while, and returns what it had said. */
async function killed(what: string, target: StoreTarget, name: string, afterLines: number): Promise<string[]> {
  const running = spawn(process.execPath, [script, what, JSON.stringify(target), name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  await new Promise<void>((resolve) => {
    running.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split('\n').length > afterLines) running.kill('SIGKILL');
    });
    running.once('close', () => resolve());
  });
  return text.split('\n').slice(0, -1);
}

forEachDatabase('store of several processes', (open) => {
  test('is migrated once when processes start together', async (t) => {
    const target = await emptyTarget(t, open.engine);
    const said = await Promise.all(Array.from({ length: 3 }, () => child('open', target)));
    assert.deepEqual(
      said,
      Array.from({ length: 3 }, () => ['open']),
    );
    const db = await openDatabase(target);
    t.after(() => db.close());
    const rows = await db.kysely.selectFrom('schema_version').select('version').orderBy('version').execute();
    assert.deepEqual(
      rows.map(({ version }) => version),
      rows.map((_, index) => index + 1),
    );
  });

  test('gives every nonce to one process only', async (t) => {
    const { target } = await open(t);
    const said = (await Promise.all(Array.from({ length: 3 }, () => child('nonces', target)))).flat();
    assert.deepEqual(
      said.map(Number).sort((a, b) => a - b),
      Array.from({ length: 300 }, (_, i) => i),
    );
  });

  test('keeps one audit chain, whoever writes', async (t) => {
    const { db, target } = await open(t);
    await Promise.all(['a', 'b', 'c'].map((name) => child('audit', target, name)));
    const admin = createAccessAdmin({
      store: createAccessStore(db),
      sealer: createSealer([testMasterKey]),
      now: Date.now,
    });
    assert.deepEqual(await admin.verifyAudit(), { entries: 450, firstWrong: null });
    const objects = new Set((await admin.audit({ before: null, limit: 1000 })).map(({ object }) => object));
    assert.equal(objects.size, 450);
  });

  test('loses no update', async (t) => {
    const { db, target } = await open(t);
    await db.kysely.insertInto('id_block').values({ name: 'shared', next: 1 }).execute();
    await Promise.all(Array.from({ length: 3 }, () => child('increments', target)));
    const { next } = await db.kysely
      .selectFrom('id_block')
      .select('next')
      .where('name', '=', 'shared')
      .executeTakeFirstOrThrow();
    assert.equal(next, 601);
  });

  test('is whole after kill -9: all that was promised, nothing by halves', async (t) => {
    const { db, target } = await open(t);
    for (let round = 0; round < 3; round++) {
      const name = `k${round}`;
      const promised = await killed('pairs', target, name, 3 + round * 7);
      const rows = await db.kysely.selectFrom('project').select('name').where('name', 'like', `${name}-%`).execute();
      const names = new Set(rows.map((row) => row.name));
      for (const i of promised) assert.ok(names.has(`${name}-${i}-a`), `${name}-${i} was promised`);
      for (const own of names) assert.ok(names.has(own.replace(/a$/, 'b')), `${own} is half of a pair`);
      // Somebody else can write at once.
      await db.kysely
        .insertInto('project')
        .values({ name: `after ${name}`, ext_id: name, created_at: 1 })
        .execute();
    }
    if (db.dialect === 'sqlite') {
      const { rows } = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(db.kysely);
      assert.deepEqual(rows, [{ integrity_check: 'ok' }]);
    }
    const admin = createAccessAdmin({
      store: createAccessStore(db),
      sealer: createSealer([testMasterKey]),
      now: Date.now,
    });
    assert.equal((await admin.verifyAudit()).firstWrong, null);
  });

  test('does not hold up the event loop while another connection has the lock', { timeout: 60_000 }, async (t) => {
    const { db, target } = await open(t);
    const other = await openDatabase(target);
    t.after(() => other.close());
    await db.kysely.insertInto('id_block').values({ name: 'x', next: 1 }).execute();
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const held = Promise.withResolvers<void>();
    const holding = db.transaction(async (trx) => {
      await trx.updateTable('id_block').set({ next: 2 }).where('name', '=', 'x').execute();
      held.resolve();
      await sleep(600);
    });
    await held.promise;
    const waiting = other.kysely.updateTable('id_block').set({ next: 3 }).where('name', '=', 'x').execute();
    const read = await other.kysely.selectFrom('id_block').select('next').where('name', '=', 'x').executeTakeFirst();
    assert.equal(read?.next, 1, 'reads do not wait');
    await Promise.all([holding, waiting]);
    clearInterval(timer);
    const after = await db.kysely.selectFrom('id_block').select('next').where('name', '=', 'x').executeTakeFirst();
    assert.equal(after?.next, 3);
    assert.ok(longest < 450, `event loop stood still for ${Math.round(longest)} ms`);
  });

  test('a deadlock is repeated, a lost connection is told and got over', {
    skip: open.engine === 'sqlite',
  }, async (t) => {
    const { db } = await open(t);
    await db.bulkInsert(
      'id_block',
      ['name', 'next'],
      [
        ['x', 0],
        ['y', 0],
      ],
    );
    const cross = (first: string, second: string) =>
      db.transaction(async (trx) => {
        await trx
          .updateTable('id_block')
          .set((eb) => ({ next: eb('next', '+', 1) }))
          .where('name', '=', first)
          .execute();
        await sleep(150);
        await trx
          .updateTable('id_block')
          .set((eb) => ({ next: eb('next', '+', 1) }))
          .where('name', '=', second)
          .execute();
      });
    await Promise.all([cross('x', 'y'), cross('y', 'x')]);
    const rows = await db.kysely.selectFrom('id_block').select('next').execute();
    assert.deepEqual(rows, [{ next: 2 }, { next: 2 }]);
    await assert.rejects(
      db.transaction(async (trx) => {
        await trx.updateTable('id_block').set({ next: 9 }).where('name', '=', 'x').execute();
        await (await sharedPostgres()).breakConnections();
        await trx.updateTable('id_block').set({ next: 9 }).where('name', '=', 'y').execute();
      }),
      (error) => hasCode(error, 'store_unavailable'),
    );
    assert.deepEqual(await db.kysely.selectFrom('id_block').select('next').execute(), rows);
  });
});
