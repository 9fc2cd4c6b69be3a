import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import type { Job, JobEnding } from '../../src/jobs/index.ts';
import { sqliteTarget } from '../support/databases.ts';
import { openJobWorld, type WorkerOptions } from '../support/job-world.ts';
import { until } from '../support/until.ts';

async function world(t: TestContext) {
  const target = await sqliteTarget(t);
  const db = await openDatabase(target);
  t.after(() => db.close());
  return openJobWorld(t, { db, target });
}

type World = Awaited<ReturnType<typeof world>>;

/** Runs one job to its end and says how it went. */
async function run(opened: World, act: string, options: WorkerOptions = {}): Promise<Job> {
  const { job } = await opened.queue.enqueue({ kind: 'probe', class: 'interactive', payload: { act }, maxAttempts: 1 });
  opened.worker(options);
  const ended = await until(
    `${act} has not ended`,
    () => opened.queue.get(job.id),
    (now) => now?.finishedAt !== null,
    120_000,
  );
  assert.ok(ended);
  return ended;
}

test('a job process that ends by itself is a lost worker', async (t) => {
  await using opened = await world(t);
  const { state, failure } = await run(opened, 'exit');
  assert.deepEqual([state, failure?.code], ['failed', 'worker_lost']);
});

test('a job that fills its heap ends as out of memory, and takes nobody else with it', async (t) => {
  await using opened = await world(t);
  const { state, failure } = await run(opened, 'heap', { limits: { heapMiB: 96, residentMiB: 2_000 } });
  assert.deepEqual([state, failure?.code], ['failed', 'out_of_memory']);
  assert.equal((await run(opened, 'nothing')).state, 'succeeded');
});

test('a job whose process takes more memory than it may is ended', async (t) => {
  await using opened = await world(t);
  const { state, failure } = await run(opened, 'resident', { limits: { residentMiB: 300 } });
  assert.deepEqual([state, failure?.code], ['failed', 'out_of_memory']);
  assert.match(failure?.message ?? '', /of at most 300 MiB/);
});

test('a job process that hangs is ended', async (t) => {
  await using opened = await world(t);
  const { state, failure } = await run(opened, 'hang', { limits: { silentMs: 3_000 } });
  assert.deepEqual([state, failure?.code], ['failed', 'worker_lost']);
});

for (const act of ['wait', 'deaf']) {
  test(`calling off a job that ${act === 'wait' ? 'listens' : 'does not listen'} stops it, although it would never end`, async (t) => {
    await using opened = await world(t);
    const { job } = await opened.queue.enqueue({ kind: 'probe', class: 'bulk', payload: { act } });
    const endings: JobEnding[] = [];
    opened.worker({ ended: (_kind, ending) => endings.push(ending) });
    await until(
      'it does not run',
      () => opened.queue.get(job.id),
      (now) => now?.state === 'running',
      30_000,
    );
    const asked = performance.now();
    assert.equal(await opened.queue.cancel(job.id), true);
    await until(
      'it was not stopped',
      () => opened.queue.get(job.id),
      (now) => now?.state === 'cancelled',
      20_000,
    );
    t.diagnostic(`stopped after ${Math.round(performance.now() - asked)} ms`);
    await until(
      'the loop still runs it',
      () => endings,
      (all) => all[0] === 'cancelled',
      20_000,
    );
  });
}

test('progress of a job process reaches the queue; a shutdown gives the job back', async (t) => {
  await using opened = await world(t);
  const { job } = await opened.queue.enqueue({ kind: 'probe', class: 'bulk', payload: { act: 'wait' } });
  const loop = opened.worker();
  await until(
    'it does not run',
    () => opened.queue.get(job.id),
    (now) => now?.state === 'running',
    30_000,
  );
  await loop.drain(200);
  const back = await opened.queue.get(job.id);
  assert.deepEqual([back?.state, back?.attempts], ['queued', 0]);
});

test('interactive jobs start while bulk jobs fill the queue', async (t) => {
  await using opened = await world(t);
  const bulk = Array.from({ length: 50 }, () => ({
    kind: 'probe' as const,
    class: 'bulk' as const,
    payload: { act: 'wait' },
  }));
  await opened.db.transaction((trx) => opened.queue.enqueueIn(trx, bulk));
  opened.worker({ slots: 2, loop: { shares: { slots: 2, reserved: 1 } } });
  const running = () => opened.queue.list({ states: ['running'], limit: 10 });
  await until('bulk does not run', running, (jobs) => jobs.length === 1, 30_000);
  const asked = performance.now();
  const { job } = await opened.queue.enqueue({ kind: 'probe', class: 'interactive', payload: {} });
  await until(
    'it was starved',
    () => opened.queue.get(job.id),
    (now) => now?.state === 'succeeded',
    60_000,
  );
  t.diagnostic(`done ${Math.round(performance.now() - asked)} ms after it was queued, start of its process included`);
});
