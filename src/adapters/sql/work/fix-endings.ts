import type { Transaction } from 'kysely';
import type { FixEnding } from '../../../service/index.ts';
import type { Db, Tables } from '../index.ts';
import { appendEvents } from './outbox.ts';
import { storableMessage } from './scan-states.ts';

/** Ends a task that still runs; one that has ended stays as it is. Whether it was ended now. */
export async function endTask(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  taskId: string,
  ending: FixEnding & { readonly at: number },
): Promise<boolean> {
  const { status, stage, reason, newImageUuid, report, lines, at } = ending;
  const ended = await trx
    .updateTable('fix_task')
    .set({
      status,
      stage,
      code: reason?.code ?? null,
      message: reason === null ? null : storableMessage(reason.message),
      new_image_uuid: newImageUuid,
      finished_at: at,
      ...(report !== null && { report: JSON.stringify(report) }),
    })
    .where('id', '=', taskId)
    .where('status', '=', 'running')
    .returning(['project_id', 'image_uuid', 'repo_id', 'new_tag'])
    .executeTakeFirst();
  if (!ended) return false;
  const repository = await trx
    .selectFrom('repository')
    .select('path')
    .where('id', '=', ended.repo_id)
    .executeTakeFirst();
  await appendLog(trx, taskId, lines, at);
  const payload = {
    ...{ task: taskId, image: ended.image_uuid, status, stage, newImage: newImageUuid },
    ...{ repository: repository?.path ?? null, tag: ended.new_tag, code: reason?.code ?? null },
  };
  await appendEvents(trx, dialect, [{ at, topic: 'fix.finished', projectId: ended.project_id, payload }]);
  return true;
}

/** Moves a running task to a stage, with a line for its log and an event. */
export async function moveTask(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  taskId: string,
  stage: string,
  at: number,
): Promise<void> {
  const moved = await trx
    .updateTable('fix_task')
    .set({ stage })
    .where('id', '=', taskId)
    .where('status', '=', 'running')
    .where('stage', '!=', stage)
    .returning(['project_id', 'image_uuid'])
    .executeTakeFirst();
  if (!moved) return;
  await appendLog(trx, taskId, [`stage: ${stage}`], at);
  const payload = { task: taskId, image: moved.image_uuid, stage };
  await appendEvents(trx, dialect, [{ at, topic: 'fix.stage', projectId: moved.project_id, payload }]);
}

/** Adds lines to the log of a task. */
export async function appendLog(
  trx: Transaction<Tables>,
  taskId: string,
  lines: readonly string[],
  at: number,
): Promise<void> {
  if (lines.length === 0) return;
  const last = await trx
    .selectFrom('fix_log')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .where('task_id', '=', taskId)
    .executeTakeFirst();
  const first = Number(last?.seq ?? 0) + 1;
  const rows = lines.map((line, index) => ({ task_id: taskId, seq: first + index, at, line: storableMessage(line) }));
  for (let from = 0; from < rows.length; from += 500) {
    await trx
      .insertInto('fix_log')
      .values(rows.slice(from, from + 500))
      .execute();
  }
}
