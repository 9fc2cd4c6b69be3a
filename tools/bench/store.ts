/**
 * How fast the store is on both engines: opening, what a signed request costs, audit entries.
 *   node tools/bench/store.ts
 * On PostgreSQL the private test cluster is used, which does not flush to disk; its figures show the way there and back.
 */

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess, createSealer } from '../../src/access/index.ts';
import { createAccessStore, openVolatileStore } from '../../src/adapters/sql/access/index.ts';
import { openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { findPostgres, startPostgres } from '../../test/support/postgres.ts';

const parallel = 16;

async function measure(label: string, count: number, step: (index: number) => Promise<unknown>): Promise<void> {
  const started = performance.now();
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await step(next++);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  const seconds = (performance.now() - started) / 1000;
  console.log(`  ${label}: ${Math.round(count / seconds)} per second`);
}

async function timed<T>(label: string, step: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await step();
  console.log(`  ${label}: ${(performance.now() - started).toFixed(1)} ms`);
  return result;
}

async function benchmark(name: string, target: StoreTarget, volatileTarget: StoreTarget): Promise<void> {
  console.log(name);
  await (await timed('open, new store', () => openDatabase(target))).close();
  const db = await timed('open, again', () => openDatabase(target));
  const volatile = await openVolatileStore(volatileTarget);
  const store = createAccessStore(db);
  const { control, audit } = await createAccess({
    store,
    volatile,
    sealer: createSealer([randomBytes(32)]),
    now: Date.now,
    names: { name: 'bench', region: 'local' },
    bootstrap: { id: 'BENCH', secret: 'bench-secret' },
  });
  const actor = { name: 'bench', userId: 1, accessKeyId: 'BENCH', address: '192.0.2.1', requestId: 'r' };
  const subject = { accessKeyId: 'BENCH', address: '192.0.2.1' };
  await measure('nonces', 20_000, (i) => control.useNonce('BENCH', `a${i}`, 60_000));
  await measure('signed requests (lock-out, key, nonce, success)', 10_000, async (i) => {
    await control.lockedFor(subject);
    await control.findKey('BENCH');
    await control.useNonce('BENCH', `b${i}`, 60_000);
    await control.report(subject, true);
  });
  await measure('audit entries', 5_000, (i) =>
    audit.record({ actor, action: 'bench', object: `o:${i}`, projectId: null, detail: { i } }),
  );
  const rows = Array.from({ length: 100_000 }, (_, i) => [`${i}`, createHash('md5').update(`${i}`).digest('hex'), i]);
  await timed('100,000 rows in bulk', async () => db.bulkInsert('project', ['name', 'ext_id', 'created_at'], rows));
  await volatile.close();
  await db.close();
}

const folder = await mkdtemp(join(tmpdir(), 'drydock-bench-'));
await benchmark('SQLite', { file: join(folder, 'store.db') }, { file: join(folder, 'volatile.db') });
await rm(folder, { recursive: true, force: true });
if (findPostgres() === undefined) console.log('PostgreSQL: skipped, not installed');
else {
  const cluster = await startPostgres();
  const url = await cluster.createDatabase();
  await benchmark('PostgreSQL', { url }, { url });
  await cluster.stop();
}
