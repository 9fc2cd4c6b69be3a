import type { Transaction } from 'kysely';
import type { ScanState } from '../../../inventory/index.ts';
import type { JobChange, JobObserver } from '../../queue/contract.ts';
import { digestText } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import { appendEvents } from './outbox.ts';
import { closeItems, countClosed, isResult, moveItems, type Reason, writeImageStates } from './scan-states.ts';

/** Payload of a scan job: the scan of one content, or the queueing of a large task's scans. */
interface ScanPayload {
  readonly manifestId?: unknown;
  readonly dispatch?: unknown;
}

/**
 * Keeps scan states, task items and tasks in step with scan jobs, in the transaction in which a job changes: whatever
 * ends a job, a lost worker too, ends what waited for it.
 */
export function scanObserver(db: Db): JobObserver {
  return async (trx, change) => {
    if (change.job.kind === 'sync') return moveSync(trx, change);
    if (change.job.kind !== 'scan') return;
    const { manifestId, dispatch } = (change.job.payload ?? {}) as ScanPayload;
    if (typeof dispatch === 'string' && change.to === 'failed') await failTask(trx, db, dispatch, change);
    if (typeof manifestId !== 'number') return;
    const { to, at } = change;
    if (to === 'running') return;
    if (to === 'queued') {
      if (change.from === null) return;
      await writeImageStates(trx, [manifestId], 'queued', null);
      await moveItems(trx, manifestId, 'queued', at);
      return;
    }
    if (to === 'cancelled' && (await again(trx, change, manifestId))) return;
    const end = await endOf(trx, change, manifestId);
    await writeImageStates(trx, [manifestId], end.state, end.reason);
    await closeItems(trx, db.dialect, manifestId, end, at);
    await tellProjects(trx, db, manifestId, end, at);
  };
}

/** Images of one project that a message of a failed scan names. */
const mostNamed = 10;

async function tellProjects(
  trx: Transaction<Tables>,
  db: Db,
  manifestId: number,
  { state, reason }: { readonly state: ScanState; readonly reason: Reason },
  at: number,
): Promise<void> {
  const rows = await trx
    .selectFrom('inventory_image')
    .innerJoin('repository', 'repository.id', 'inventory_image.repo_id')
    .innerJoin('manifest', 'manifest.id', 'inventory_image.manifest_id')
    .select(['repository.project_id', 'manifest.digest', 'repository.path', 'inventory_image.tag'])
    .distinct()
    .where('inventory_image.manifest_id', '=', manifestId)
    .orderBy('repository.project_id')
    .orderBy('repository.path')
    .orderBy('inventory_image.tag')
    .execute();
  const events = [...Map.groupBy(rows, ({ project_id }) => project_id)].map(([projectId, images]) => {
    const digest = digestText((images[0] as (typeof images)[number]).digest);
    const named = images.slice(0, mostNamed).map(({ path, tag }) => ({ repository: path, tag }));
    const failed = state === 'failed' && { code: reason?.code ?? null, images: named };
    return { at, topic: 'image.scanned', projectId, payload: { digest, state, ...failed } };
  });
  await appendEvents(trx, db.dialect, events);
}

/** Somebody asked for the scan after it was called off: it begins anew. */
async function again(trx: Transaction<Tables>, change: JobChange, manifestId: number): Promise<boolean> {
  const waiting = await trx
    .selectFrom('scan_task_item')
    .select('task_id')
    .where('manifest_id', '=', manifestId)
    .where('open', '=', 1)
    .limit(1)
    .executeTakeFirst();
  if (!waiting) return false;
  const { kind, class: jobClass, dedupeKey, payload } = change.job;
  await change.enqueue(trx, [{ kind, class: jobClass, payload, ...(dedupeKey !== null && { dedupeKey }) }]);
  await writeImageStates(trx, [manifestId], 'queued', null);
  await moveItems(trx, manifestId, 'queued', change.at);
  return true;
}

async function endOf(
  trx: Transaction<Tables>,
  { job, to }: JobChange,
  manifestId: number,
): Promise<{ state: ScanState; reason: { code: string; message: string } | null }> {
  if (to === 'failed') {
    return { state: 'failed', reason: job.failure ?? { code: 'internal', message: 'the scan failed' } };
  }
  const image = await trx
    .selectFrom('image')
    .select(['scan_state', 'scan_code', 'scan_message'])
    .where('manifest_id', '=', manifestId)
    .executeTakeFirst();
  const stored = image?.scan_state as ScanState | undefined;
  const reason = image?.scan_code ? { code: image.scan_code, message: image.scan_message ?? '' } : null;
  if (to === 'succeeded') {
    if (stored !== undefined && isResult(stored)) return { state: stored, reason };
    // The handler ends with a result; an image that left the inventory meanwhile has none.
    return { state: 'cancelled', reason: { code: 'image_removed', message: 'the image left the inventory' } };
  }
  const prior = await trx
    .selectFrom('scan_task_item')
    .select('prior')
    .where('manifest_id', '=', manifestId)
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { state: (prior?.prior as ScanState | undefined) ?? 'cancelled', reason: null };
}

/** What a large task could not queue ends with it: nothing else would ever end it. */
async function failTask(trx: Transaction<Tables>, db: Db, taskId: string, { job, at }: JobChange): Promise<void> {
  const closed = await trx
    .updateTable('scan_task_item')
    .set({
      state: 'failed',
      open: 0,
      code: job.failure?.code ?? 'internal',
      message: job.failure?.message ?? null,
      finished_at: at,
    })
    .where('task_id', '=', taskId)
    .where('open', '=', 1)
    .returning('task_id')
    .execute();
  await countClosed(trx, db.dialect, closed, true, at);
}

/** A synchronisation is a task of one item: the job itself. */
async function moveSync(trx: Transaction<Tables>, { job, to, at }: JobChange): Promise<void> {
  const own = trx.updateTable('scan_task').where('job_id', '=', job.id).where('state', 'in', ['queued', 'running']);
  if (to === 'queued') return;
  if (to === 'running') {
    await own
      .set((eb) => ({ state: 'running', started_at: eb.fn.coalesce('started_at', eb.val(at)), updated_at: at }))
      .execute();
    return;
  }
  await own
    .set({
      state: to === 'cancelled' ? 'cancelled' : 'finished',
      finished: 1,
      failed: to === 'succeeded' ? 0 : 1,
      finished_at: at,
      updated_at: at,
    })
    .execute();
}
