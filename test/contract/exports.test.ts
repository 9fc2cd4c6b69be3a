import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { hasCode } from '../../src/kernel/index.ts';
import type { ExportFile, ExportSpec } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { callOf, exportWorld } from '../support/export-world.ts';
import { fakeRowSources } from '../support/fake-row-sources.ts';
import { until } from '../support/until.ts';

const spec: ExportSpec = { subject: 'findings', grain: 'finding', format: 'csv' };
const mine = callOf([1]);
const week = 7 * 24 * 3_600_000;

async function bytesOf(file: ExportFile | null): Promise<Buffer> {
  assert.ok(file !== null);
  return buffer(file.open(0, file.bytes));
}

forEachDatabase('exports', (open) => {
  test('an order counts, pins and queues; its file has exactly the rows promised, a checksum and a manifest', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 2500 }));
    const job = await world.service.order(mine, { ...spec, limit: 2000 });
    assert.deepEqual([job.state, job.rowsTotal, job.rowsMatched, job.number], ['queued', 2000, 2500, 1]);
    assert.equal(await world.service.file(mine, job.id), null);
    await world.work();
    const done = await world.service.get(mine, job.id);
    assert.deepEqual([done?.state, done?.rowsDone, done?.expiresAt], ['success', 2000, world.clock.now + week]);
    const bytes = await bytesOf(await world.service.file(mine, done?.fileId ?? ''));
    assert.equal(bytes.toString().split('\r\n').length, 2002);
    assert.equal(done?.sha256, createHash('sha256').update(bytes).digest('hex'));
    const manifest = (await world.files.readManifest(job.id)) as { rows: object; file: { sha256: string } };
    assert.deepEqual(manifest.rows, { matched: 2500, written: 2000, leftOut: 500, truncated: true });
    assert.equal(manifest.file.sha256, done?.sha256);
    assert.deepEqual(
      world.audit.entries.map(({ action }) => action),
      ['export.order', 'export.download'],
    );
    assert.deepEqual(await world.service.get(mine, job.number), done);
    assert.deepEqual((await world.service.page(mine, { page: { offset: 0, limit: 10 } })).rows, [done]);
  });

  test('a worker that dies is followed by another one from the checkpoint on, with the same bytes', async (t) => {
    const { db } = await open(t);
    const rows = 600_000;
    const world = await exportWorld(t, db, fakeRowSources({ rows, blockRows: 4000 }));
    const job = await world.service.order(mine, spec);
    const other = await world.service.order(mine, spec);
    // Collecting so many rows may take longer than an order waits.
    await until(
      'both wait for a worker',
      () => world.queue.jobs.size,
      (count) => count === 2,
      60_000,
    );
    // The first worker is stopped behind its first checkpoint and never comes back.
    const killed = new AbortController();
    const { checkpoint } = world.store;
    let checkpoints = 0;
    world.store.checkpoint = async (...args) => {
      const kept = await checkpoint(...args);
      if (++checkpoints === 1) killed.abort(new Error('killed'));
      return kept;
    };
    await assert.rejects(world.work(world.queue.take(), killed.signal), /killed/);
    const stopped = await world.service.get(mine, job.id);
    assert.equal(stopped?.state, 'running');
    assert.ok((stopped?.rowsDone ?? 0) > 0 && (stopped?.rowsDone ?? rows) < rows);
    await world.work();
    await world.work();
    const [first, second] = [await world.service.file(mine, job.id), await world.service.file(mine, other.id)];
    assert.equal(first?.sha256, second?.sha256);
    assert.ok((await bytesOf(first)).equals(await bytesOf(second)));
  });

  test('a worker with an older fence changes nothing', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 10 }));
    const job = await world.service.order(mine, spec);
    assert.ok((await world.store.begin(job.id, 2, 1)) !== null);
    assert.equal(await world.store.begin(job.id, 1, 1), null);
    const state = { rows: 1, snapshot: { offset: 0, skip: 0 }, file: {} };
    assert.equal(await world.store.checkpoint(job.id, 1, state, 1), false);
    assert.equal(await world.store.checkpoint(job.id, 2, state, 1), true);
    const result = { bytes: 1, sha256: 'aa', fileId: 'f', finishedAt: 1, expiresAt: 2 };
    assert.equal(await world.store.succeed(job.id, 1, result), false);
    assert.equal(await world.store.end(job.id, 'failure', null, 1, 1), false);
    assert.equal((await world.service.get(mine, job.id))?.state, 'running');
  });

  test('exports of a project take turns, oldest first; cancelling one lets the next in', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 10 }), { concurrent: 1 });
    const jobs = [];
    for (let n = 0; n < 3; n++) jobs.push(await world.service.order(mine, spec));
    await world.service.order(callOf([2]), spec);
    const queued = (): unknown[] => [...world.queue.jobs.values()].filter(({ state }) => state === 'queued');
    assert.equal(queued().length, 2, 'one of each project');
    const [first, second, third] = jobs as [(typeof jobs)[0], (typeof jobs)[0], (typeof jobs)[0]];
    await world.work();
    assert.equal((await world.service.get(mine, first?.id ?? ''))?.state, 'success');
    assert.equal(await world.service.cancel(mine, second?.id ?? ''), true);
    assert.equal(await world.service.cancel(mine, second?.id ?? ''), false);
    assert.equal((await world.service.get(mine, second?.id ?? ''))?.state, 'cancelled');
    const last = await world.store.get({ id: third?.id ?? '' });
    assert.ok(last?.queueId !== null);
  });

  test('foreign exports are like missing ones', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 10 }));
    const wide = await world.service.order(callOf([1, 2]), spec);
    const all = await world.service.order(callOf('all'), spec);
    for (const { id, number } of [wide, all]) {
      for (const call of [callOf([1]), callOf([])]) {
        assert.equal(await world.service.get(call, id), null);
        assert.equal(await world.service.get(call, number), null);
        assert.equal(await world.service.file(call, id), null);
        assert.equal(await world.service.cancel(call, id), false);
        assert.deepEqual((await world.service.page(call, { page: { after: null, limit: 10 } })).rows, []);
      }
    }
    assert.equal((await world.service.get(callOf([2, 1]), wide.id))?.id, wide.id);
    const page = await world.service.page(callOf('all'), { page: { after: null, limit: 1 } });
    assert.deepEqual([page.rows[0]?.id, page.total, page.next], [all.id, 2, String(all.number)]);
    const rest = await world.service.page(callOf('all'), { page: { after: page.next, limit: 1 } });
    assert.deepEqual([rest.rows[0]?.id, rest.next], [wide.id, null]);
  });

  test('files go after their time; then the download says expired', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 10 }));
    const job = await world.service.order(mine, spec);
    await world.work();
    world.clock.now += week - 1;
    await world.turns.tend();
    assert.equal((await bytesOf(await world.service.file(mine, job.id))).length > 0, true);
    world.clock.now += 1;
    await assert.rejects(world.service.file(mine, job.id), (error) => hasCode(error, 'expired'));
    await world.turns.tend();
    assert.equal((await world.service.get(mine, job.id))?.state, 'expired');
    assert.equal(existsSync(join(world.folder, job.id)), false);
    await assert.rejects(world.service.file(mine, job.id), (error) => hasCode(error, 'expired'));
  });

  test('what crashes leave is mended: lost jobs come back, dead ones fail, lost pinning fails', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 10 }));
    const lost = await world.service.order(mine, spec);
    world.queue.jobs.clear();
    await world.turns.tend();
    await world.work();
    assert.equal((await world.service.get(mine, lost.id))?.state, 'success');
    const dead = await world.service.order(mine, spec);
    const entry = world.queue.take();
    world.queue.set(entry?.id ?? '', { state: 'failed', failure: { code: 'out_of_memory', message: 'm' } });
    await world.turns.tend();
    assert.deepEqual((await world.service.get(mine, dead.id))?.reason, { code: 'out_of_memory', message: 'm' });
    const record = await world.store.get({ id: dead.id });
    assert.ok(record !== null);
    const unpinned = '00000000-0000-4000-8000-000000000000';
    await world.store.insert({ ...record, id: unpinned });
    await world.turns.tend();
    assert.equal((await world.store.get({ id: unpinned }))?.state, 'queued');
    world.clock.now += 61_000;
    await world.turns.tend();
    assert.equal((await world.store.get({ id: unpinned }))?.reason?.code, 'snapshot_lost');
  });

  test('a slow pinning answers the order first; stopping the server ends it as failed', async (t) => {
    const { db } = await open(t);
    const { promise, resolve } = Promise.withResolvers<void>();
    const world = await exportWorld(t, db, fakeRowSources({ rows: 5000, pause: () => promise }));
    const job = await world.service.order(mine, spec);
    assert.deepEqual([job.state, job.rowsTotal], ['queued', 5000]);
    assert.equal(world.queue.jobs.size, 0);
    const stopped = world.service.stop();
    resolve();
    await stopped;
    assert.equal((await world.service.get(mine, job.id))?.state, 'failure');
  });

  test('orders that cannot be met are refused before anything is stored', async (t) => {
    const { db } = await open(t);
    const world = await exportWorld(t, db, fakeRowSources({ rows: 300_000_000 }));
    const wrong: [ExportSpec, string][] = [
      [{ ...spec, columns: ['nonsense'] }, 'invalid_field'],
      [{ ...spec, columns: [] }, 'invalid_field'],
      [{ ...spec, limit: -1 }, 'invalid_field'],
      [{ ...spec, format: 'huawei-zip', subject: 'images' }, 'invalid_field'],
      [{ ...spec, format: 'xlsx' }, 'too_many_rows'],
    ];
    for (const [order, code] of wrong) {
      await assert.rejects(world.service.order(mine, order), (error) => hasCode(error, code), JSON.stringify(order));
    }
    assert.equal((await world.service.page(callOf('all'), { page: { offset: 0, limit: 1 } })).total, 0);
  });
});
