import type { Job } from '../../../jobs/index.ts';
import type { FixOrder, StoredPlan } from '../../../service/index.ts';
import { digestText } from '../digest-bytes.ts';
import type { FixPlanTable } from './tables.ts';

/** What a plan is read from: its row without the result, and the progress of its job. */
export const planColumns = [
  'fix_plan.number',
  'fix_plan.id',
  'fix_plan.project_id',
  'fix_plan.image_uuid',
  'fix_plan.digest',
  'fix_plan.new_tag',
  'fix_plan.strategy',
  'fix_plan.picked',
  'fix_plan.requested',
  'fix_plan.state',
  'fix_plan.stage',
  'fix_plan.code',
  'fix_plan.message',
  'fix_plan.snapshot',
  'fix_plan.created_at',
  'fix_plan.started_at',
  'fix_plan.finished_at',
  'fix_plan.expires_at',
  'job.progress',
] as const;

type PlanRow = Omit<
  FixPlanTable,
  'number' | 'image_id' | 'selection' | 'actor' | 'dedupe_key' | 'job_id' | 'result'
> & {
  readonly number: number;
  readonly progress: string | null;
};

/** The plan of a row. */
export function planOf(row: PlanRow): StoredPlan {
  return {
    task: {
      id: row.id,
      projectId: row.project_id,
      imageUuid: row.image_uuid,
      digest: digestText(row.digest),
      state: row.state,
      reason: row.code === null ? null : { code: row.code, message: row.message ?? '' },
      stage: row.stage,
      progress: row.state === 'running' ? progressOf(row) : null,
      order: orderOf(row),
      requested: row.requested,
      createdAt: row.created_at,
      startedAt: row.started_at,
      finishedAt: row.finished_at,
      expiresAt: row.expires_at,
    },
    snapshot: row.snapshot,
  };
}

/** The order of a row, with the tag that was found free for it. */
export function orderOf(
  row: Pick<PlanRow, 'image_uuid' | 'picked' | 'new_tag' | 'strategy'>,
): FixOrder & { readonly newTag: string } {
  const select = JSON.parse(row.picked) as FixOrder['select'];
  return { imageUuid: row.image_uuid, select, newTag: row.new_tag, strategy: row.strategy };
}

/** Progress is stored with heartbeats, so it may be that of the stage before. */
function progressOf({ stage, progress }: Pick<PlanRow, 'stage' | 'progress'>): StoredPlan['task']['progress'] {
  const told = progress === null ? null : (JSON.parse(progress) as Job['progress']);
  if (told === null || told.stage !== stage || (told.done === 0 && told.total === null)) return null;
  return { done: told.done, total: told.total };
}
