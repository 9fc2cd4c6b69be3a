import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue } from '../../src/adapters/queue/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import {
  appendEvents,
  createEventLog,
  createFixCycleStore,
  createScanStore,
  createScheduleStore,
} from '../../src/adapters/sql/work/index.ts';
import type { InventoryImage } from '../../src/inventory/index.ts';
import { type ClaimedJob, putSchedule, Scheduler, systemTimers } from '../../src/jobs/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import type { ScanTask } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type JobWorld, openJobWorld } from '../support/job-world.ts';

const page = { offset: 0, limit: 100 };
const uuids = (images: readonly InventoryImage[]) => images.map(({ uuid }) => uuid);

async function start(world: JobWorld, images: readonly InventoryImage[], source = 'api'): Promise<ScanTask> {
  const task = await world.scans.start(world.call, { uuids: uuids(images), source });
  assert.ok(task);
  return task;
}

async function claim(world: JobWorld): Promise<ClaimedJob> {
  const job = await world.queue.claim('w', ['interactive', 'bulk'], 30_000);
  assert.ok(job);
  return job;
}

/** What a worker does that finds nothing wrong. */
async function scanned(world: JobWorld, job: ClaimedJob): Promise<void> {
  const { manifestId } = job.payload as { manifestId: number };
  const store = createScanStore({ ...world, clock: systemClock, imagesById: world.inventory.imagesById });
  const fence = { jobId: job.id, fence: job.fence };
  assert.equal(await store.setState(fence, manifestId, 'pulling', null), true);
  assert.equal(await store.setState(fence, manifestId, 'matched', null), true);
  assert.equal(await world.queue.complete(job.id, job.fence), true);
}

const states = async (world: JobWorld, images: readonly InventoryImage[]) =>
  (await world.inventory.imagesById(images.map(({ id }) => id))).map(({ scan }) => scan.state);

forEachDatabase('scan tasks', (open) => {
  test('one content is scanned once at a time, whoever asks; every task gets the result', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const first = await start(world, [image]);
    assert.deepEqual([first.total, first.finished, first.state], [1, 0, 'queued']);
    assert.deepEqual(await states(world, [image]), ['queued']);
    const job = await claim(world);
    const second = await start(world, [image]);
    assert.equal(await world.queue.claim('w', ['interactive', 'bulk'], 1_000), null);
    await scanned(world, job);
    for (const { id, number } of [first, second]) {
      const now = await world.scans.get(world.call, id);
      assert.deepEqual([now?.state, now?.finished, now?.failed, now?.number], ['finished', 1, 0, number]);
    }
    assert.deepEqual(await states(world, [image]), ['matched']);
    assert.equal((await world.scans.latestOf(world.call, image.digest))?.id, second.id);
    assert.equal((await world.scans.latestOf(world.call, image.digest.slice('sha256:'.length)))?.id, second.id);
    assert.equal(await world.scans.latestOf(world.call, 'nothing'), null);
  });

  test('a failure tells its reason, on the image and in the task', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(1);
    const task = await start(world, images);
    const job = await claim(world);
    await world.queue.fail(job.id, job.fence, { code: 'denied', message: 'no right to pull' }, false);
    const now = await world.scans.get(world.call, task.id);
    assert.deepEqual([now?.state, now?.finished, now?.failed], ['finished', 1, 1]);
    const { rows } = await world.scans.items(world.call, { taskId: task.id, page });
    assert.deepEqual(rows[0]?.reason, { code: 'denied', message: 'no right to pull' });
    const [image] = await world.inventory.imagesById(images.map(({ id }) => id));
    assert.deepEqual(image?.scan.reason, { code: 'denied', message: 'no right to pull' });
    assert.equal(image?.scan.state, 'failed');
  });

  test('calling a task off leaves what others wait for, and results that were there', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(3);
    const [a, b, c] = images as [InventoryImage, InventoryImage, InventoryImage];
    await start(world, [a]);
    await scanned(world, await claim(world));
    const forced = await world.scans.start(world.call, { uuids: uuids(images), source: 'api', force: true });
    assert.ok(forced);
    const other = await start(world, [b]);
    assert.equal(await world.scans.cancel(world.call, forced.id), true);
    const now = await world.scans.get(world.call, forced.id);
    assert.deepEqual([now?.state, now?.finished], ['cancelled', 3]);
    assert.deepEqual(await states(world, images), ['matched', 'queued', 'cancelled']);
    await scanned(world, await claim(world));
    assert.equal((await world.scans.get(world.call, other.id))?.state, 'finished');
    assert.deepEqual(await states(world, images), ['matched', 'matched', 'cancelled']);
    assert.equal(await world.scans.cancel(world.call, forced.id), true, 'again: nothing happens');
    assert.equal(await world.scans.cancel(world.call, 'f'.repeat(32)), false);
    assert.ok(c);
  });

  test('whoever asks again while a scan is being called off gets one', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(1);
    const task = await start(world, images);
    const job = await claim(world);
    await world.scans.cancel(world.call, task.id);
    const again = await start(world, images);
    assert.deepEqual(await world.queue.heartbeat(job.id, job.fence, 1_000, null), { held: true, cancel: true });
    await world.queue.cancelled(job.id, job.fence);
    assert.deepEqual(await states(world, images), ['queued']);
    await scanned(world, await claim(world));
    assert.equal((await world.scans.get(world.call, again.id))?.state, 'finished');
    assert.equal((await world.scans.get(world.call, task.id))?.state, 'cancelled');
  });

  test('ten tasks may be open that people ordered; what Drydock orders does not count', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    for (let i = 0; i < 3; i++) await start(world, [image], 'hook');
    const orders = Array.from({ length: 14 }, () =>
      world.scans.start(world.call, { uuids: [image.uuid], source: 'openapi', force: true }),
    );
    const started = (await Promise.all(orders)).filter((task) => task !== null);
    assert.equal(started.length, 10);
    await start(world, [image], 'hook');
    const [one] = started;
    await world.scans.cancel(world.call, one?.id ?? '');
    assert.ok(await world.scans.start(world.call, { uuids: [image.uuid], source: 'openapi', force: true }));
  });

  test('large orders are queued by a job of their own, and can be called off in between', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const store = createScanStore({ ...world, clock: systemClock, imagesById: world.inventory.imagesById });
    const many = Array.from({ length: 2_500 }, (_, n) => ({
      imageId: image.id,
      uuid: image.uuid,
      manifestId: 1_000 + n,
      digest: image.digest,
      projectId: 1,
      runAt: null,
    }));
    const task = { id: 'a'.repeat(32), name: 'x', source: 'api', owner: 'tester', class: 'bulk' as const, at: 1 };
    const begun = performance.now();
    const started = await store.start(task, many, 10);
    t.diagnostic(`${many.length} items stored in ${Math.round(performance.now() - begun)} ms`);
    assert.deepEqual([started?.total, started?.state], [2_500, 'queued']);
    const job = await claim(world);
    assert.deepEqual(job.payload, { dispatch: task.id, class: 'bulk' });
    let ordinal: number | null = -1;
    let steps = 0;
    while (ordinal !== null && steps < 5) {
      ordinal = await store.dispatch(task.id, ordinal, 200);
      steps++;
    }
    const queued = await world.queue.list({ kind: 'scan', states: ['queued'], limit: 3_000 });
    assert.equal(queued.length, 1_000);
    assert.ok(queued.every((waiting) => waiting.class === 'bulk'));
    assert.equal(await store.dispatch(task.id, -1, 200), 199, 'again after a crash');
    assert.equal((await world.queue.list({ kind: 'scan', states: ['queued'], limit: 3_000 })).length, 1_000);
    assert.equal(await world.scans.cancel(world.call, task.id), true);
    assert.equal(await store.dispatch(task.id, ordinal ?? 0, 200), null);
    assert.equal((await world.queue.list({ kind: 'scan', states: ['queued'], limit: 3_000 })).length, 0);
    const now = await world.scans.get(world.call, task.id);
    assert.deepEqual([now?.state, now?.finished, now?.total], ['cancelled', 2_500, 2_500]);
  });

  test('tasks show each caller the numbers of what it may see', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const images = await world.seed(3);
    const [a] = images;
    await world.db.kysely
      .updateTable('repository')
      .set({ project_id: 2 })
      .where('id', '=', a?.repository.id ?? 0)
      .execute();
    const task = await start(world, await world.inventory.imagesById(images.map(({ id }) => id)));
    const as = (...projects: number[]) => ({ ...world.call, projects });
    assert.equal((await world.scans.get(world.call, task.id))?.total, 3);
    assert.equal((await world.scans.get(as(1), task.id))?.total, 2);
    assert.equal((await world.scans.get(as(2), task.id))?.total, 1);
    assert.equal(await world.scans.get(as(3), task.id), null);
    assert.equal(await world.scans.get(as(), task.id), null);
    assert.deepEqual((await world.scans.page(as(3), { page })).rows, []);
    assert.equal((await world.scans.items(as(2), { page })).total, 1);
    assert.equal(await world.scans.latestOf(as(1), a?.digest ?? ''), null);
    assert.equal(await world.scans.cancel(as(3), task.id), false);
    assert.equal(await world.scans.cancel(as(2), task.id), true);
    const now = await world.scans.get(world.call, task.id);
    assert.deepEqual([now?.state, now?.finished], ['running', 1], 'only what that caller may touch');
  });
});

forEachDatabase('schedules and events', (open) => {
  test('a moment is fired once over several nodes', async (t) => {
    const { db, target } = await open(t);
    const report = (message: string, error: unknown): void => assert.fail(`${message}: ${String(error)}`);
    const nodes = await Promise.all(
      [0, 1, 2].map(async () => {
        const own = await openDatabase(target);
        const queue = await createQueue({ db: own, target, report });
        t.after(async () => {
          await queue.close();
          await own.close();
        });
        return { queue, store: createScheduleStore(own, queue.enqueueIn) };
      }),
    );
    const [node] = nodes;
    assert.ok(node);
    let now = Date.parse('2024-03-01T00:30:00Z');
    const clock = { now: () => new Date(now) };
    const kept = await putSchedule(node.store, { name: 'hourly', kind: 'sync', cron: '0 * * * *', payload: 7 }, clock);
    assert.equal(kept.nextAt, Date.parse('2024-03-01T01:00:00Z'));
    const schedulers = nodes.map(
      ({ store }) => new Scheduler({ store, clock, timers: systemTimers, tickMs: 1_000, wake: () => {}, report }),
    );
    const fired: number[] = [];
    for (let hour = 0; hour < 4; hour++) {
      now += 3_600_000;
      const counts = await Promise.all(schedulers.flatMap((scheduler) => [scheduler.tick(), scheduler.tick()]));
      fired.push(counts.reduce((sum, count) => sum + count, 0));
      const job = await node.queue.claim('w', ['bulk'], 1_000);
      assert.equal(job?.payload, 7);
      assert.equal(await node.queue.claim('w', ['bulk'], 1_000), null);
      if (job) await node.queue.complete(job.id, job.fence);
    }
    assert.deepEqual(fired, [1, 1, 1, 1]);
    now += 1_800_000;
    await putSchedule(node.store, { name: 'hourly', kind: 'sync', cron: '0 * * * *', payload: 8 }, clock);
    assert.equal(
      (await node.store.get('hourly'))?.nextAt,
      Date.parse('2024-03-01T05:00:00Z'),
      'put again, not put off',
    );
    assert.equal(await node.store.remove('hourly'), true);
    assert.equal(await node.store.remove('hourly'), false);
    void db;
  });

  test('the cycle of automatic fixing is kept with the projects of who set it, and disabled at first', async (t) => {
    const { db, target } = await open(t);
    const queue = await createQueue({ db, target, report: () => {} });
    t.after(() => queue.close());
    const cycles = createFixCycleStore(createScheduleStore(db, queue.enqueueIn), systemClock);
    assert.deepEqual(await cycles.read(), {
      enabled: false,
      everyDays: 7,
      repositories: [],
      imageDays: 30,
      projects: [],
      nextRunAt: null,
      lastRunAt: null,
    });
    const stored = await cycles.write({
      enabled: true,
      everyDays: 2,
      repositories: ['team/app'],
      imageDays: 0,
      projects: [4],
    });
    assert.ok(Math.abs((stored.nextRunAt ?? 0) - Date.now() - 2 * 86_400_000) < 60_000);
    assert.deepEqual(await cycles.read(), stored);
    const off = await cycles.write({ ...stored, enabled: false });
    assert.equal(off.nextRunAt, null);
  });

  test('a reader of events that has seen one id never misses a lower one', async (t) => {
    const { db, target } = await open(t);
    const log = createEventLog(db);
    const writers = await Promise.all(Array.from({ length: 4 }, () => openDatabase(target)));
    t.after(() => Promise.all(writers.map((writer) => writer.close())));
    const seen: number[] = [];
    let writing = true;
    const reading = (async () => {
      for (let last = 0; ; ) {
        const done = !writing;
        const events = await log.after(last, 1_000);
        seen.push(...events.map(({ id }) => id));
        last = events.at(-1)?.id ?? last;
        if (done && events.length === 0) return;
        await sleep(1);
      }
    })();
    await Promise.all(
      writers.map(async (writer, n) => {
        for (let i = 0; i < 50; i++) {
          const event = { at: 1, topic: 'x', projectId: null, payload: { n, i } };
          await writer.transaction(async (trx) => {
            await appendEvents(trx, writer.dialect, [event]);
            // Others get the chance to commit first.
            await sleep(Math.random() * 3);
          });
        }
      }),
    );
    writing = false;
    await reading;
    assert.equal(seen.length, 200);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(await log.newest(), seen.at(-1));
    assert.equal(await log.prune(2), 200);
  });
});
