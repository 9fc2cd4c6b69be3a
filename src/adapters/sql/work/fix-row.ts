import type { Selectable } from 'kysely';
import type { FixTask } from '../../../service/index.ts';
import type { FixTaskTable } from './tables.ts';

/** The task of a row. */
export function fixTaskOf(row: Selectable<FixTaskTable>): FixTask {
  return {
    id: row.id,
    projectId: row.project_id,
    imageUuid: row.image_uuid,
    newTag: row.new_tag,
    newImageUuid: row.new_image_uuid,
    stage: row.stage,
    status: row.status,
    reason: row.code === null ? null : { code: row.code, message: row.message ?? '' },
    requested: JSON.parse(row.requested) as string[],
    recordIds: JSON.parse(row.record_ids) as number[],
    title: row.title,
    requestId: row.request_id,
    trigger: row.origin,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
