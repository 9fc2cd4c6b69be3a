import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { StoreTarget } from '../../src/adapters/sql/index.ts';
import { type BulkRegistry, startBulkRegistry } from '../support/bulk-registry.ts';
import { forEachDatabase, sqliteTarget } from '../support/databases.ts';
import { admin, openInventoryWorld } from '../support/inventory-world.ts';

const child = join(import.meta.dirname, '../support/sync-worker-child.ts');

function startWorker(target: StoreTarget, leaseMs: number, ...nodeArguments: string[]): ChildProcess {
  return spawn(process.execPath, [...nodeArguments, child, JSON.stringify(target), String(leaseMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function outcome(worker: ChildProcess): Promise<{ endings: string[]; maxRss: number } | undefined> {
  let text = '';
  worker.stdout?.on('data', (part: Buffer) => {
    text += part.toString();
  });
  await new Promise((resolve) => worker.once('close', resolve));
  return text === '' ? undefined : JSON.parse(text);
}

async function onboard(t: TestContext, target: StoreTarget, bulk: BulkRegistry) {
  const world = await openInventoryWorld(t, target, { leaseMs: 1000 });
  const registry = await world.service.add(admin, { name: 'bulk', kind: 'oci', baseUrl: `http://${bulk.host}` });
  return { world, registry };
}

forEachDatabase('a killed synchronisation', (open) => {
  test('goes on where it was, and everything is there once', async (t) => {
    const { target } = await open(t);
    const [repositories, tags] = [450, 2];
    let worker: ChildProcess | undefined;
    let killAt = Number.POSITIVE_INFINITY;
    await using bulk = await startBulkRegistry({
      repositories,
      tags,
      images: 20,
      onRequest: () => {
        if (bulk.requests.length >= killAt) worker?.kill('SIGKILL');
      },
    });
    const { world, registry } = await onboard(t, target, bulk);
    const [probe] = await world.queue.list({ kind: 'probe', limit: 1 });
    await world.queue.cancel(probe?.id ?? '');
    // A seed that is printed makes a failure repeatable.
    const seed = process.env.DRYDOCK_TEST_SEED ?? String(Date.now());
    t.diagnostic(`DRYDOCK_TEST_SEED=${seed}`);
    for (let death = 0; death < 3; death++) {
      const random = createHash('sha256').update(`${seed} ${death}`).digest().readUInt16BE(0);
      // The first death comes behind the first page, the others anywhere.
      killAt = bulk.requests.length + (death === 0 ? 500 : 30) + (random % 300);
      worker = startWorker(target, 1000);
      assert.equal(await outcome(worker), undefined, 'it was killed before it was done');
    }
    killAt = Number.POSITIVE_INFINITY;
    const before = bulk.requests.length;
    const done = await outcome(startWorker(target, 1000));
    assert.deepEqual(done?.endings, ['sync succeeded']);
    const first = bulk.requests.slice(before).find((path) => path.includes('_catalog?n=100'));
    assert.match(first ?? '', /last=\d/, 'the listing was continued, not begun anew');
    const images = await world.store.findImages({ current: true }, 2000);
    assert.equal(images.length, repositories * tags);
    for (const { repository, tag, digest } of images) {
      const place = [Number(repository.name.slice(1)), Number(tag?.slice(1))] as const;
      assert.equal(digest, bulk.imageOf(...place).digest);
    }
    const count = async (table: 'tag_event' | 'tag_current' | 'inventory_image' | 'sync_run'): Promise<number> =>
      (
        await world.db.kysely
          .selectFrom(table)
          .select(({ fn }) => fn.countAll<number>().as('n'))
          .executeTakeFirst()
      )?.n ?? 0;
    assert.equal(await count('tag_event'), repositories * tags, 'no event twice');
    assert.equal(await count('tag_current'), repositories * tags);
    assert.equal(await count('inventory_image'), repositories * tags);
    assert.equal(await count('sync_run'), 1, 'one run, however often it died');
    assert.equal((await world.store.lastRun(registry.id))?.state, 'done');
    assert.deepEqual(await world.work(), [], 'nothing is left to do');
  });
});

test('10,000 repositories are synchronised in bounded memory', async (t) => {
  const target = await sqliteTarget(t);
  await using bulk = await startBulkRegistry({ repositories: 10_000, tags: 1, images: 50 });
  const { world } = await onboard(t, target, bulk);
  const started = performance.now();
  const done = await outcome(startWorker(target, 5000, '--max-old-space-size=64'));
  assert.deepEqual(done?.endings.toSorted(), ['probe succeeded', 'sync succeeded']);
  const seconds = (performance.now() - started) / 1000;
  t.diagnostic(`${seconds.toFixed(1)} s, ${Math.round((done?.maxRss ?? 0) / 2 ** 20)} MiB resident at most`);
  assert.ok((done?.maxRss ?? 0) < 350 * 2 ** 20);
  let rows = 0;
  for await (const batch of world.store.readImages(0)) rows += batch.length;
  assert.equal(rows, 10_000);
});

test('a catalogue that goes on with what it has shown ends with a reason', async (t) => {
  const target = await sqliteTarget(t);
  await using bulk = await startBulkRegistry({ repositories: 3, tags: 1, images: 2, endless: true });
  const { world, registry } = await onboard(t, target, bulk);
  assert.ok((await world.work()).includes('sync listing_endless'));
  assert.ok(bulk.requests.filter((path) => path.includes('_catalog')).length < 50);
  assert.match((await world.service.get(admin, registry.id))?.stateReason ?? '', /goes on with what it has shown/);
  assert.equal((await world.store.findImages({ current: true }, 10)).length, 3, 'what was read stays');
});
