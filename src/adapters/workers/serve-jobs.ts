import process from 'node:process';
import { type ClaimedJob, type Fence, JobError, type JobHandler, runHandlers } from '../../jobs/index.ts';
import { CodedError, messageOf } from '../../kernel/index.ts';
import { aliveEveryMs, type ToChild, type ToParent } from './protocol.ts';

/** Progress is passed on no more often than this, ms. */
const progressEveryMs = 200;

/**
 * The inside of a job process: does what its parent says until the parent goes away. Then it ends at once, whatever it is
 * doing: somebody else will take the job up, and what this process still wrote would be refused.
 * @param holds whether a job is still owned, asked of the store and not of the parent
 */
export function serveJobs(handlers: readonly JobHandler[], holds: (fence: Fence) => Promise<boolean>): void {
  const runner = runHandlers(handlers);
  const running = new Map<string, AbortController>();
  const send = (message: ToParent): void => {
    if (process.connected) process.send?.(message);
  };

  const run = async (job: ClaimedJob): Promise<void> => {
    const controller = new AbortController();
    running.set(job.id, controller);
    let sentAt = 0;
    try {
      await runner.run(job, {
        signal: controller.signal,
        progress: (progress) => {
          const now = performance.now();
          if (now - sentAt < progressEveryMs && progress.done !== 0) return;
          sentAt = now;
          send({ kind: 'progress', jobId: job.id, progress });
        },
        held: () => holds({ jobId: job.id, fence: job.fence }),
      });
      send({ kind: 'done', jobId: job.id });
    } catch (error) {
      send({ kind: 'failed', jobId: job.id, ...describe(error) });
    } finally {
      running.delete(job.id);
    }
  };

  process.on('message', (message: ToChild) => {
    if (message.kind === 'run') void run(message.job);
    else running.get(message.jobId)?.abort(new JobError(asCode(message.code), message.message, { retryable: true }));
  });
  process.on('disconnect', () => process.exit(0));
  // Signals of a terminal reach the whole group; the parent decides what becomes of the job.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  setInterval(() => send({ kind: 'alive' }), aliveEveryMs);
  send({ kind: 'alive' });
}

function asCode(code: string): 'cancelled' | 'worker_lost' {
  return code === 'cancelled' ? 'cancelled' : 'worker_lost';
}

function describe(error: unknown): { code: string; message: string; retryable: boolean } {
  if (error instanceof CodedError) return { code: error.code, message: error.message, retryable: error.retryable };
  // A fault of ours: its trace belongs into the log, which the parent passes on.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return { code: 'internal', message: messageOf(error), retryable: false };
}
