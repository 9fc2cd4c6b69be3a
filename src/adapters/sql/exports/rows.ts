import type { Kysely, Selectable } from 'kysely';
import type { ExportRecord } from '../../../service/index.ts';
import type { Tables } from '../tables.ts';
import type { ExportTables } from './tables.ts';

type Row = Selectable<ExportTables['export_job']>;

/** Rows as records, with the projects of each. */
export async function toRecords(handle: Kysely<Tables>, rows: readonly Row[]): Promise<ExportRecord[]> {
  const limited = rows.filter((row) => row.all_projects === 0).map(({ id }) => id);
  const projects =
    limited.length === 0
      ? []
      : await handle
          .selectFrom('export_project')
          .selectAll()
          .where('export_id', 'in', limited)
          .orderBy('project_id')
          .execute();
  const byExport = Map.groupBy(projects, ({ export_id }) => export_id);
  return rows.map((row) =>
    toRecord(
      row,
      (byExport.get(row.id) ?? []).map(({ project_id }) => project_id),
    ),
  );
}

function toRecord(row: Row, projects: readonly number[]): ExportRecord {
  return {
    id: row.id,
    number: row.number,
    projectId: row.project_id,
    projects: row.all_projects === 1 ? 'all' : projects,
    fairKey: row.fair_key,
    spec: JSON.parse(row.spec),
    columns: JSON.parse(row.columns),
    pins: JSON.parse(row.pins),
    state: row.state as ExportRecord['state'],
    reason: row.reason_code === null ? null : { code: row.reason_code, message: row.reason_message ?? '' },
    rowsTotal: row.rows_total,
    rowsMatched: row.rows_matched,
    rowsDone: row.rows_done,
    pinned: row.pinned === 1,
    queueId: row.queue_id,
    checkpoint: row.checkpoint === null ? null : JSON.parse(row.checkpoint),
    fileId: row.file_id,
    fileName: row.file_name,
    bytes: row.bytes,
    sha256: row.sha256 === null ? null : Buffer.from(row.sha256).toString('hex'),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    finishedAt: row.finished_at,
    expiresAt: row.expires_at,
  };
}
