/** What the background does; the explicit list of handlers is in `app/`. */
export type JobKind =
  | 'scan'
  | 'fix'
  | 'plan'
  | 'sync'
  | 'feed'
  | 'rematch'
  | 'export'
  | 'retention'
  | 'probe'
  | 'notify';

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

/** The right to write on behalf of a job; stores compare it with the job in the same transaction. */
export interface Fence {
  readonly jobId: string;
  readonly fence: number;
}

/** What work on a job may use of its queue. */
export interface JobContext {
  /** Aborted when somebody wants the job to stop, when its lease is lost, or when the process shuts down. */
  readonly signal: AbortSignal;
  /** Cheap; the newest is stored with the next heartbeat. */
  progress(progress: NonNullable<Job['progress']>): void;
  /** Whether this worker still owns the job; a job that lost its lease writes nothing more. */
  held(): Promise<boolean>;
}

/**
 * Does one kind of work. A job may be begun again after any crash, so everything it does must be idempotent; what it
 * throws is the failure of the job, and a `retryable` error is tried again while attempts are left.
 */
export interface JobHandler {
  readonly kind: JobKind;
  run(job: ClaimedJob, context: JobContext): Promise<void>;
}

/** Does work of every kind: in this process by handlers, or in child processes. */
export interface JobRunner {
  run(job: ClaimedJob, context: JobContext): Promise<void>;
}

/** Timers, and a clock that never jumps. */
export interface Timers {
  /** Milliseconds since some moment; only differences mean something. */
  now(): number;
  /** Calls back once; the result takes the call back. */
  after(ms: number, call: () => void): () => void;
}

/** Something that happened, for event streams and notifications. */
export interface OutboxEvent {
  /** Rises in the order in which the changes were committed. */
  readonly id: number;
  /** ms since 1970 UTC. */
  readonly at: number;
  /** `fix.stage`, `scan.finished` …; the part before the dot is what it is about. */
  readonly topic: string;
  /** Null = concerns the installation. */
  readonly projectId: number | null;
  /** JSON; holds ids and states, no secrets. */
  readonly payload: unknown;
}

/** The durable log of events; each is written in the transaction of the change that it tells of. */
export interface EventLog {
  /** Up to `limit` events behind an id, oldest first. */
  after(id: number, limit: number): Promise<readonly OutboxEvent[]>;
  /** Id of the newest event; 0 when there is none. */
  newest(): Promise<number>;
  /** Removes events older than a time; number of removed ones. */
  prune(before: number): Promise<number>;
}

/** Live events for any number of readers of one process. */
export interface EventFeed {
  /**
   * Events behind an id (undefined: from now on), until the signal. A reader that is too slow is served from the log
   * again: nothing is left out while the log holds it.
   */
  subscribe(options: { readonly after?: number; readonly signal: AbortSignal }): AsyncIterable<OutboxEvent>;
  /** Says that this process has committed an event; without it readers see it with the next poll. */
  wake(): void;
}

/** A schedule: what is due when. */
export interface Schedule {
  readonly id: number;
  /** Unique: `sync:12`, `fix-cycle`. */
  readonly name: string;
  readonly kind: JobKind;
  /** Cron expression (five or six fields), or `@every <seconds>`. */
  readonly cron: string;
  /** IANA name; times of the expression are times there. */
  readonly zone: string;
  /** Each run is put off by up to so many ms, the same for one moment on every node. */
  readonly jitterMs: number;
  /** Payload of the job that is queued. */
  readonly payload: unknown;
  readonly enabled: boolean;
  /** Moment of the expression that comes next, without jitter; null = none comes. */
  readonly nextAt: number | null;
  /** Moment of the expression that was fired last. */
  readonly lastSlot: number | null;
  /** When it was fired last. */
  readonly lastAt: number | null;
}

export type NewSchedule = Pick<Schedule, 'name' | 'kind' | 'cron' | 'payload'> &
  Partial<Pick<Schedule, 'zone' | 'jitterMs' | 'enabled'>>;

/** Where schedules are kept. */
export interface ScheduleStore {
  /** Adds or replaces by name. A changed expression is planned anew. */
  put(schedule: NewSchedule, nextAt: number | null): Promise<Schedule>;
  remove(name: string): Promise<boolean>;
  get(name: string): Promise<Schedule | null>;
  list(): Promise<readonly Schedule[]>;
  /**
   * Moves a schedule on and queues its job (null = only moves), in one transaction. False when another node moved it
   * first: then nothing is queued.
   */
  fire(
    schedule: Schedule,
    next: { readonly nextAt: number | null; readonly lastSlot: number | null; readonly lastAt: number | null },
    job: NewJob | null,
  ): Promise<boolean>;
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
  /** Whether the fence is the newest and its lease has not run out: asked right before something that stays. */
  holds(id: string, fence: number): Promise<boolean>;
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
