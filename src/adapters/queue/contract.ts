import type { Transaction } from 'kysely';
import type { Job, JobClass, JobQueue, JobState, NewJob } from '../../jobs/index.ts';
import type { Tables } from '../sql/index.ts';
import type { JobRow } from './job-row.ts';

/** A change of state of one job, told in the transaction that makes it. */
export interface JobChange {
  /** As it is after the change. */
  readonly job: Job;
  readonly from: JobState | null;
  readonly to: JobState;
  /** The queue, for observers that have to queue more in the same transaction. */
  readonly enqueue: EnqueueIn;
  readonly at: number;
}

/** Keeps what belongs to a job, such as its task, in step with it; a fault in it undoes the change. */
export type JobObserver = (trx: Transaction<Tables>, change: JobChange) => Promise<void>;

/** Queues jobs in a transaction of somebody else; answers in the order of the jobs. */
export type EnqueueIn = (
  trx: Transaction<Tables>,
  jobs: readonly NewJob[],
) => Promise<readonly { readonly job: Job; readonly created: boolean }[]>;

/** A queue in an SQL store. */
export interface SqlQueue extends JobQueue {
  readonly enqueueIn: EnqueueIn;
  /** Asks for the end of a job in a transaction of somebody else, as `cancel`. */
  cancelIn(trx: Transaction<Tables>, id: string): Promise<boolean>;
  /** Deletes up to `limit` jobs that ended before a time; how many. */
  prune(before: number, limit: number): Promise<number>;
  close(): Promise<void>;
}

/** How queued jobs find a worker: who is next, and who waits until when. */
export interface Delivery {
  /** Makes jobs that were just queued available from their `run_at` on. */
  offer(trx: Transaction<Tables>, rows: readonly JobRow[]): Promise<void>;
  /** Takes the id of the next job of a class for this transaction, locked; null when none is due. */
  take(trx: Transaction<Tables>, jobClass: JobClass, now: number): Promise<string | null>;
  /** Whether something may be due, asked without a lock; true when it is not known. */
  peek(classes: readonly JobClass[], now: number): Promise<boolean>;
  close(): Promise<void>;
}
