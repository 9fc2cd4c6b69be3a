import type { Selectable } from 'kysely';
import type { ClaimedJob, Job } from '../../jobs/index.ts';
import type { JobTable } from '../sql/work/tables.ts';

/** A stored job. */
export type JobRow = Selectable<JobTable>;

/** The job of a row. */
export function jobOf(row: JobRow): Job {
  return {
    id: row.id,
    kind: row.kind,
    class: row.class,
    state: row.state,
    dedupeKey: row.dedupe_key,
    payload: JSON.parse(row.payload),
    runAt: row.run_at,
    attempts: row.attempts,
    maxAttempts: row.max_attempts,
    fence: row.fence,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Job['progress']),
    failure: row.code === null ? null : { code: row.code, message: row.message ?? '' },
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

/** The claimed job of a row that was just claimed. */
export function claimedOf(row: JobRow): ClaimedJob {
  return { ...jobOf(row), leaseOwner: row.lease_owner ?? '', leaseUntil: row.lease_until ?? 0 };
}
