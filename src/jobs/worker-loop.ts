import type { ClaimedJob, JobClass } from './contract.ts';
import { type JobEnding, RunningJob, type RunningJobDeps } from './running-job.ts';
import { claimable, type Shares } from './shares.ts';

/** What a worker loop is made of. */
export interface WorkerLoopDeps extends RunningJobDeps {
  /** Unique name of this loop; shown as the owner of leases. */
  readonly worker: string;
  readonly shares: Shares;
  /** How often an idle loop looks for work. */
  readonly pollMs: number;
  /** For metrics. */
  readonly ended?: (job: ClaimedJob, ending: JobEnding) => void;
}

/** The longest pause after claims that failed, as when the database is away. */
const longestRetryMs = 10_000;

/** Claims jobs and runs them, as many at a time as its shares allow, until it is drained. */
export class WorkerLoop {
  readonly #deps: WorkerLoopDeps;
  readonly #running = new Set<RunningJob>();
  #state: 'idle' | 'started' | 'draining' = 'idle';
  #filling: Promise<void> | undefined;
  #again = false;
  #failures = 0;
  #takeBackTimer: (() => void) | undefined;

  constructor(deps: WorkerLoopDeps) {
    this.#deps = deps;
  }

  /** Jobs that run here now. */
  get running(): readonly ClaimedJob[] {
    return [...this.#running].map(({ job }) => job);
  }

  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'started';
    this.wake();
  }

  /** Looks for work now, as after a job was queued in this process. */
  wake(): void {
    if (this.#state !== 'started') return;
    if (this.#filling) {
      this.#again = true;
      return;
    }
    this.#takeBackTimer?.();
    this.#filling = this.#fill().finally(() => {
      this.#filling = undefined;
      if (this.#state !== 'started') return;
      if (this.#again) {
        this.#again = false;
        this.wake();
      } else this.#pollLater();
    });
  }

  /** Takes no more jobs; what has not ended after the grace is stopped and given back to the queue. */
  async drain(graceMs: number): Promise<void> {
    this.#state = 'draining';
    this.#takeBackTimer?.();
    await this.#filling;
    const takeBack = this.#deps.timers.after(graceMs, () => {
      for (const running of this.#running) running.release();
    });
    await Promise.all([...this.#running].map(({ done }) => done));
    takeBack();
  }

  #pollLater(): void {
    const pause = Math.min(longestRetryMs, this.#deps.pollMs * 2 ** Math.min(this.#failures, 10));
    this.#takeBackTimer = this.#deps.timers.after(pause, () => this.wake());
  }

  async #fill(): Promise<void> {
    const { queue, worker, leaseMs, shares, report } = this.#deps;
    try {
      while (this.#state === 'started') {
        const classes = claimable(shares, this.#counts());
        if (classes.length === 0) break;
        const job = await queue.claim(worker, classes, leaseMs);
        if (job === null) break;
        this.#run(job);
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures++;
      report('no job could be claimed', error);
    }
  }

  #run(job: ClaimedJob): void {
    const running = new RunningJob(job, this.#deps);
    this.#running.add(running);
    void running.done.then((ending) => {
      this.#running.delete(running);
      this.#deps.ended?.(job, ending);
      this.wake();
    });
  }

  #counts(): Record<JobClass, number> {
    const counts = { interactive: 0, bulk: 0 };
    for (const { job } of this.#running) counts[job.class]++;
    return counts;
  }
}
