import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeTimers } from '../../test/support/fake-timers.ts';
import { CodedError } from '../kernel/index.ts';
import type { ClaimedJob, JobClass, JobContext, JobQueue } from './contract.ts';
import { WorkerLoop } from './worker-loop.ts';

class Refusal extends CodedError {}

/** A queue in memory that notes what is asked of it. */
function bench(change: { slots?: number; reserved?: number } = {}) {
  const { slots = 2, reserved = 1 } = change;
  const timers = new FakeTimers();
  const waiting: { id: string; class: JobClass }[] = [];
  const log: string[] = [];
  const state = { held: true, cancel: false, heartbeats: 'ok' as 'ok' | 'fail', claims: 'ok' as 'ok' | 'fail' };
  const runs = new Map<string, { context: JobContext; end: (error?: unknown) => void }>();
  const note = (what: string) => async (id: string) => {
    log.push(`${what} ${id}`);
    return state.held;
  };
  const queue = {
    async claim(_worker: string, classes: readonly JobClass[]) {
      if (state.claims === 'fail') throw new Error('database away');
      const index = waiting.findIndex((job) => classes.includes(job.class));
      const [next] = index < 0 ? [] : waiting.splice(index, 1);
      return next ? ({ ...next, kind: 'probe', fence: 1, attempts: 1, maxAttempts: 3 } as ClaimedJob) : null;
    },
    async heartbeat(id: string, _fence: number, _lease: number, progress: unknown) {
      if (state.heartbeats === 'fail') throw new Error('database away');
      log.push(`heartbeat ${id} ${JSON.stringify(progress)}`);
      return { held: state.held, cancel: state.cancel };
    },
    complete: note('complete'),
    cancelled: note('cancelled'),
    release: note('release'),
    fail: async (id: string, _fence: number, failure: { code: string }, retryable: boolean) => {
      log.push(`fail ${id} ${failure.code} ${retryable}`);
      return true;
    },
    holds: async () => state.held,
  } as unknown as JobQueue;
  const loop = new WorkerLoop({
    queue,
    worker: 'w',
    runner: {
      run: (job, context) =>
        new Promise((resolve, reject) => {
          runs.set(job.id, { context, end: (error) => (error === undefined ? resolve() : reject(error)) });
          context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
        }),
    },
    timers,
    shares: { slots, reserved },
    leaseMs: 10_000,
    heartbeatMs: 2_000,
    pollMs: 500,
    report: (message) => log.push(message),
  });
  return { loop, timers, waiting, log, state, runs };
}

test('bulk jobs never take the reserved places, interactive ones take any', async () => {
  const { loop, timers, waiting } = bench({ slots: 3, reserved: 1 });
  for (let i = 0; i < 10; i++) waiting.push({ id: `b${i}`, class: 'bulk' });
  loop.start();
  await timers.pass(0);
  assert.deepEqual(
    loop.running.map(({ id }) => id),
    ['b0', 'b1'],
  );
  waiting.push({ id: 'i0', class: 'interactive' }, { id: 'i1', class: 'interactive' });
  await timers.pass(500);
  assert.deepEqual(
    loop.running.map(({ id }) => id),
    ['b0', 'b1', 'i0'],
  );
});

test('the next job starts as soon as a place is free', async () => {
  const { loop, timers, waiting, runs, log } = bench();
  waiting.push({ id: 'a', class: 'interactive' }, { id: 'b', class: 'interactive' }, { id: 'c', class: 'interactive' });
  loop.start();
  await timers.pass(0);
  assert.equal(loop.running.length, 2);
  runs.get('a')?.end();
  await timers.pass(0);
  assert.deepEqual(
    loop.running.map(({ id }) => id),
    ['b', 'c'],
  );
  assert.deepEqual(log, ['complete a']);
});

test('heartbeats carry the newest progress and keep coming', async () => {
  const { loop, timers, waiting, runs, log } = bench();
  waiting.push({ id: 'a', class: 'bulk' });
  loop.start();
  await timers.pass(2_000);
  runs.get('a')?.context.progress({ stage: 'x', done: 1, total: 2 });
  runs.get('a')?.context.progress({ stage: 'x', done: 2, total: 2 });
  await timers.pass(2_000);
  assert.deepEqual(log, ['heartbeat a null', 'heartbeat a {"stage":"x","done":2,"total":2}']);
});

test('a wish to cancel reaches the job with the next heartbeat', async () => {
  const { loop, timers, waiting, log, state } = bench();
  waiting.push({ id: 'a', class: 'bulk' });
  loop.start();
  await timers.pass(0);
  state.cancel = true;
  await timers.pass(2_000);
  assert.deepEqual(log, ['heartbeat a null', 'cancelled a']);
  assert.equal(loop.running.length, 0);
});

test('a job whose lease is lost is stopped and nothing is written', async () => {
  const { loop, timers, waiting, log, state } = bench();
  waiting.push({ id: 'a', class: 'bulk' });
  loop.start();
  await timers.pass(0);
  state.held = false;
  await timers.pass(2_000);
  assert.deepEqual(log, ['heartbeat a null']);
  assert.equal(loop.running.length, 0);
});

test('when no heartbeat gets through until the lease has run out, the job counts as lost', async () => {
  const { loop, timers, waiting, log, state, runs } = bench();
  waiting.push({ id: 'a', class: 'bulk' });
  loop.start();
  await timers.pass(0);
  state.heartbeats = 'fail';
  await timers.pass(8_000);
  assert.equal(runs.get('a')?.context.signal.aborted, false, 'the database may come back in time');
  await timers.pass(2_000);
  assert.equal(runs.get('a')?.context.signal.aborted, true);
  assert.equal(loop.running.length, 0);
  assert.ok(!log.some((line) => /^(complete|fail|release|cancelled)/.test(line)));
});

test('failures are typed, and only those that may pass are tried again', async () => {
  const { loop, timers, waiting, log, runs } = bench({ slots: 3, reserved: 0 });
  for (const id of ['a', 'b', 'c']) waiting.push({ id, class: 'bulk' });
  loop.start();
  await timers.pass(0);
  runs.get('a')?.end(new Refusal('denied', 'no'));
  runs.get('b')?.end(new Refusal('timeout', 'slow', { retryable: true }));
  runs.get('c')?.end(new TypeError('a bug'));
  await timers.pass(0);
  assert.deepEqual(log, [
    'fail a denied false',
    'fail b timeout true',
    'job c (probe) met a fault',
    'fail c internal false',
  ]);
});

test('a drain waits for the grace, then gives back what still runs; nothing new is claimed', async () => {
  const { loop, timers, waiting, log, runs } = bench({ slots: 2, reserved: 0 });
  waiting.push({ id: 'a', class: 'bulk' }, { id: 'b', class: 'bulk' }, { id: 'c', class: 'bulk' });
  loop.start();
  await timers.pass(0);
  const drained = loop.drain(5_000);
  await timers.pass(1_000);
  runs.get('a')?.end();
  await timers.pass(3_999);
  assert.deepEqual(
    log.filter((line) => !line.startsWith('heartbeat')),
    ['complete a'],
  );
  await timers.pass(1);
  await drained;
  assert.deepEqual(
    log.filter((line) => !line.startsWith('heartbeat')),
    ['complete a', 'release b'],
  );
  assert.equal(waiting.length, 1);
  assert.equal(timers.waiting, 0, 'no timer stays behind');
});

test('while the database is away the loop asks less and less often, and goes on when it is back', async () => {
  const { loop, timers, waiting, log, state } = bench();
  state.claims = 'fail';
  waiting.push({ id: 'a', class: 'bulk' });
  loop.start();
  await timers.pass(60_000);
  const tries = log.filter((line) => line === 'no job could be claimed').length;
  assert.ok(tries > 5 && tries < 15, `${tries} tries in a minute`);
  state.claims = 'ok';
  await timers.pass(10_000);
  assert.equal(loop.running.length, 1);
});
