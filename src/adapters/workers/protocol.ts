import type { ClaimedJob, Job } from '../../jobs/index.ts';

/** What a worker loop tells its job process. */
export type ToChild =
  | { readonly kind: 'run'; readonly job: ClaimedJob }
  /** Stop working on the job; the code tells why: `cancelled`, or `worker_lost` for a lost lease or a shutdown. */
  | { readonly kind: 'stop'; readonly jobId: string; readonly code: string; readonly message: string };

/** What a job process tells its worker loop. */
export type ToParent =
  /** Sent every few seconds, so that a process that hangs is found out. */
  | { readonly kind: 'alive' }
  | { readonly kind: 'progress'; readonly jobId: string; readonly progress: NonNullable<Job['progress']> }
  | { readonly kind: 'done'; readonly jobId: string }
  | {
      readonly kind: 'failed';
      readonly jobId: string;
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };

/** How often a job process says that it is there, ms. */
export const aliveEveryMs = 2_000;
