import { randomUUID } from 'node:crypto';
import type { ClaimedJob, Job, JobQueue } from '../../src/jobs/index.ts';

/** A queue in memory, as far as services see one: dedupe keys, cancelling, looking up. Tests claim and end jobs by hand. */
export interface MemoryQueue extends Pick<JobQueue, 'enqueue' | 'cancel' | 'get'> {
  readonly jobs: Map<string, Job>;
  /** The next queued job, with a higher fence. */
  take(): ClaimedJob | null;
  set(id: string, change: Partial<Job>): void;
}

/** An empty queue. */
export function createMemoryQueue(): MemoryQueue {
  const jobs = new Map<string, Job>();
  const alive = ({ state }: Job): boolean => state === 'queued' || state === 'running';
  const set = (id: string, change: Partial<Job>): void => {
    jobs.set(id, { ...(jobs.get(id) as Job), ...change });
  };
  return {
    jobs,
    set,
    async enqueue(given) {
      const twin = [...jobs.values()].find((job) => alive(job) && job.dedupeKey === given.dedupeKey);
      if (twin !== undefined) return { job: twin, created: false };
      const job: Job = {
        id: randomUUID(),
        kind: given.kind,
        class: given.class,
        state: 'queued',
        dedupeKey: given.dedupeKey ?? null,
        payload: given.payload,
        runAt: 0,
        attempts: 0,
        maxAttempts: given.maxAttempts ?? 5,
        fence: 0,
        progress: null,
        failure: null,
        createdAt: 0,
        startedAt: null,
        finishedAt: null,
      };
      jobs.set(job.id, job);
      return { job, created: true };
    },
    async cancel(id) {
      const job = jobs.get(id);
      if (job === undefined || !alive(job)) return false;
      set(id, { state: 'cancelled' });
      return true;
    },
    get: async (id) => jobs.get(id) ?? null,
    take() {
      const job = [...jobs.values()].find(alive);
      if (job === undefined) return null;
      set(job.id, { state: 'running', fence: job.fence + 1, attempts: job.attempts + 1 });
      return { ...(jobs.get(job.id) as Job), leaseOwner: 'test', leaseUntil: Number.MAX_SAFE_INTEGER };
    },
  };
}
