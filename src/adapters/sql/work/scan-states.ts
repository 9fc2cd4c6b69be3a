import { sql, type Transaction } from 'kysely';
import type { ScanState } from '../../../inventory/index.ts';
import type { Db, Tables } from '../index.ts';
import { touchImages } from '../inventory/images.ts';
import { appendEvents } from './outbox.ts';

/** A typed code and a sentence, where a state has one. */
export type Reason = { readonly code: string; readonly message: string } | null;

/** States of contents that are results: a scan that is called off leaves them. */
const results: readonly string[] = ['matched', 'partial', 'unsupported', 'too_large', 'failed'];

/** Whether a state is a result that stays when a later scan is called off. */
export function isResult(state: string): boolean {
  return results.includes(state);
}

/** Longest sentence that is stored of a failure. */
const messageLength = 1_000;

/** A sentence fit to be stored: bounded, without characters that PostgreSQL refuses. */
export function storableMessage(message: string): string {
  return message.replaceAll('\0', '\uFFFD').slice(0, messageLength);
}

/** Writes the scan state of contents and moves their images to the end of the inventory's sequence. */
export async function writeImageStates(
  trx: Transaction<Tables>,
  manifestIds: readonly number[],
  state: ScanState,
  reason: Reason,
): Promise<void> {
  for (let start = 0; start < manifestIds.length; start += 500) {
    const ids = manifestIds.slice(start, start + 500);
    await trx
      .updateTable('image')
      .set({
        scan_state: state,
        scan_code: reason?.code ?? null,
        scan_message: reason === null ? null : storableMessage(reason.message),
      })
      .where('manifest_id', 'in', ids)
      .execute();
    await touchImages(trx, ids);
  }
}

/** Moves open items of a content along with the work on it. */
export async function moveItems(
  trx: Transaction<Tables>,
  manifestId: number,
  state: ScanState,
  at: number,
): Promise<void> {
  const moved = await trx
    .updateTable('scan_task_item')
    .set((eb) => ({ state, started_at: state === 'queued' ? null : eb.fn.coalesce('started_at', eb.val(at)) }))
    .where('manifest_id', '=', manifestId)
    .where('open', '=', 1)
    .returning('task_id')
    .execute();
  await startTasks(trx, distinct(moved), at);
}

/** Closes open items of a content with a result; how many were open. Tasks whose last item it was are finished. */
export async function closeItems(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  manifestId: number,
  end: { readonly state: ScanState; readonly reason: Reason },
  at: number,
): Promise<number> {
  const closed = await trx
    .updateTable('scan_task_item')
    .set((eb) => ({
      state: end.state,
      open: 0,
      code: end.reason?.code ?? null,
      message: end.reason === null ? null : storableMessage(end.reason.message),
      started_at: eb.fn.coalesce('started_at', eb.val(at)),
      finished_at: at,
    }))
    .where('manifest_id', '=', manifestId)
    .where('open', '=', 1)
    .returning('task_id')
    .execute();
  const failed = end.state === 'failed' || end.state === 'too_large' || end.state === 'cancelled';
  await countClosed(trx, dialect, closed, failed, at);
  return closed.length;
}

/** Adds closed items to the counts of their tasks, in the order of task ids so that two jobs never wait for each other. */
export async function countClosed(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  closed: readonly { readonly task_id: string }[],
  failed: boolean,
  at: number,
): Promise<void> {
  for (const taskId of distinct(closed)) {
    const count = closed.filter((row) => row.task_id === taskId).length;
    const task = await trx
      .updateTable('scan_task')
      .set((eb) => ({
        finished: eb('finished', '+', count),
        failed: eb('failed', '+', failed ? count : 0),
        started_at: eb.fn.coalesce('started_at', eb.val(at)),
        updated_at: at,
        state: sql<
          'finished' | 'running'
        >`CASE WHEN state IN ('queued', 'running') THEN CASE WHEN finished + ${count} >= total THEN 'finished' ELSE 'running' END ELSE state END`,
        finished_at: sql<number>`CASE WHEN finished + ${count} >= total THEN ${at} ELSE finished_at END`,
      }))
      .where('id', '=', taskId)
      .returning(['id', 'state'])
      .executeTakeFirst();
    if (task?.state !== 'finished') continue;
    const projects = await trx
      .selectFrom('scan_task_item')
      .select('project_id')
      .distinct()
      .where('task_id', '=', taskId)
      .orderBy('project_id')
      .execute();
    const payload = { task: task.id };
    const events = projects.map(({ project_id }) => ({ at, topic: 'scan.finished', projectId: project_id, payload }));
    await appendEvents(trx, dialect, events);
  }
}

async function startTasks(trx: Transaction<Tables>, taskIds: readonly string[], at: number): Promise<void> {
  if (taskIds.length === 0) return;
  await trx
    .updateTable('scan_task')
    .set((eb) => ({ state: 'running', started_at: eb.fn.coalesce('started_at', eb.val(at)), updated_at: at }))
    .where('id', 'in', [...taskIds])
    .where('state', '=', 'queued')
    .execute();
}

function distinct(rows: readonly { readonly task_id: string }[]): string[] {
  return [...new Set(rows.map(({ task_id }) => task_id))].sort();
}
