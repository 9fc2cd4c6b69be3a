import type { Transaction } from 'kysely';
import type { FixStore, FixTask, NewFixTask, ProjectScope, StoredSelection } from '../../../service/index.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import type { FixStoreDeps } from './contract.ts';
import { stillOwns } from './fence.ts';
import { appendLog, endTask, moveTask } from './fix-endings.ts';
import { createSqlJournal } from './fix-journal.ts';
import { fixPage } from './fix-page.ts';
import { fixTaskOf } from './fix-row.ts';
import { appendEvents } from './outbox.ts';

/** Attempts of a fix job: workers that die under it, registries that are away. */
const maxAttempts = 8;

/** Fix tasks in the store. */
export function createFixStore(deps: FixStoreDeps): FixStore {
  const { db, queue, clock } = deps;
  const now = (): number => clock.now().getTime();
  const visible = (projects: ProjectScope, id: string) => {
    const query = db.kysely.selectFrom('fix_task').where('id', '=', id);
    return projects === 'all' ? query : query.where('project_id', 'in', [...projects, -1]);
  };
  return {
    async tagExists(repositoryId, tag) {
      const row = await db.kysely
        .selectFrom('tag_current')
        .select('since')
        .where('repo_id', '=', repositoryId)
        .where('tag', '=', tag)
        .executeTakeFirst();
      return row !== undefined;
    },
    existing: (keys) => existingTasks(db.kysely, keys),
    async add(tasks) {
      try {
        return await db.transaction((trx) => addTasks(deps, trx, tasks));
      } catch (error) {
        if (error instanceof TargetTaken) return error.index;
        throw error;
      }
    },
    async task(projects, id) {
      const row = await visible(projects, id).selectAll().executeTakeFirst();
      return row ? fixTaskOf(row) : null;
    },
    page: (projects, query) => fixPage(db, projects, query),
    async fixing() {
      const running = db.kysely
        .selectFrom('fix_task')
        .select(['image_uuid', 'requested'])
        .where('status', '=', 'running');
      const found = new Map<string, Set<string>>();
      for (const { image_uuid: uuid, requested } of await running.execute()) {
        const ids = found.get(uuid) ?? new Set<string>();
        for (const id of JSON.parse(requested) as string[]) ids.add(id);
        found.set(uuid, ids);
      }
      return found;
    },
    async report(projects, id) {
      const row = await visible(projects, id).select('report').executeTakeFirst();
      return row?.report ? (JSON.parse(row.report) as unknown) : null;
    },
    async log(projects, id) {
      const row = await visible(projects, id).select('id').executeTakeFirst();
      if (!row) return [];
      const lines = await db.kysely
        .selectFrom('fix_log')
        .selectAll()
        .where('task_id', '=', id)
        .orderBy('seq')
        .execute();
      return lines.map(({ at, line }) => `${new Date(at).toISOString()} ${line}`);
    },
    async cancel(projects, id) {
      const row = await visible(projects, id).select('job_id').executeTakeFirst();
      if (!row) return false;
      await db.transaction((trx) => queue.cancelIn(trx, row.job_id));
      return true;
    },
    async order(projects, id) {
      const row = await visible(projects, id).select(['selection', 'record_ids', 'strategy']).executeTakeFirst();
      if (!row) return null;
      return {
        selection: JSON.parse(row.selection) as StoredSelection,
        recordIds: JSON.parse(row.record_ids) as number[],
        strategy: row.strategy,
      };
    },
    async work(id) {
      const row = await visible('all', id).selectAll().executeTakeFirst();
      const [image] = row ? await deps.imagesById([row.image_id]) : [];
      if (!row || !image) return null;
      return {
        task: fixTaskOf(row),
        image,
        actor: row.actor,
        selection: JSON.parse(row.selection) as StoredSelection,
        strategy: row.strategy,
        ended: row.status !== 'running',
      };
    },
    finish: (fence, id, ending) =>
      db.transaction(async (trx) => {
        if (!(await stillOwns(trx, db.dialect, fence))) return false;
        await endTask(trx, db.dialect, id, { ...ending, at: now() });
        return true;
      }),
    journal: (fence, held) =>
      createSqlJournal({
        db,
        fence,
        held,
        written: async (trx, record) => {
          // The end of the task is written with its report and its new image, once the inventory has it.
          if (!record.terminal) await moveTask(trx, db.dialect, record.id, record.stage, now());
        },
      }),
  };
}

async function existingTasks(
  kysely: Db['kysely'] | Transaction<Tables>,
  keys: readonly string[],
): Promise<Map<string, FixTask>> {
  const tasks = new Map<string, FixTask>();
  if (keys.length === 0) return tasks;
  const rows = await kysely
    .selectFrom('fix_task')
    .selectAll()
    .where('dedupe_key', 'in', [...keys])
    .where('status', 'in', ['running', 'success'])
    .execute();
  for (const row of rows) tasks.set(row.dedupe_key, fixTaskOf(row));
  return tasks;
}

async function addTasks(
  { db, queue }: FixStoreDeps,
  trx: Transaction<Tables>,
  tasks: readonly NewFixTask[],
): Promise<readonly FixTask[]> {
  const known = await existingTasks(
    trx,
    tasks.map(({ dedupeKey }) => dedupeKey),
  );
  const answers: FixTask[] = [];
  for (const [index, task] of tasks.entries()) {
    const repeated = known.get(task.dedupeKey);
    if (repeated) {
      answers.push(repeated);
      continue;
    }
    const inserted = await insertTask(trx, queue, task);
    if (!inserted) {
      // Either the same order came in at the same moment, or another one that makes the same tag.
      const same = (await existingTasks(trx, [task.dedupeKey])).get(task.dedupeKey);
      if (!same) throw new TargetTaken(index);
      answers.push(same);
      continue;
    }
    known.set(task.dedupeKey, inserted);
    answers.push(inserted);
    const payload = { task: task.id, image: task.imageUuid, stage: 'queued' };
    await appendEvents(trx, db.dialect, [{ at: task.at, topic: 'fix.stage', projectId: task.projectId, payload }]);
  }
  return answers;
}

/** Undoes the whole order. */
class TargetTaken extends Error {
  readonly index: number;
  constructor(index: number) {
    super('another task makes this tag');
    this.index = index;
  }
}

async function insertTask(
  trx: Transaction<Tables>,
  queue: FixStoreDeps['queue'],
  task: NewFixTask,
): Promise<FixTask | null> {
  const inserted = await trx
    .insertInto('fix_task')
    .values({
      id: task.id,
      project_id: task.projectId,
      image_id: task.imageId,
      image_uuid: task.imageUuid,
      repo_id: task.repositoryId,
      digest: digestBytes(task.digest),
      new_tag: task.newTag,
      new_image_uuid: null,
      stage: 'queued',
      status: 'running',
      code: null,
      message: null,
      strategy: task.strategy,
      selection: JSON.stringify(task.selection),
      requested: JSON.stringify(task.requested),
      record_ids: JSON.stringify(task.recordIds),
      title: task.title,
      request_id: task.requestId,
      origin: task.trigger,
      actor: task.actor,
      dedupe_key: task.dedupeKey,
      job_id: '',
      report: null,
      created_at: task.at,
      started_at: task.at,
      finished_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (!inserted) return null;
  const [queued] = await queue.enqueueIn(trx, [
    {
      kind: 'fix',
      class: task.trigger === 'schedule' ? 'bulk' : 'interactive',
      payload: { taskId: task.id },
      dedupeKey: task.id,
      maxAttempts,
    },
  ]);
  await trx
    .updateTable('fix_task')
    .set({ job_id: queued?.job.id ?? '' })
    .where('id', '=', task.id)
    .execute();
  await appendLog(trx, task.id, [`ordered by ${task.actor}: ${task.requested.length} vulnerabilities`], task.at);
  return fixTaskOf(inserted);
}
