import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { SqlQueue } from '../../adapters/queue/index.ts';
import { createProcessRunner, defaultProcessLimits } from '../../adapters/workers/index.ts';
import { defaultShares, Scheduler, type ScheduleStore, systemTimers, WorkerLoop } from '../../jobs/index.ts';
import { messageOf, systemClock } from '../../kernel/index.ts';
import { encodeForJobs } from './job-settings.ts';
import type { ServiceOptions } from './options.ts';

/** How long the lease of a job is; a worker that was killed is missed after that time at most. */
const leaseMs = 10_000;
const heartbeatMs = 2_000;
const pollMs = 500;
const tickMs = 5_000;
const watchMs = 3_000;
/** How long running jobs may go on after the process was asked to stop. */
const drainMs = 10_000;

/** The background work of one process. */
export interface Work extends AsyncDisposable {
  /** Looks for work now. */
  wake(): void;
  /** Number of jobs that run here. */
  running(): number;
  start(): void;
}

/** Works off jobs in child processes, and queues what schedules ask for. */
export function openWork(deps: {
  readonly queue: SqlQueue;
  readonly schedules: ScheduleStore;
  readonly options: ServiceOptions;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
  /** Queues what changed facts outside the store make necessary; says whether it did. */
  readonly watch: () => Promise<boolean>;
}): Work {
  const { queue, schedules, options, env, logger } = deps;
  const report = (message: string, error: unknown): void =>
    logger.error({ err: error }, `${message}: ${messageOf(error)}`);
  const heapMiB = options.jobMemoryMiB;
  const runner = createProcessRunner({
    ...defaultProcessLimits,
    entry: fileURLToPath(
      new URL(`./job-worker${import.meta.filename.slice(import.meta.filename.lastIndexOf('.'))}`, import.meta.url),
    ),
    args: [],
    // What reads the content of images and registries has no use for the first administrator's key.
    env: { ...env, DRYDOCK_BOOTSTRAP_ACCESS_KEY: undefined, ...encodeForJobs(options) },
    heapMiB,
    // Buffers and compiled code live beside the heap.
    residentMiB: heapMiB + 512,
  });
  const loop = new WorkerLoop({
    queue,
    runner,
    worker: `${hostname()}:${process.pid}`,
    shares: defaultShares(options.workers),
    leaseMs,
    heartbeatMs,
    pollMs,
    timers: systemTimers,
    report,
    ended: (job, ending) => logger.info({ job: job.id, kind: job.kind, attempts: job.attempts, ending }, 'job ended'),
  });
  const scheduler = new Scheduler({
    store: schedules,
    clock: systemClock,
    timers: systemTimers,
    tickMs,
    wake: () => loop.wake(),
    report,
  });
  let watching: NodeJS.Timeout | undefined;
  const look = (): void => {
    deps.watch().then(
      (queued) => queued && loop.wake(),
      (error: unknown) => report('advisories and notifications could not be looked at', error),
    );
  };
  return {
    wake: () => loop.wake(),
    running: () => loop.running.length,
    start() {
      loop.start();
      scheduler.start();
      look();
      watching = setInterval(look, watchMs);
      watching.unref();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(watching);
      await scheduler.stop();
      await loop.drain(drainMs);
      await runner[Symbol.asyncDispose]();
    },
  };
}
