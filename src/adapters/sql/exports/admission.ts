import type { ExportRecord, NewExportRecord } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import { toRecords } from './rows.ts';

/** Stores an order; its number is the next one. */
export function insertExport(db: Db, record: NewExportRecord): Promise<ExportRecord> {
  return db.transaction(async (trx) => {
    const number = await takeIds(trx, 'export_job', 1);
    const rows = await trx
      .insertInto('export_job')
      .values({
        id: record.id,
        number,
        project_id: record.projectId,
        all_projects: record.projects === 'all' ? 1 : 0,
        fair_key: record.fairKey,
        spec: JSON.stringify(record.spec),
        columns: JSON.stringify(record.columns),
        pins: JSON.stringify(record.pins),
        state: 'queued',
        reason_code: null,
        reason_message: null,
        rows_total: record.rowsTotal,
        rows_matched: record.rowsMatched,
        rows_done: 0,
        pinned: 0,
        admitted: 0,
        queue_id: null,
        fence: 0,
        checkpoint: null,
        file_id: null,
        file_name: record.fileName,
        bytes: null,
        sha256: null,
        created_at: record.createdAt,
        updated_at: record.createdAt,
        finished_at: null,
        expires_at: null,
      })
      .returningAll()
      .execute();
    const projects = record.projects === 'all' ? [] : [...new Set(record.projects)];
    if (projects.length > 0) {
      await trx
        .insertInto('export_project')
        .values(projects.map((project_id) => ({ export_id: record.id, project_id })))
        .execute();
    }
    const [stored] = await toRecords(trx, rows);
    return stored as ExportRecord;
  });
}

/** Lets the oldest waiting exports of a key in, as long as there is room. */
export function admit(db: Db, fairKey: string, limit: number, at: number): Promise<readonly string[]> {
  return db.transaction(async (trx) => {
    // The counter's lock lets one node at a time count and choose.
    await takeIds(trx, 'export_turn', 0);
    const running = await trx
      .selectFrom('export_job')
      .select('id')
      .where('fair_key', '=', fairKey)
      .where('state', 'in', ['queued', 'running'])
      .where('admitted', '=', 1)
      .execute();
    const room = limit - running.length;
    if (room <= 0) return [];
    const next = await trx
      .selectFrom('export_job')
      .select('id')
      .where('fair_key', '=', fairKey)
      .where('state', 'in', ['queued', 'running'])
      .where('pinned', '=', 1)
      .where('admitted', '=', 0)
      .orderBy('number')
      .limit(room)
      .execute();
    const ids = next.map(({ id }) => id);
    if (ids.length > 0) {
      await trx.updateTable('export_job').set({ admitted: 1, updated_at: at }).where('id', 'in', ids).execute();
    }
    return ids;
  });
}
