import { CodedError, hasCode, messageOf } from '../kernel/index.ts';
import type { ClaimedJob, Job, JobQueue, JobRunner, Timers } from './contract.ts';
import { JobError } from './errors.ts';

/** What a job that runs needs. */
export interface RunningJobDeps {
  readonly queue: JobQueue;
  readonly runner: JobRunner;
  readonly timers: Timers;
  readonly leaseMs: number;
  readonly heartbeatMs: number;
  /** For problems that are nobody's answer, such as a heartbeat that did not reach the database. */
  readonly report: (message: string, error: unknown) => void;
}

/** How work on a claimed job ended. `lost`: somebody else owns it now, nothing was written. */
export type JobEnding = 'succeeded' | 'failed' | 'retried' | 'cancelled' | 'released' | 'lost';

/**
 * Work on one claimed job: keeps its lease while the runner works, passes on a wish to cancel, stops the runner when the
 * lease is gone, and writes the ending once.
 */
export class RunningJob {
  readonly job: ClaimedJob;
  /** Settles when the ending is written; never rejects. */
  readonly done: Promise<JobEnding>;
  readonly #deps: RunningJobDeps;
  readonly #controller = new AbortController();
  #progress: Job['progress'] = null;
  #heldAt: number;
  #stop: 'none' | 'cancel' | 'release' | 'lost' = 'none';
  #takeBackTimer: (() => void) | undefined;
  #ended = false;

  constructor(job: ClaimedJob, deps: RunningJobDeps) {
    this.job = job;
    this.#deps = deps;
    this.#heldAt = deps.timers.now();
    this.done = this.#work();
  }

  /** Stops the work and gives the job back uncounted; for a shutdown. */
  release(): void {
    if (this.#ended || this.#stop !== 'none') return;
    this.#stop = 'release';
    this.#controller.abort(new JobError('worker_lost', 'the worker shuts down', { retryable: true }));
  }

  async #work(): Promise<JobEnding> {
    this.#beatLater();
    try {
      await this.#deps.runner.run(this.job, {
        signal: this.#controller.signal,
        progress: (progress) => {
          this.#progress = progress;
        },
        held: () => this.#held(),
      });
      return await this.#write(() => this.#complete());
    } catch (error) {
      return await this.#write(() => this.#failed(error));
    } finally {
      this.#ended = true;
      this.#takeBackTimer?.();
    }
  }

  async #held(): Promise<boolean> {
    if (this.#stop === 'lost') return false;
    return this.#deps.queue.holds(this.job.id, this.job.fence);
  }

  #beatLater(): void {
    if (this.#ended) return;
    this.#takeBackTimer = this.#deps.timers.after(this.#deps.heartbeatMs, () => void this.#beat());
  }

  async #beat(): Promise<void> {
    const { queue, timers, leaseMs, report } = this.#deps;
    const asked = timers.now();
    try {
      const { held, cancel } = await queue.heartbeat(this.job.id, this.job.fence, leaseMs, this.#progress);
      if (!held) return this.#lose();
      this.#heldAt = asked;
      if (cancel) this.#cancel();
    } catch (error) {
      report(`no heartbeat of job ${this.job.id}`, error);
      // Nobody can tell whether the lease still stands; from its end on it surely does not.
      if (timers.now() - this.#heldAt >= leaseMs) return this.#lose();
    }
    this.#beatLater();
  }

  #lose(): void {
    if (this.#ended) return;
    this.#stop = 'lost';
    this.#controller.abort(new JobError('worker_lost', 'the lease of the job was lost', { retryable: true }));
  }

  #cancel(): void {
    if (this.#ended || this.#stop !== 'none') return;
    this.#stop = 'cancel';
    this.#controller.abort(new JobError('cancelled', 'the job was cancelled'));
  }

  async #complete(): Promise<JobEnding> {
    return (await this.#deps.queue.complete(this.job.id, this.job.fence)) ? 'succeeded' : 'lost';
  }

  async #failed(error: unknown): Promise<JobEnding> {
    const { queue } = this.#deps;
    const { id, fence, attempts, maxAttempts } = this.job;
    if (this.#stop === 'lost') return 'lost';
    if (this.#stop === 'release') return (await queue.release(id, fence)) ? 'released' : 'lost';
    if (this.#stop === 'cancel') return (await queue.cancelled(id, fence)) ? 'cancelled' : 'lost';
    const failure = { code: error instanceof CodedError ? error.code : 'internal', message: messageOf(error) };
    const retryable = error instanceof CodedError && error.retryable && !hasCode(error, 'cancelled');
    if (!(error instanceof CodedError)) this.#deps.report(`job ${id} (${this.job.kind}) met a fault`, error);
    if (!(await queue.fail(id, fence, failure, retryable))) return 'lost';
    return retryable && attempts < maxAttempts ? 'retried' : 'failed';
  }

  /** The ending must reach the database; while it does not, the lease is left to run out and the job begins again. */
  async #write(ending: () => Promise<JobEnding>): Promise<JobEnding> {
    try {
      return await ending();
    } catch (error) {
      this.#deps.report(`the ending of job ${this.job.id} was not written`, error);
      return 'lost';
    }
  }
}
