import type { Job, JobQueue } from '../../jobs/index.ts';

/** Payload of a `rematch` job. */
export interface RematchPayload {
  /** Matches every package anew, whatever changed: after an update of the matcher itself. */
  readonly full?: boolean;
}

/**
 * Queues a re-match; at most one for the same reason waits or runs.
 * @param snapshot advisories that became active; absent for packages that wait for the active ones.
 */
export async function queueRematch(
  queue: Pick<JobQueue, 'enqueue'>,
  payload: RematchPayload = {},
  snapshot = 'pending',
): Promise<Job> {
  const dedupeKey = payload.full === true ? 'full' : snapshot;
  const { job } = await queue.enqueue({ kind: 'rematch', class: 'bulk', priority: 10, payload, dedupeKey });
  return job;
}
