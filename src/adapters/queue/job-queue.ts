import type { Transaction } from 'kysely';
import { backoffMs, type JobClass } from '../../jobs/index.ts';
import type { Tables } from '../sql/index.ts';
import type { SqlQueue } from './contract.ts';
import { claimedOf, type JobRow, jobOf } from './job-row.ts';
import { holdsLease } from './lease-clock.ts';
import { type QueueParts, Transitions } from './transitions.ts';

/** How often one process looks for leases that have run out, ms of the lease clock. */
const reapEveryMs = 1_000;

/** A queue over the job table; `delivery` decides who is next. */
export function createJobTableQueue(parts: QueueParts): SqlQueue {
  const transitions = new Transitions(parts);
  const { db, delivery, leases, clock } = parts;
  let nextReap = Number.NEGATIVE_INFINITY;

  const reap = async (): Promise<void> => {
    const now = await leases.now(db.kysely);
    if (now < nextReap) return;
    nextReap = now + reapEveryMs;
    if (await leaseRanOut(parts, now)) await db.transaction((trx) => transitions.reap(trx, now));
  };

  const owned = (id: string, fence: number, work: (trx: Transaction<Tables>, row: JobRow) => Promise<void>) =>
    db.transaction(async (trx) => {
      const row = await transitions.owned(trx, id, fence);
      if (row) await work(trx, row);
      return row !== null;
    });

  return {
    enqueueIn: transitions.enqueue,
    cancelIn: (trx, id) => transitions.cancel(trx, id),
    async enqueue(job) {
      const [result] = await db.transaction((trx) => transitions.enqueue(trx, [job]));
      if (!result) throw new Error('a job that was queued has no answer');
      return result;
    },
    async claim(worker, classes, leaseMs) {
      await reap();
      const now = clock.now().getTime();
      if (!(await delivery.peek(classes, now))) return null;
      const row = await db.transaction(async (trx) =>
        claimNext(parts, transitions, trx, { worker, classes, leaseMs, now }),
      );
      return row && claimedOf(row);
    },
    async heartbeat(id, fence, leaseMs, progress) {
      const row = await db.kysely
        .updateTable('job')
        .set({
          lease_until: (await leases.now(db.kysely)) + leaseMs,
          lease_epoch: leases.epoch,
          ...(progress && { progress: JSON.stringify(progress) }),
        })
        .where('id', '=', id)
        .where('fence', '=', fence)
        .where('state', '=', 'running')
        .returning('cancel')
        .executeTakeFirst();
      return { held: row !== undefined, cancel: row?.cancel === 1 };
    },
    holds: (jobId, fence) => holdsLease(db, leases, { jobId, fence }),
    complete: (id, fence) => owned(id, fence, (trx, row) => transitions.end(trx, row, 'succeeded', null)),
    cancelled: (id, fence) => owned(id, fence, (trx, row) => transitions.end(trx, row, 'cancelled', null)),
    release: (id, fence) =>
      owned(id, fence, (trx, row) => transitions.requeue(trx, row, 0, null, Math.max(0, row.attempts - 1))),
    fail: (id, fence, failure, retryable) =>
      owned(id, fence, (trx, row) => {
        if (row.cancel === 1) return transitions.end(trx, row, 'cancelled', null);
        if (!retryable || row.attempts >= row.max_attempts) return transitions.end(trx, row, 'failed', failure);
        return transitions.requeue(trx, row, pauseMs(row.attempts, failure.code, parts.random()), failure);
      }),
    cancel: (id) => db.transaction((trx) => transitions.cancel(trx, id)),
    async get(id) {
      const row = await db.kysely.selectFrom('job').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? jobOf(row) : null;
    },
    async list({ kind, states, limit }) {
      let query = db.kysely.selectFrom('job').selectAll().orderBy('seq', 'desc').limit(limit);
      if (kind) query = query.where('kind', '=', kind);
      if (states) query = query.where('state', 'in', [...states]);
      return (await query.execute()).map(jobOf);
    },
    stats: () => statistics(parts),
    prune: (before, limit) => prune(parts, before, limit),
    close: () => delivery.close(),
  };
}

/** The first loss of a worker says nothing about the job: it goes on at once. */
function pauseMs(attempts: number, code: string, random: number): number {
  return code === 'worker_lost' && attempts < 2 ? 0 : backoffMs(attempts, random);
}

async function claimNext(
  parts: QueueParts,
  transitions: Transitions,
  trx: Transaction<Tables>,
  input: { worker: string; classes: readonly JobClass[]; leaseMs: number; now: number },
): Promise<JobRow | null> {
  for (const jobClass of input.classes) {
    for (;;) {
      const id = await parts.delivery.take(trx, jobClass, input.now);
      if (id === null) break;
      const leaseNow = await parts.leases.now(trx);
      const row = await transitions.claim(trx, id, input.worker, input.leaseMs, leaseNow);
      // Delivered, but cancelled meanwhile: the next one.
      if (row) return row;
    }
  }
  return null;
}

async function leaseRanOut({ db, leases }: QueueParts, now: number): Promise<boolean> {
  const row = await db.kysely
    .selectFrom('job')
    .select('seq')
    .where('state', '=', 'running')
    .where((eb) => eb.or([eb('lease_until', '<', now), eb('lease_epoch', '!=', leases.epoch)]))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Waiting and running jobs as they are; ended ones of the last hour. */
async function statistics({ db, clock }: QueueParts): ReturnType<SqlQueue['stats']> {
  const now = clock.now().getTime();
  const rows = await db.kysely
    .selectFrom('job')
    .select((eb) => ['kind', 'class', 'state', eb.fn.countAll<number>().as('count'), eb.fn.min('run_at').as('oldest')])
    .where((eb) => eb.or([eb('state', 'in', ['queued', 'running']), eb('finished_at', '>', now - 3_600_000)]))
    .groupBy(['kind', 'class', 'state'])
    .orderBy('kind')
    .orderBy('class')
    .orderBy('state')
    .execute();
  return rows.map(({ kind, class: jobClass, state, count, oldest }) => ({
    kind,
    class: jobClass,
    state,
    count: Number(count),
    oldestMs: state === 'queued' && oldest !== null ? Math.max(0, now - Number(oldest)) : null,
  }));
}

async function prune({ db }: QueueParts, before: number, limit: number): Promise<number> {
  const old = db.kysely
    .selectFrom('job')
    .select('seq')
    .where('finished_at', 'is not', null)
    .where('finished_at', '<', before)
    .limit(limit);
  const result = await db.kysely.deleteFrom('job').where('seq', 'in', old).executeTakeFirst();
  return Number(result.numDeletedRows);
}
