import { readFile } from 'node:fs/promises';
import { type Kysely, sql } from 'kysely';
import type { Fence } from '../../jobs/index.ts';
import type { Db, Tables } from '../sql/index.ts';

/**
 * The time of leases. It must be one clock for everybody who shares the table, and must not jump with the time of day:
 * the machine's monotonic clock for SQLite (all processes are on one machine), the server's for PostgreSQL.
 */
export interface LeaseClock {
  /** Names the zero of the clock; a lease of another zero has run out. */
  readonly epoch: string;
  /** ms since that zero. */
  now(trx: Kysely<Tables>): Promise<number>;
}

/** Time since the machine was started, which every process on it reads alike; another start is another epoch. */
export async function machineClock(): Promise<LeaseClock> {
  // Where there is no such file, the minute of the start is as good: it stays the same until the next one.
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const now = (): number => Number(process.hrtime.bigint() / 1_000_000n);
  const epoch = boot.trim() || `start-${Math.round((Date.now() - now()) / 60_000)}`;
  return { epoch, now: async () => now() };
}

/** The clock of the PostgreSQL server. */
export const databaseClock: LeaseClock = {
  epoch: 'database',
  async now(trx) {
    const { rows } = await sql<{
      now: number;
    }>`SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`.execute(trx);
    return rows[0]?.now ?? 0;
  },
};

/** Whether jobs are still owned, for a process that works on jobs but claims none. */
export async function leaseHolder(db: Db): Promise<(fence: Fence) => Promise<boolean>> {
  const clock = db.dialect === 'postgres' ? databaseClock : await machineClock();
  return (fence) => holdsLease(db, clock, fence);
}

/** Whether a job is owned with this fence, and its lease has not run out. */
export async function holdsLease(db: Db, clock: LeaseClock, { jobId, fence }: Fence): Promise<boolean> {
  const now = await clock.now(db.kysely);
  const row = await db.kysely
    .selectFrom('job')
    .select('seq')
    .where('id', '=', jobId)
    .where('fence', '=', fence)
    .where('state', '=', 'running')
    .where('lease_until', '>', now)
    .where('lease_epoch', '=', clock.epoch)
    .executeTakeFirst();
  return row !== undefined;
}
