import { type Selectable, sql, type Transaction } from 'kysely';
import type { ExportRecord, ExportStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { appendEvents } from '../work/outbox.ts';
import { admit, insertExport } from './admission.ts';
import { pageExports } from './page.ts';
import { toRecords } from './rows.ts';
import type { ExportTables } from './tables.ts';

const open = ['queued', 'running'] as const;

/** Exports in SQL. */
export function createExportStore(db: Db): ExportStore {
  return {
    insert: (record) => insertExport(db, record),
    async get(name) {
      const [column, value] =
        'id' in name ? ['id', name.id] : 'number' in name ? ['number', name.number] : ['file_id', name.fileId];
      const rows = await db.kysely
        .selectFrom('export_job')
        .selectAll()
        .where(column as 'id', '=', value as string)
        .execute();
      const [record = null] = await toRecords(db.kysely, rows);
      return record;
    },
    page: (scope, page) => pageExports(db.kysely, scope, page),
    async countOpen(fairKey) {
      const { n } = await db.kysely
        .selectFrom('export_job')
        .select(({ fn }) => fn.countAll<number>().as('n'))
        .where('fair_key', '=', fairKey)
        .where('state', 'in', open)
        .executeTakeFirstOrThrow();
      return Number(n);
    },
    admit: (fairKey, limit, at) => admit(db, fairKey, limit, at),
    ...changes(db),
    ...lists(db),
  };
}

type Changes = Pick<
  ExportStore,
  'touch' | 'markPinned' | 'setQueueId' | 'begin' | 'checkpoint' | 'succeed' | 'end' | 'markExpired'
>;

function changes(db: Db): Changes {
  const update = () => db.kysely.updateTable('export_job');
  const changed = async (query: { executeTakeFirst(): Promise<{ numUpdatedRows: bigint }> }): Promise<boolean> =>
    (await query.executeTakeFirst()).numUpdatedRows > 0n;
  return {
    touch: (id, at) =>
      changed(update().set({ updated_at: at }).where('id', '=', id).where('state', 'in', open).where('pinned', '=', 0)),
    markPinned: (id, at) =>
      changed(
        update()
          .set({ pinned: 1, updated_at: at })
          .where('id', '=', id)
          .where('state', 'in', open)
          .where('pinned', '=', 0),
      ),
    async setQueueId(id, queueId) {
      // A new job counts its fences anew.
      const fence = sql<number>`CASE WHEN queue_id IS NOT NULL AND queue_id <> ${queueId} THEN 0 ELSE fence END`;
      await update().set({ queue_id: queueId, fence }).where('id', '=', id).execute();
    },
    async begin(id, fence, at) {
      const rows = await update()
        .set({ state: 'running', fence, updated_at: at })
        .where('id', '=', id)
        .where('state', 'in', open)
        .where('pinned', '=', 1)
        .where('fence', '<=', fence)
        .returningAll()
        .execute();
      const [record = null] = await toRecords(db.kysely, rows);
      return record;
    },
    checkpoint: (id, fence, state, at) =>
      changed(
        update()
          .set({ checkpoint: JSON.stringify(state), rows_done: state.rows, updated_at: at })
          .where('id', '=', id)
          .where('fence', '=', fence)
          .where('state', '=', 'running'),
      ),
    succeed: (id, fence, { bytes, sha256, fileId, finishedAt, expiresAt }) =>
      ending(db, finishedAt ?? 0, (trx) =>
        trx
          .updateTable('export_job')
          .set(({ ref }) => ({
            state: 'success',
            bytes,
            sha256: sha256 === null ? null : Buffer.from(sha256, 'hex'),
            file_id: fileId,
            finished_at: finishedAt,
            expires_at: expiresAt,
            rows_done: ref('rows_total'),
            checkpoint: null,
          }))
          .where('id', '=', id)
          .where('fence', '=', fence)
          .where('state', '=', 'running')
          .returningAll()
          .execute(),
      ),
    end(id, state, reason, at, fence) {
      return ending(db, at, (trx) => {
        const query = trx
          .updateTable('export_job')
          .set({
            state,
            reason_code: reason?.code ?? null,
            reason_message: reason?.message ?? null,
            finished_at: at,
            checkpoint: null,
          })
          .where('id', '=', id)
          .where('state', 'in', open);
        return (fence === undefined ? query : query.where('fence', '=', fence)).returningAll().execute();
      });
    },
    async markExpired(id) {
      await update().set({ state: 'expired' }).where('id', '=', id).where('state', '=', 'success').execute();
    },
  };
}

/** Ends an export and tells of it, together. Whether it was ended. */
function ending(
  db: Db,
  at: number,
  change: (trx: Transaction<Tables>) => Promise<readonly Selectable<ExportTables['export_job']>[]>,
): Promise<boolean> {
  return db.transaction(async (trx) => {
    const [ended] = await change(trx);
    if (ended === undefined) return false;
    const { id, number, state, reason_code: code, file_name: file, rows_total: rows } = ended;
    const payload = { export: id, number, state, code, file, rows };
    await appendEvents(trx, db.dialect, [{ at, topic: 'export.finished', projectId: ended.project_id, payload }]);
    return true;
  });
}

type Lists = Pick<ExportStore, 'admitted' | 'unpinnedSince' | 'waitingKeys' | 'overdue' | 'endedSince'>;

function lists(db: Db): Lists {
  const from = () => db.kysely.selectFrom('export_job');
  const records = async (query: ReturnType<typeof all>): Promise<readonly ExportRecord[]> =>
    toRecords(db.kysely, await query.execute());
  const all = () => from().selectAll().where('state', 'in', open).orderBy('number');
  return {
    admitted: () => records(all().where('admitted', '=', 1)),
    unpinnedSince: (before) => records(all().where('pinned', '=', 0).where('updated_at', '<', before)),
    async waitingKeys() {
      const rows = await from()
        .select('fair_key')
        .distinct()
        .where('state', 'in', open)
        .where('pinned', '=', 1)
        .where('admitted', '=', 0)
        .execute();
      return rows.map(({ fair_key }) => fair_key);
    },
    async overdue(at, limit) {
      const rows = await from()
        .select('id')
        .where('state', '=', 'success')
        .where('expires_at', '<=', at)
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },
    async endedSince(at) {
      const rows = await from()
        .select('id')
        .where('state', 'in', ['failure', 'cancelled'])
        .where('finished_at', '>=', at)
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}
