import type { Clock } from '../../kernel/index.ts';
import type { Db, StoreTarget } from '../sql/index.ts';
import { fixObserver, planObserver, scanObserver } from '../sql/work/index.ts';
import type { JobObserver, SqlQueue } from './contract.ts';
import type { LeaseClock } from './lease-clock.ts';
import { createSqliteQueue } from './sqlite-queue.ts';

/** What a queue is opened with. */
export interface QueueOptions {
  readonly db: Db;
  /** Where `db` is: pg-boss keeps two connections of its own there. */
  readonly target: StoreTarget;
  /** For problems of pg-boss that are nobody's answer. */
  readonly report: (message: string, error: unknown) => void;
  /** Beside those that keep scan and fix tasks in step. */
  readonly observers?: readonly JobObserver[];
  readonly clock?: Clock;
  readonly leases?: LeaseClock;
  readonly random?: () => number;
}

/** The job queue of a store: in the job table of SQLite, or by pg-boss on PostgreSQL. */
export async function createQueue(options: QueueOptions): Promise<SqlQueue> {
  const { db, target, report, observers = [], clock, leases, random } = options;
  const common = {
    db,
    observers: [scanObserver(db), fixObserver(db), planObserver(db), ...observers],
    ...(clock && { clock }),
    ...(leases && { leases }),
    ...(random && { random }),
  };
  if (!('url' in target)) return createSqliteQueue(common);
  // Loaded where it is used only: it is a tenth of what an embedded server loads otherwise.
  const { createPgBossQueue } = await import('./pgboss-queue.ts');
  return createPgBossQueue({ ...common, url: target.url, report });
}
