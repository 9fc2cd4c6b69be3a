import { sql } from 'kysely';
import { type Clock, systemClock } from '../../kernel/index.ts';
import type { Db } from '../sql/index.ts';
import type { Delivery, JobObserver, SqlQueue } from './contract.ts';
import { createJobTableQueue } from './job-queue.ts';
import { type LeaseClock, machineClock } from './lease-clock.ts';

/** A time of day that lies so far behind the moment when a job was queued means that the clock was set back. */
const setBackMs = 1_000;

/** The queue of an SQLite store: the job table delivers by itself, since there is one writer at a time. */
export async function createSqliteQueue(options: {
  db: Db;
  observers: readonly JobObserver[];
  clock?: Clock;
  leases?: LeaseClock;
  random?: () => number;
}): Promise<SqlQueue> {
  const { db, observers, clock = systemClock, leases = await machineClock(), random = Math.random } = options;
  return createJobTableQueue({ db, delivery: tableDelivery(db), leases, clock, observers, random });
}

/** Delivery straight from the table: highest priority first, then who has been due for longest. */
function tableDelivery(db: Db): Delivery {
  return {
    async offer() {},
    async peek(classes, now) {
      const row = await db.kysely
        .selectFrom('job')
        .select('seq')
        .where('state', '=', 'queued')
        .where('class', 'in', [...classes])
        .where((eb) => eb.or([eb('run_at', '<=', now), eb('queued_at', '>', now + setBackMs)]))
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async take(trx, jobClass, now) {
      // A pause is a span, not a date: after the clock was set back nobody waits for the old date.
      await trx
        .updateTable('job')
        .set({ run_at: sql<number>`run_at - queued_at + ${now}`, queued_at: now })
        .where('state', '=', 'queued')
        .where('queued_at', '>', now + setBackMs)
        .execute();
      return nextDue(trx, jobClass, now);
    },
    async close() {},
  };
}

/** Walks the few priorities that occur instead of all jobs that wait for their time. */
async function nextDue(
  trx: Parameters<Delivery['take']>[0],
  jobClass: Parameters<Delivery['take']>[1],
  now: number,
): Promise<string | null> {
  const ready = () => trx.selectFrom('job').where('state', '=', 'queued').where('class', '=', jobClass);
  let below: number | undefined;
  for (;;) {
    const bound = below;
    let tops = ready().select('priority').orderBy('priority', 'desc').limit(1);
    if (bound !== undefined) tops = tops.where('priority', '<', bound);
    const top = await tops.executeTakeFirst();
    if (!top) return null;
    const job = await ready()
      .select('id')
      .where('priority', '=', top.priority)
      .where('run_at', '<=', now)
      .orderBy('run_at')
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (job) return job.id;
    below = top.priority;
  }
}
