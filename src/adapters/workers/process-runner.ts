import type { JobRunner } from '../../jobs/index.ts';
import { JobProcess, type JobProcessOptions } from './job-process.ts';

/** How job processes are kept. */
export interface ProcessRunnerOptions extends JobProcessOptions {
  /** An idle process is kept for so long, since the next job often comes soon, ms. */
  readonly idleMs: number;
  /** A process is replaced after so many jobs, so that nothing that leaks can pile up. */
  readonly jobsPerProcess: number;
}

/** Limits that fit a machine with 4 GiB for two jobs at a time. */
export const defaultProcessLimits = {
  heapMiB: 1_024,
  residentMiB: 1_536,
  silentMs: 60_000,
  idleMs: 30_000,
  jobsPerProcess: 100,
  graceMs: (job: { readonly kind: string }): number => (job.kind === 'fix' ? 30_000 : 3_000),
} as const;

interface Idle {
  readonly process: JobProcess;
  readonly jobs: number;
  readonly end: NodeJS.Timeout;
}

/** Runs each job in a process of its own for that time: what one job does to its process, another never feels. */
export function createProcessRunner(options: ProcessRunnerOptions): JobRunner & AsyncDisposable {
  const idle: Idle[] = [];
  const all = new Set<JobProcess>();

  const take = (): { process: JobProcess; jobs: number } => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.end);
      if (kept.process.usable) return kept;
    }
    const process = new JobProcess(options);
    all.add(process);
    void process.gone.then(() => all.delete(process));
    return { process, jobs: 0 };
  };

  const keep = (process: JobProcess, jobs: number): void => {
    if (!process.usable || jobs >= options.jobsPerProcess) {
      process.end();
      return;
    }
    const end = setTimeout(() => {
      const index = idle.findIndex((kept) => kept.process === process);
      if (index >= 0) idle.splice(index, 1);
      process.end();
    }, options.idleMs);
    end.unref();
    idle.push({ process, jobs, end });
  };

  return {
    async run(job, context) {
      const { process, jobs } = take();
      try {
        await process.run(job, context);
      } finally {
        keep(process, jobs + 1);
      }
    },
    async [Symbol.asyncDispose]() {
      for (const { end } of idle) clearTimeout(end);
      idle.length = 0;
      for (const process of all) process.end();
      await Promise.all([...all].map(({ gone }) => gone));
    },
  };
}
