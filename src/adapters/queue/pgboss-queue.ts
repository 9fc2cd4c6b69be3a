import { fromKysely, PgBoss } from 'pg-boss';
import type { JobClass } from '../../jobs/index.ts';
import { type Clock, systemClock } from '../../kernel/index.ts';
import type { Db } from '../sql/index.ts';
import type { Delivery, JobObserver, SqlQueue } from './contract.ts';
import { createJobTableQueue } from './job-queue.ts';
import { databaseClock, type LeaseClock } from './lease-clock.ts';

const queueNames: Readonly<Record<JobClass, string>> = { interactive: 'drydock-interactive', bulk: 'drydock-bulk' };

/** Waiting jobs must not be thrown away by the library, however long they wait: ten years. */
const keepSeconds = 10 * 365 * 86_400;

/**
 * The queue of a PostgreSQL store: pg-boss delivers (priorities, delays, SKIP LOCKED over any number of nodes), the job
 * table beside it holds what it does not know: fences, progress, wishes to cancel (docs/adr/0007-jobs.md). A ticket of
 * pg-boss lives from queueing to claiming and moves in the transaction of the row.
 */
export async function createPgBossQueue(options: {
  db: Db;
  url: string;
  observers: readonly JobObserver[];
  report: (message: string, error: unknown) => void;
  /** Schema of pg-boss. */
  schema?: string;
  clock?: Clock;
  leases?: LeaseClock;
  random?: () => number;
}): Promise<SqlQueue> {
  const { db, observers, clock = systemClock, leases = databaseClock, random = Math.random } = options;
  const boss = new PgBoss({
    connectionString: options.url,
    schema: options.schema ?? 'drydock_queue',
    application_name: 'drydock queue',
    max: 2,
    schedule: false,
  });
  const closing = new AbortController();
  // Whatever its own housekeeping has under way fails when the queue is closed: that is no problem of anybody.
  boss.on('error', (error) => closing.signal.aborted || options.report('pg-boss met a problem', error));
  await boss.start();
  for (const name of Object.values(queueNames)) {
    await boss.createQueue(name, { retentionSeconds: keepSeconds, retryLimit: 0 });
  }
  return createJobTableQueue({ db, delivery: bossDelivery(boss, db, closing), leases, clock, observers, random });
}

function bossDelivery(boss: PgBoss, db: Db, closing: AbortController): Delivery {
  return {
    async offer(trx, rows) {
      for (const jobClass of ['interactive', 'bulk'] as const) {
        const tickets = rows
          .filter((row) => row.class === jobClass)
          .map((row) => ({
            data: { job: row.id },
            priority: row.priority,
            // As a span from now on the server's clock, so that clocks of nodes need not agree.
            startAfter: Math.max(0, Math.round((row.run_at - row.queued_at) / 1000)),
          }));
        if (tickets.length > 0) await boss.insert(queueNames[jobClass], tickets, { db: fromKysely(trx) });
      }
    },
    async take(trx, jobClass) {
      const name = queueNames[jobClass];
      const connection = { db: fromKysely(trx) };
      const [ticket] = await boss.fetch<{ job: string }>(name, connection);
      if (!ticket) return null;
      await boss.deleteJob(name, ticket.id, connection);
      return ticket.data.job;
    },
    async peek(classes) {
      const row = await db.kysely
        .selectFrom('job')
        .select('seq')
        .where('state', '=', 'queued')
        .where('class', 'in', [...classes])
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    close() {
      closing.abort();
      return boss.stop({ graceful: false });
    },
  };
}
