import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createQueue, type JobObserver, type SqlQueue } from '../../src/adapters/queue/index.ts';
import { type Db, openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import type { ClaimedJob, NewJob } from '../../src/jobs/index.ts';
import type { Clock } from '../../src/kernel/index.ts';
import { forEachDatabase, type OpenStore } from '../support/databases.ts';

const lease = 30_000;

/** A job of a kind that no observer of the product looks at. */
const job = (change: Partial<NewJob> = {}): NewJob => ({ kind: 'probe', class: 'bulk', payload: { n: 1 }, ...change });

/** A clock that tests set forward and back. */
function movableClock(): Clock & { offsetMs: number } {
  const clock = { offsetMs: 0, now: () => new Date(Date.now() + clock.offsetMs) };
  return clock;
}

interface World {
  readonly db: Db;
  readonly target: StoreTarget;
  readonly queue: SqlQueue;
  readonly clock: { offsetMs: number };
  /** Time of leases only. */
  readonly leases: { offsetMs: number };
}

async function world(t: TestContext, open: OpenStore, observers: readonly JobObserver[] = []): Promise<World> {
  const { db, target } = await open(t);
  const clock = movableClock();
  const leases = { epoch: 'test', offsetMs: 0, now: async () => Math.round(performance.now() + leases.offsetMs) };
  const queue = await createQueue({ db, target, report: fail, observers, clock, leases, random: () => 0 });
  t.after(() => queue.close());
  return { db, target, queue, clock, leases };
}

function fail(message: string, error: unknown): void {
  throw new Error(message, { cause: error });
}

async function claimed(queue: SqlQueue, classes: ClaimedJob['class'][] = ['interactive', 'bulk']): Promise<ClaimedJob> {
  const next = await queue.claim('w', classes, lease);
  assert.ok(next);
  return next;
}

forEachDatabase('job queue', (open) => {
  test('gives a job to one worker, with its right to write', async (t) => {
    const { queue } = await world(t, open);
    const { job: queued, created } = await queue.enqueue(job({ payload: { text: 'ü' } }));
    assert.equal(created, true);
    assert.equal(queued.state, 'queued');
    const mine = await claimed(queue);
    assert.deepEqual(
      [mine.id, mine.state, mine.attempts, mine.fence, mine.leaseOwner, mine.payload],
      [queued.id, 'running', 1, 1, 'w', { text: 'ü' }],
    );
    assert.equal(await queue.claim('other', ['interactive', 'bulk'], lease), null);
    assert.equal(await queue.holds(mine.id, 1), true);
    assert.equal(await queue.complete(mine.id, 1), true);
    assert.equal((await queue.get(mine.id))?.state, 'succeeded');
    assert.equal(await queue.complete(mine.id, 1), false, 'a terminal state never changes');
    assert.equal(await queue.fail(mine.id, 1, { code: 'x', message: '' }, true), false);
  });

  test('answers with the job that has a dedupe key, while it is queued or runs', async (t) => {
    const { queue } = await world(t, open);
    const first = await queue.enqueue(job({ dedupeKey: 'a' }));
    assert.deepEqual(
      [(await queue.enqueue(job({ dedupeKey: 'a' }))).job.id, (await queue.enqueue(job({ dedupeKey: 'b' }))).created],
      [first.job.id, true],
    );
    assert.equal((await queue.enqueue(job({ dedupeKey: 'a', kind: 'feed' }))).created, true, 'keys belong to a kind');
    const mine = await claimed(queue);
    assert.equal(mine.id, first.job.id);
    assert.equal((await queue.enqueue(job({ dedupeKey: 'a' }))).created, false);
    await queue.complete(mine.id, mine.fence);
    assert.equal((await queue.enqueue(job({ dedupeKey: 'a' }))).created, true);
  });

  test('makes one job of a thousand orders at once', async (t) => {
    const { queue } = await world(t, open);
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => queue.enqueue(job({ dedupeKey: 'same' }))));
    assert.equal(new Set(answers.map((answer) => answer.job.id)).size, 1);
    assert.equal(answers.filter(({ created }) => created).length, 1);
  });

  test('takes interactive jobs first, then by priority, then by age', async (t) => {
    const { queue } = await world(t, open);
    for (const [name, change] of [
      ['bulk', {}],
      ['bulk high', { priority: 5 }],
      ['low', { class: 'interactive', priority: -1 }],
      ['first', { class: 'interactive' }],
      ['second', { class: 'interactive' }],
    ] as const) {
      await queue.enqueue(job({ payload: name, ...change }));
    }
    const order: unknown[] = [];
    for (let i = 0; i < 5; i++) order.push((await claimed(queue)).payload);
    assert.deepEqual(order, ['first', 'second', 'low', 'bulk high', 'bulk']);
  });

  test('leaves bulk jobs alone for who may only take interactive ones', async (t) => {
    const { queue } = await world(t, open);
    await queue.enqueue(job());
    assert.equal(await queue.claim('w', ['interactive'], lease), null);
    await queue.enqueue(job({ class: 'interactive', payload: 'now' }));
    assert.equal((await claimed(queue, ['interactive'])).payload, 'now');
  });

  test('waits for the time of a job', async (t) => {
    const { queue, clock } = await world(t, open);
    await queue.enqueue(job({ runAt: Date.now() + 1_000 }));
    assert.equal(await queue.claim('w', ['bulk'], lease), null);
    clock.offsetMs += 2_000;
    await sleep(1_600); // PostgreSQL goes by the clock of its server.
    assert.ok(await queue.claim('w', ['bulk'], lease));
  });

  test('hands a job out again when its lease has run out, and fences the former worker off', async (t) => {
    const { queue, leases } = await world(t, open);
    await queue.enqueue(job());
    const former = await claimed(queue);
    leases.offsetMs += lease + 1_001;
    assert.equal(await queue.holds(former.id, former.fence), false, 'a lease that ran out is no right any more');
    const next = await claimed(queue);
    assert.deepEqual([next.id, next.fence, next.attempts], [former.id, 2, 2]);
    assert.deepEqual(await queue.heartbeat(former.id, former.fence, lease, null), { held: false, cancel: false });
    assert.equal(await queue.complete(former.id, former.fence), false);
    assert.equal(await queue.fail(former.id, former.fence, { code: 'x', message: '' }, false), false);
    assert.equal(await queue.release(former.id, former.fence), false);
    assert.equal(await queue.cancelled(former.id, former.fence), false);
    assert.equal(await queue.complete(next.id, next.fence), true);
  });

  test('keeps a job for who sends heartbeats, and stores progress', async (t) => {
    const { queue, leases } = await world(t, open);
    await queue.enqueue(job());
    const mine = await claimed(queue);
    for (let i = 0; i < 4; i++) {
      leases.offsetMs += lease - 5_000;
      const progress = { stage: 'reading', done: i, total: 4 };
      assert.deepEqual(await queue.heartbeat(mine.id, mine.fence, lease, progress), { held: true, cancel: false });
      assert.equal(await queue.claim('other', ['bulk'], lease), null);
    }
    assert.deepEqual((await queue.get(mine.id))?.progress, { stage: 'reading', done: 3, total: 4 });
  });

  test('gives a job up that loses all its workers', async (t) => {
    const { queue, leases, clock } = await world(t, open);
    await queue.enqueue(job({ maxAttempts: 2 }));
    const { id } = await claimed(queue);
    leases.offsetMs += lease + 1_001;
    clock.offsetMs += 60_000;
    await claimed(queue);
    leases.offsetMs += lease + 1_001;
    assert.equal(await queue.claim('w', ['bulk'], lease), null);
    const ended = await queue.get(id);
    assert.deepEqual([ended?.state, ended?.failure?.code], ['failed', 'worker_lost']);
  });

  test('tries a failure again after a pause while attempts are left, and only when that may help', async (t) => {
    const { queue, clock } = await world(t, open);
    await queue.enqueue(job({ maxAttempts: 2 }));
    const first = await claimed(queue);
    assert.equal(await queue.fail(first.id, first.fence, { code: 'timeout', message: 'slow' }, true), true);
    const waiting = await queue.get(first.id);
    assert.deepEqual([waiting?.state, waiting?.failure?.code], ['queued', 'timeout']);
    assert.ok((waiting?.runAt ?? 0) > Date.now(), 'not at once');
    assert.equal(await queue.claim('w', ['bulk'], lease), null);
    clock.offsetMs += 3_000;
    await sleep(1_600);
    const second = await claimed(queue);
    assert.equal(second.attempts, 2);
    await queue.fail(second.id, second.fence, { code: 'timeout', message: 'slow' }, true);
    assert.equal((await queue.get(first.id))?.state, 'failed');
    await queue.enqueue(job());
    const other = await claimed(queue);
    await queue.fail(other.id, other.fence, { code: 'denied', message: 'no' }, false);
    const ended = await queue.get(other.id);
    assert.deepEqual([ended?.state, ended?.failure], ['failed', { code: 'denied', message: 'no' }]);
    assert.ok(ended?.finishedAt);
  });

  test('takes a job back that a shutdown interrupted, without counting it', async (t) => {
    const { queue } = await world(t, open);
    await queue.enqueue(job({ maxAttempts: 1 }));
    for (let i = 1; i <= 3; i++) {
      const mine = await claimed(queue);
      assert.deepEqual([mine.attempts, mine.fence], [1, i]);
      assert.equal(await queue.release(mine.id, mine.fence), true);
    }
  });

  test('calls off waiting jobs at once, and asks running ones to stop', async (t) => {
    const { queue, leases } = await world(t, open);
    const { job: waiting } = await queue.enqueue(job());
    assert.equal(await queue.cancel(waiting.id), true);
    assert.equal((await queue.get(waiting.id))?.state, 'cancelled');
    assert.equal(await queue.cancel(waiting.id), false);
    assert.equal(await queue.cancel('00000000-0000-4000-8000-000000000000'), false);
    assert.equal(await queue.claim('w', ['bulk'], lease), null);
    await queue.enqueue(job());
    const mine = await claimed(queue);
    assert.equal(await queue.cancel(mine.id), true);
    assert.deepEqual(await queue.heartbeat(mine.id, mine.fence, lease, null), { held: true, cancel: true });
    assert.equal(await queue.cancelled(mine.id, mine.fence), true);
    assert.equal((await queue.get(mine.id))?.state, 'cancelled');
    await queue.enqueue(job());
    const lost = await claimed(queue);
    await queue.cancel(lost.id);
    leases.offsetMs += lease + 1_001;
    assert.equal(await queue.claim('w', ['bulk'], lease), null, 'nobody begins again what was called off');
    assert.equal((await queue.get(lost.id))?.state, 'cancelled');
  });

  test('tells observers each change in its transaction', async (t) => {
    const seen: string[] = [];
    const { queue, leases, db } = await world(t, open, [
      async (trx, { job: changed, from, to }) => {
        if (changed.payload === 'refuse' && to === 'succeeded') throw new Error('refused');
        await trx
          .insertInto('setting')
          .values({ key: `${seen.length}`, value: '1' })
          .execute();
        seen.push(`${from ?? '-'}>${to}`);
      },
    ]);
    await queue.enqueue(job());
    const first = await claimed(queue);
    leases.offsetMs += lease + 1_001;
    const second = await claimed(queue);
    assert.equal(await queue.complete(first.id, first.fence), false);
    await queue.complete(second.id, second.fence);
    assert.deepEqual(seen, ['->queued', 'queued>running', 'running>queued', 'queued>running', 'running>succeeded']);
    await queue.enqueue(job({ payload: 'refuse' }));
    const mine = await claimed(queue);
    await assert.rejects(queue.complete(mine.id, mine.fence), /refused/);
    assert.equal((await queue.get(mine.id))?.state, 'running', 'both or neither');
    const rows = await db.kysely.selectFrom('setting').select('key').execute();
    assert.equal(rows.length, 7);
  });

  test('queues with what belongs to it, or not at all', async (t) => {
    const { queue, db } = await world(t, open);
    await assert.rejects(
      db.transaction(async (trx) => {
        await queue.enqueueIn(trx, [job({ dedupeKey: 'x' })]);
        throw new Error('undone');
      }),
      /undone/,
    );
    assert.equal(await queue.claim('w', ['bulk'], lease), null);
    assert.equal((await queue.enqueue(job({ dedupeKey: 'x' }))).created, true);
    const many = Array.from({ length: 1_200 }, (_, n) => job({ dedupeKey: `${n % 1_100}`, payload: n }));
    const answers = await db.transaction((trx) => queue.enqueueIn(trx, many));
    assert.equal(answers.filter(({ created }) => created).length, 1_100);
    assert.deepEqual(
      answers.map(({ job: { dedupeKey } }) => dedupeKey),
      many.map(({ dedupeKey }) => dedupeKey),
    );
  });

  test('shares work between nodes: each job once', async (t) => {
    const { queue, target, db } = await world(t, open);
    const others = await Promise.all(
      [0, 1, 2].map(async () => {
        const other = await openDatabase(target);
        const node = await createQueue({ db: other, target, report: fail });
        t.after(async () => {
          await node.close();
          await other.close();
        });
        return node;
      }),
    );
    await db.transaction((trx) =>
      queue.enqueueIn(
        trx,
        Array.from({ length: 120 }, (_, n) => job({ payload: n })),
      ),
    );
    const done: unknown[] = [];
    await Promise.all(
      others.map(async (node, index) => {
        for (;;) {
          const next = await node.claim(`node ${index}`, ['bulk'], lease);
          if (next === null) return;
          done.push(next.payload);
          assert.equal(await node.complete(next.id, next.fence), true);
        }
      }),
    );
    assert.deepEqual(
      done.toSorted((a, b) => Number(a) - Number(b)),
      Array.from({ length: 120 }, (_, n) => n),
    );
  });

  test('is not confused by a clock that is set back a day, or forward a year', async (t) => {
    const { queue, clock } = await world(t, open);
    await queue.enqueue(job({ payload: 'before' }));
    const mine = await claimed(queue);
    clock.offsetMs += 365 * 86_400_000;
    assert.equal(await queue.claim('w', ['bulk'], lease), null, 'leases do not go by the time of day');
    assert.equal(await queue.holds(mine.id, mine.fence), true);
    await queue.enqueue(job({ payload: 'in a year' }));
    clock.offsetMs -= 366 * 86_400_000;
    assert.equal((await claimed(queue)).payload, 'in a year', 'queued by a wrong clock, due all the same');
    assert.equal(await queue.complete(mine.id, mine.fence), true);
  });

  test('counts what waits and runs, lists, and forgets what is old', async (t) => {
    const { queue, clock } = await world(t, open);
    await queue.enqueue(job());
    await queue.enqueue(job({ kind: 'feed' }));
    const mine = await claimed(queue);
    clock.offsetMs += 5_000;
    const stats = await queue.stats();
    assert.deepEqual(
      stats.map(({ kind, state, count }) => [kind, state, count]),
      [
        ['feed', 'queued', 1],
        ['probe', 'running', 1],
      ],
    );
    assert.ok((stats[0]?.oldestMs ?? 0) >= 5_000);
    assert.deepEqual(
      (await queue.list({ limit: 10 })).map(({ kind }) => kind),
      ['feed', 'probe'],
    );
    assert.equal((await queue.list({ kind: 'probe', states: ['queued'], limit: 10 })).length, 0);
    await queue.complete(mine.id, mine.fence);
    assert.equal(await queue.prune(clock.offsetMs + Date.now() - 1_000, 100), 0);
    clock.offsetMs += 60_000;
    assert.equal(await queue.prune(clock.offsetMs + Date.now() - 1_000, 100), 1);
    assert.equal((await queue.list({ limit: 10 })).length, 1, 'what waits is never forgotten');
  });
});
