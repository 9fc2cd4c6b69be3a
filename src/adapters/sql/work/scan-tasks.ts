import { sql, type Transaction } from 'kysely';
import type { NewJob } from '../../../jobs/index.ts';
import {
  type NewScanTask,
  type NewSyncTask,
  ownScanSources,
  type ScanStore,
  type ScanTarget,
  type ScanTask,
} from '../../../service/index.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import type { ScanTaskDeps } from './contract.ts';
import { stillOwns } from './fence.ts';
import { cancelTask } from './scan-cancel.ts';
import { isResult, moveItems, writeImageStates } from './scan-states.ts';
import { scanTaskOf } from './scan-views.ts';

/** Orders up to this size are stored with their jobs at once; larger ones get a job that queues the rest. */
const inlineItems = 200;

/** Any number that nothing else locks. */
const limitLock = 7_237_902_641;

/** Starting and ending scan tasks, and states on the way. */
export function scanTaskWrites(
  deps: ScanTaskDeps,
): Pick<ScanStore, 'start' | 'dispatch' | 'startSync' | 'cancel' | 'setState'> {
  const { db, clock } = deps;
  return {
    start: (task, targets, limit) => start(deps, task, targets, limit),
    dispatch: (taskId, afterOrdinal, limit) =>
      db.transaction((trx) => dispatchItems(deps, trx, taskId, afterOrdinal, limit)),
    startSync: (task, payload, dedupeKey) => startSync(deps, task, payload, dedupeKey),
    cancel: (projects, owner, id) => cancelTask(deps, projects, owner, id),
    setState: (fence, manifestId, state, reason) =>
      db.transaction(async (trx) => {
        if (!(await stillOwns(trx, db.dialect, fence))) return false;
        await writeImageStates(trx, [manifestId], state, reason);
        if (!isResult(state)) await moveItems(trx, manifestId, state, clock.now().getTime());
        return true;
      }),
  };
}

async function start(
  deps: ScanTaskDeps,
  task: NewScanTask,
  targets: readonly ScanTarget[],
  limit: number | null,
): Promise<ScanTask | null> {
  const { db } = deps;
  const large = targets.length > inlineItems;
  // A large order goes in piece by piece: until its task is there nobody sees the items, and other writers get their turn.
  if (large) {
    for (let from = 0; from < targets.length; from += 2_000) {
      await db.transaction((trx) => insertItems(deps, trx, task, targets.slice(from, from + 2_000), from));
    }
  }
  const row = await db.transaction(async (trx) => {
    if (limit !== null && (await orderedTasks(trx, db)) >= limit) return null;
    if (!large) await insertItems(deps, trx, task, targets, 0);
    const inserted = await trx
      .insertInto('scan_task')
      .values(taskRow(task, 'image_scan', targets.length))
      .returningAll()
      .executeTakeFirstOrThrow();
    if (large) await deps.queue.enqueueIn(trx, [dispatchJob(task)]);
    else await dispatchItems(deps, trx, task.id, -1, targets.length + 1);
    return inserted;
  });
  if (row === null && large) await db.kysely.deleteFrom('scan_task_item').where('task_id', '=', task.id).execute();
  return row && scanTaskOf(row);
}

function dispatchJob(task: NewScanTask): NewJob {
  return { kind: 'scan', class: 'interactive', priority: 1, payload: { dispatch: task.id, class: task.class } };
}

async function orderedTasks(trx: Transaction<Tables>, db: Db): Promise<number> {
  // Two orders at once must not both see the last free place.
  if (db.dialect === 'postgres') await sql`SELECT pg_advisory_xact_lock(${limitLock})`.execute(trx);
  const row = await trx
    .selectFrom('scan_task')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('kind', '=', 'image_scan')
    .where('state', 'in', ['queued', 'running'])
    .where('source', 'not in', ownScanSources)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

function taskRow(task: NewScanTask | NewSyncTask, kind: 'image_scan' | 'registry_sync', total: number) {
  const empty = kind === 'image_scan' && total === 0;
  return {
    id: task.id,
    name: task.name,
    source: task.source,
    kind,
    state: empty ? ('finished' as const) : ('queued' as const),
    owner: task.owner,
    project_id: 'projectId' in task ? task.projectId : null,
    registry_id: 'registryId' in task ? task.registryId : null,
    job_id: null,
    total,
    finished: 0,
    failed: 0,
    created_at: task.at,
    started_at: empty ? task.at : null,
    finished_at: empty ? task.at : null,
    updated_at: task.at,
  };
}

async function insertItems(
  { db }: ScanTaskDeps,
  trx: Transaction<Tables>,
  task: NewScanTask,
  targets: readonly ScanTarget[],
  firstOrdinal: number,
): Promise<void> {
  const priors = await priorStates(trx, [...new Set(targets.map(({ manifestId }) => manifestId))]);
  const columns = [
    'task_id',
    'ordinal',
    'image_id',
    'manifest_id',
    'project_id',
    'uuid',
    'digest',
    'state',
    'open',
    'prior',
    'run_at',
    'created_at',
  ] as const;
  const rows = targets.map((target, index) => [
    task.id,
    firstOrdinal + index,
    target.imageId,
    target.manifestId,
    target.projectId,
    target.uuid,
    digestBytes(target.digest),
    'queued',
    1,
    priors.get(target.manifestId) ?? null,
    target.runAt,
    task.at,
  ]);
  await db.bulkInsert('scan_task_item', columns, rows, { trx });
}

/** The last result of contents, which a scan that is called off leaves standing. */
async function priorStates(trx: Transaction<Tables>, manifestIds: readonly number[]): Promise<Map<number, string>> {
  const priors = new Map<number, string>();
  for (let from = 0; from < manifestIds.length; from += 500) {
    const ids = manifestIds.slice(from, from + 500);
    const images = await trx
      .selectFrom('image')
      .select(['manifest_id', 'scan_state'])
      .where('manifest_id', 'in', ids)
      .execute();
    const waiting: number[] = [];
    for (const { manifest_id, scan_state } of images) {
      if (isResult(scan_state)) priors.set(manifest_id, scan_state);
      else if (scan_state !== 'never') waiting.push(manifest_id);
    }
    if (waiting.length === 0) continue;
    const items = await trx
      .selectFrom('scan_task_item')
      .select(['manifest_id', 'prior'])
      .where('manifest_id', 'in', waiting)
      .where('open', '=', 1)
      .where('prior', 'is not', null)
      .execute();
    for (const { manifest_id, prior } of items) if (prior !== null) priors.set(manifest_id, prior);
  }
  return priors;
}

/** Queues the scans of open items; one job for a content, whoever asked for it first. */
async function dispatchItems(
  { queue }: ScanTaskDeps,
  trx: Transaction<Tables>,
  taskId: string,
  afterOrdinal: number,
  limit: number,
): Promise<number | null> {
  const items = await trx
    .selectFrom('scan_task_item')
    .select(['ordinal', 'manifest_id', 'run_at'])
    .where('task_id', '=', taskId)
    .where('open', '=', 1)
    .where('ordinal', '>', afterOrdinal)
    .orderBy('ordinal')
    .limit(limit)
    .execute();
  if (items.length === 0) return null;
  const task = await trx.selectFrom('scan_task').select(['total', 'state']).where('id', '=', taskId).executeTakeFirst();
  if (!task || task.state === 'cancelled') return null;
  const jobs = new Map<number, NewJob>();
  for (const { manifest_id: manifestId, run_at: runAt } of items) {
    jobs.set(manifestId, {
      kind: 'scan',
      // A handful is somebody waiting; more is bulk work, whoever ordered it.
      class: task.total <= 10 ? 'interactive' : 'bulk',
      payload: { manifestId },
      dedupeKey: `${manifestId}`,
      ...(runAt !== null && { runAt }),
    });
  }
  const queued = await queue.enqueueIn(trx, [...jobs.values()]);
  const fresh = [...jobs.keys()].filter((_, index) => queued[index]?.created);
  await writeImageStates(trx, fresh, 'queued', null);
  return items.at(-1)?.ordinal ?? null;
}

async function startSync(
  { db, queue }: ScanTaskDeps,
  task: NewSyncTask,
  payload: unknown,
  dedupeKey: string,
): Promise<ScanTask> {
  const row = await db.transaction(async (trx) => {
    const [queued] = await queue.enqueueIn(trx, [{ kind: 'sync', class: 'interactive', payload, dedupeKey }]);
    const jobId = queued?.job.id ?? null;
    const open = await trx
      .selectFrom('scan_task')
      .selectAll()
      .where('job_id', '=', jobId)
      .where('state', 'in', ['queued', 'running'])
      .executeTakeFirst();
    if (open) return open;
    const started = queued?.job.state === 'running';
    return await trx
      .insertInto('scan_task')
      .values({
        ...taskRow(task, 'registry_sync', 1),
        job_id: jobId,
        ...(started && { state: 'running' as const, started_at: task.at }),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  });
  return scanTaskOf(row);
}
