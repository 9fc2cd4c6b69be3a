import type { Kysely, Selectable } from 'kysely';
import type { SyncRun, SyncStore } from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { pieces } from './rows.ts';
import type { InventoryTables } from './tables.ts';

type Handle = Kysely<Tables>;

/** Synchronisation runs, requests of hooks and remembered events as rows of SQL. */
export function createSyncRows(db: Db): SyncStore {
  return {
    beginRun: (jobId, registryId, at) => db.transaction((trx) => beginRun(trx, jobId, registryId, at)),
    saveRun: (run, fence, at) => db.transaction((trx) => writeRun(trx, run, fence, at)),
    endRun: (run, fence, at) => db.transaction((trx) => endRun(trx, run, fence, at)),
    async lastRun(registryId) {
      const row = await db.kysely
        .selectFrom('sync_run')
        .selectAll()
        .where('registry_id', '=', registryId)
        .orderBy('started_at', 'desc')
        .orderBy('run', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? toRun(row) : null;
    },
    requestRepositories: (registryId, repositories, at) =>
      db.transaction((trx) => requestRepositories(trx, registryId, repositories, at)),
    requestedRepositories: (registryId, limit) =>
      db.kysely
        .selectFrom('sync_request')
        .select(['path', 'actor', 'version'])
        .where('registry_id', '=', registryId)
        .orderBy('version')
        .orderBy('path')
        .limit(limit)
        .execute(),
    doneRepositories: (registryId, done) =>
      db.transaction(async (trx) => {
        for (const { path, version } of done) {
          await trx
            .deleteFrom('sync_request')
            .where('registry_id', '=', registryId)
            .where('path', '=', path)
            .where('version', '=', version)
            .execute();
        }
      }),
    acceptEvents: (registryId, events, at) =>
      db.transaction(async (trx) => {
        const keys = new Set(
          await freshEvents(
            trx,
            registryId,
            events.map(({ key }) => key),
            at,
          ),
        );
        const fresh = events.filter(({ key }) => keys.has(key));
        await requestRepositories(
          trx,
          registryId,
          [...new Map(fresh.map((event) => [event.path, event])).values()],
          at,
        );
        return keys.size;
      }),
    forgetWork: (before) =>
      db.transaction(async (trx) => {
        await trx.deleteFrom('hook_event').where('at', '<', before).execute();
        await trx.deleteFrom('sync_run').where('state', '=', 'done').where('updated_at', '<', before).execute();
        await trx.deleteFrom('inventory_gone').where('at', '<', before).execute();
      }),
  };
}

async function beginRun(trx: Handle, jobId: string, registryId: number, at: number): Promise<SyncRun> {
  const known = await trx.selectFrom('sync_run').selectAll().where('job_id', '=', jobId).executeTakeFirst();
  if (known) return toRun(known);
  const { sync_run: run } = await trx
    .updateTable('registry')
    .set((eb) => ({ sync_run: eb('sync_run', '+', 1) }))
    .where('id', '=', registryId)
    .returning('sync_run')
    .executeTakeFirstOrThrow();
  const row = {
    job_id: jobId,
    registry_id: registryId,
    state: 'listing',
    position: null,
    run,
    fence: 0,
    repositories: 0,
    images: 0,
    failed: 0,
    reason: null,
    started_at: at,
    updated_at: at,
  };
  await trx.insertInto('sync_run').values(row).execute();
  return toRun(row);
}

async function writeRun(trx: Handle, run: SyncRun, fence: number, at: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('sync_run')
    .set({
      state: run.state,
      position: run.cursor,
      fence,
      repositories: run.repositories,
      images: run.images,
      failed: run.failed,
      reason: run.reason,
      updated_at: at,
    })
    .where('job_id', '=', run.jobId)
    .where('state', '<>', 'done')
    .where('fence', '<=', fence)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function endRun(trx: Handle, run: SyncRun, fence: number, at: number): Promise<boolean> {
  if (!(await writeRun(trx, { ...run, state: 'done' }, fence, at))) return false;
  const unread = run.failed === 0 ? null : `${run.failed} of ${run.failed + run.repositories} repositories unread: `;
  const reason = run.reason === null ? null : `${unread ?? ''}${run.reason}`;
  await trx
    .updateTable('registry')
    .set({ synced_at: at, state: reason === null ? 'ok' : 'degraded', state_reason: reason })
    .where('id', '=', run.registryId)
    .execute();
  await takeIds(trx, 'inventory_seq', 1);
  return true;
}

async function requestRepositories(
  trx: Handle,
  registryId: number,
  repositories: readonly { readonly path: string; readonly actor: string | null }[],
  at: number,
): Promise<void> {
  if (repositories.length === 0) return;
  const version = await takeIds(trx, 'sync_request', 1);
  for (const { path, actor } of repositories) {
    const change = { version, actor: actor?.slice(0, 200) ?? null, at };
    await trx
      .insertInto('sync_request')
      .values({ registry_id: registryId, path, ...change })
      .onConflict((conflict) => conflict.columns(['registry_id', 'path']).doUpdateSet(change))
      .execute();
  }
}

async function freshEvents(trx: Handle, registryId: number, keys: readonly string[], at: number): Promise<string[]> {
  const fresh: string[] = [];
  for (const part of pieces([...new Set(keys)])) {
    const rows = await trx
      .insertInto('hook_event')
      .values(part.map((event) => ({ registry_id: registryId, event, at })))
      .onConflict((conflict) => conflict.columns(['registry_id', 'event']).doNothing())
      .returning('event')
      .execute();
    fresh.push(...rows.map(({ event }) => event));
  }
  return fresh;
}

function toRun(row: Selectable<InventoryTables['sync_run']>): SyncRun {
  return {
    jobId: row.job_id,
    registryId: row.registry_id,
    state: row.state as SyncRun['state'],
    cursor: row.position,
    run: row.run,
    repositories: row.repositories,
    images: row.images,
    failed: row.failed,
    reason: row.reason,
    startedAt: row.started_at,
  };
}
