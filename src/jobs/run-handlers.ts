import type { JobHandler, JobRunner } from './contract.ts';
import { JobError } from './errors.ts';

/** Runs jobs in this process by the explicit list of handlers. */
export function runHandlers(handlers: readonly JobHandler[]): JobRunner {
  const byKind = new Map(handlers.map((handler) => [handler.kind, handler]));
  return {
    async run(job, context) {
      const handler = byKind.get(job.kind);
      // During an upgrade another node may know the kind: it is tried again there.
      if (!handler) throw new JobError('internal', `no handler for jobs of kind ${job.kind}`, { retryable: true });
      await handler.run(job, context);
    },
  };
}
