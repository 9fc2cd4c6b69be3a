/** What the background does; the explicit list of handlers is in `app/`. */
export type JobKind = 'scan' | 'fix' | 'sync' | 'feed' | 'rematch' | 'export' | 'retention' | 'probe';

/** Interactive work has a reserved share of the workers, so that bulk work never starves it. */
export type JobClass = 'interactive' | 'bulk';

export type JobState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** One unit of background work. */
export interface Job {
  /** UUID. */
  readonly id: string;
  readonly kind: JobKind;
  readonly class: JobClass;
  readonly state: JobState;
  /** At most one queued or running job of a kind has this key; enqueuing another returns the first. */
  readonly dedupeKey: string | null;
  /** JSON. */
  readonly payload: unknown;
  readonly runAt: number;
  readonly attempts: number;
  readonly maxAttempts: number;
  /** Counted up at every claim; a worker with an older number may not write (fencing). */
  readonly fence: number;
  readonly progress: { readonly stage: string; readonly done: number; readonly total: number | null } | null;
  /** Typed code and sentence of the last failure. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface NewJob {
  readonly kind: JobKind;
  readonly class: JobClass;
  readonly payload: unknown;
  readonly dedupeKey?: string;
  /** Higher first inside a class; default 0. */
  readonly priority?: number;
  readonly runAt?: number;
  readonly maxAttempts?: number;
}

/** A job together with the right to work on it. */
export interface ClaimedJob extends Job {
  readonly leaseOwner: string;
  readonly leaseUntil: number;
}

/**
 * Durable queue with leases: a claim is a lease, heartbeats extend it, and a job whose lease ran out is handed out again
 * with a higher fence. Every method that takes a fence answers false when it is not the newest: that worker has lost.
 */
export interface JobQueue {
  /** Durable when it resolves. Returns the existing job for a taken dedupe key. */
  enqueue(job: NewJob): Promise<{ readonly job: Job; readonly created: boolean }>;
  /** The next job of these classes whose time has come, or null. */
  claim(worker: string, classes: readonly JobClass[], leaseMs: number): Promise<ClaimedJob | null>;
  /** Extends the lease and stores progress. `cancel` tells that somebody wants the job to stop. */
  heartbeat(
    id: string,
    fence: number,
    leaseMs: number,
    progress: Job['progress'],
  ): Promise<{ readonly held: boolean; readonly cancel: boolean }>;
  complete(id: string, fence: number): Promise<boolean>;
  /** Queues it again after a pause when `retryable` and attempts are left; else it has failed. */
  fail(id: string, fence: number, failure: { code: string; message: string }, retryable: boolean): Promise<boolean>;
  /** Ends a cancelled job that its worker has stopped. */
  cancelled(id: string, fence: number): Promise<boolean>;
  /** Gives the job back unfinished and uncounted (graceful shutdown). */
  release(id: string, fence: number): Promise<boolean>;
  /** Queued jobs end at once, running ones are asked to stop. False when it has ended already or is unknown. */
  cancel(id: string): Promise<boolean>;
  get(id: string): Promise<Job | null>;
  /** Newest first. */
  list(filter: {
    readonly kind?: JobKind;
    readonly states?: readonly JobState[];
    readonly limit: number;
  }): Promise<readonly Job[]>;
  /** For metrics: jobs by kind, class and state, and the age in ms of the oldest that waits. */
  stats(): Promise<
    readonly { kind: JobKind; class: JobClass; state: JobState; count: number; oldestMs: number | null }[]
  >;
}
