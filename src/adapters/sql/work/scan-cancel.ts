import type { Transaction } from 'kysely';
import type { ProjectScope } from '../../../service/index.ts';
import type { SqlQueue } from '../../queue/contract.ts';
import type { Tables } from '../index.ts';
import type { ScanTaskDeps } from './contract.ts';
import { countClosed } from './scan-states.ts';
import { visibleTask } from './scan-views.ts';

/** Items that are called off in one transaction, so that other writers get their turn. */
const batch = 200;

/**
 * Calls off what of a task the caller may touch and has not finished. A task that is called off as a whole says so at
 * once; calling it off again finishes what a crash left.
 */
export async function cancelTask(
  deps: ScanTaskDeps,
  projects: ProjectScope,
  owner: string,
  id: string,
): Promise<boolean> {
  const { db, queue, clock } = deps;
  const known = await db.transaction(async (trx) => {
    const task = await visibleTask(trx, projects, owner, id);
    if (!task) return null;
    if (task.job_id !== null) await queue.cancelIn(trx, task.job_id);
    else if (task.state !== 'finished' && (await ownsAll(trx, projects, id))) {
      const at = clock.now().getTime();
      const ended = { state: 'cancelled' as const, finished_at: at, updated_at: at };
      await trx.updateTable('scan_task').set(ended).where('id', '=', id).where('state', '!=', 'cancelled').execute();
    }
    return task;
  });
  if (known === null) return false;
  if (known.job_id !== null) return true;
  while ((await db.transaction((trx) => cancelItems(deps, trx, projects, id))) > 0);
  return true;
}

/**
 * Calls off scans and fixes of the images of one registry, whoever ordered them, piece by piece: those that run are asked
 * to stop. Calling it again finishes what a crash left.
 */
export async function cancelRegistryWork(deps: ScanTaskDeps, registryId: number): Promise<void> {
  const { db, queue } = deps;
  const cancelScans = async (trx: Transaction<Tables>): Promise<number> => {
    const rows = await trx
      .selectFrom('scan_task_item as item')
      .innerJoin('inventory_image as image', 'image.id', 'item.image_id')
      .innerJoin('repository', 'repository.id', 'image.repo_id')
      .select(['item.task_id', 'item.ordinal'])
      .where('item.open', '=', 1)
      .where('repository.registry_id', '=', registryId)
      .orderBy('item.task_id')
      .orderBy('item.ordinal')
      .limit(batch)
      .execute();
    await closeItems(deps, trx, rows);
    return rows.length;
  };
  while ((await db.transaction(cancelScans)) > 0);
  const fixes = await db.kysely
    .selectFrom('fix_task')
    .innerJoin('repository', 'repository.id', 'fix_task.repo_id')
    .select('fix_task.job_id')
    .where('fix_task.status', '=', 'running')
    .where('repository.registry_id', '=', registryId)
    .orderBy('fix_task.number')
    .execute();
  for (const { job_id: id } of fixes) await db.transaction((trx) => queue.cancelIn(trx, id));
}

async function ownsAll(trx: Transaction<Tables>, projects: ProjectScope, id: string): Promise<boolean> {
  if (projects === 'all') return true;
  const foreign = await trx
    .selectFrom('scan_task_item')
    .select('ordinal')
    .where('task_id', '=', id)
    .where('open', '=', 1)
    .where('project_id', 'not in', [...projects, -1])
    .limit(1)
    .executeTakeFirst();
  return foreign === undefined;
}

async function cancelItems(
  deps: ScanTaskDeps,
  trx: Transaction<Tables>,
  projects: ProjectScope,
  id: string,
): Promise<number> {
  let items = trx
    .selectFrom('scan_task_item')
    .select(['task_id', 'ordinal', 'manifest_id'])
    .where('task_id', '=', id)
    .where('open', '=', 1)
    .orderBy('ordinal')
    .limit(batch);
  if (projects !== 'all') items = items.where('project_id', 'in', [...projects, -1]);
  const rows = await items.execute();
  await closeItems(deps, trx, rows);
  return rows.length;
}

/** Calls off open items of any tasks; tasks that have no other end with them. */
async function closeItems(
  { db, queue, clock }: ScanTaskDeps,
  trx: Transaction<Tables>,
  rows: readonly { readonly task_id: string; readonly ordinal: number }[],
): Promise<void> {
  const at = clock.now().getTime();
  const closed: { task_id: string; manifest_id: number }[] = [];
  for (const [taskId, items] of Map.groupBy(rows, ({ task_id }) => task_id)) {
    const ordinals = items.map(({ ordinal }) => ordinal);
    const ended = await trx
      .updateTable('scan_task_item')
      .set({ state: 'cancelled', open: 0, finished_at: at })
      .where('task_id', '=', taskId)
      .where('open', '=', 1)
      .where('ordinal', 'in', ordinals)
      .returning(['task_id', 'manifest_id'])
      .execute();
    closed.push(...ended);
  }
  if (closed.length === 0) return;
  await cancelJobs(trx, queue, [...new Set(closed.map(({ manifest_id }) => manifest_id))]);
  await countClosed(trx, db.dialect, closed, true, at);
}

/** Calls off the scans that nobody else waits for. */
async function cancelJobs(
  trx: Transaction<Tables>,
  queue: Pick<SqlQueue, 'cancelIn'>,
  manifestIds: readonly number[],
): Promise<void> {
  const wanted = await trx
    .selectFrom('scan_task_item')
    .select('manifest_id')
    .where('manifest_id', 'in', [...manifestIds, -1])
    .where('open', '=', 1)
    .execute();
  const keep = new Set(wanted.map(({ manifest_id }) => manifest_id));
  const keys = manifestIds.filter((manifestId) => !keep.has(manifestId)).map(String);
  if (keys.length === 0) return;
  const jobs = await trx
    .selectFrom('job')
    .select('id')
    .where('kind', '=', 'scan')
    .where('dedupe_key', 'in', keys)
    .where('state', 'in', ['queued', 'running'])
    .orderBy('seq')
    .execute();
  for (const job of jobs) await queue.cancelIn(trx, job.id);
}
