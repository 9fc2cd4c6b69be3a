import { type Kysely, type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Digest } from '../../../image/index.ts';
import type { ScanState } from '../../../inventory/index.ts';
import type { Page, PageRequest, ProjectScope, ScanStore, ScanTask, ScanTaskItem } from '../../../service/index.ts';
import { digestBytes, digestText } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import type { ScanTaskItemTable, ScanTaskTable } from './tables.ts';

type TaskRow = Selectable<ScanTaskTable>;

/** Percent of a scan's way by its state, where its job tells nothing finer. */
const percent: Readonly<Record<string, number>> = { queued: 0, pulling: 10, analysing: 40 };

/** The task of a row. */
export function scanTaskOf(row: TaskRow): ScanTask {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    source: row.source,
    kind: row.kind,
    state: row.state,
    total: row.total,
    finished: row.finished,
    failed: row.failed,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    updatedAt: row.updated_at,
  };
}

/** The rows of tasks that a caller may see: with an item in its projects, or its own. */
function visibleTasks(kysely: Kysely<Tables>, projects: ProjectScope, owner: string) {
  const query = kysely.selectFrom('scan_task');
  if (projects === 'all') return query;
  const list = [...projects, -1];
  return query.where((eb) =>
    eb.or([
      eb.and([eb('scan_task.owner', '=', owner), eb('scan_task.total', '=', 0)]),
      eb('scan_task.project_id', 'in', list),
      eb.exists(
        eb
          .selectFrom('scan_task_item')
          .select('ordinal')
          .whereRef('scan_task_item.task_id', '=', 'scan_task.id')
          .where('scan_task_item.project_id', 'in', list),
      ),
    ]),
  );
}

/** A task if the caller may see it. */
export async function visibleTask(
  kysely: Kysely<Tables>,
  projects: ProjectScope,
  owner: string,
  id: string,
): Promise<TaskRow | undefined> {
  return await visibleTasks(kysely, projects, owner).selectAll().where('scan_task.id', '=', id).executeTakeFirst();
}

/** Reading scan tasks. Numbers of a task are those of the items that the caller may see. */
export function scanTaskReads(db: Db): Pick<ScanStore, 'task' | 'page' | 'items' | 'latestOf'> {
  return {
    async task(projects, owner, id) {
      const row = await visibleTask(db.kysely, projects, owner, id);
      return row ? ((await narrowed(db, projects, [row]))[0] ?? null) : null;
    },
    page: (projects, owner, query) => taskPage(db, projects, owner, query),
    items: (projects, query) => itemPage(db, projects, query),
    async latestOf(projects, owner, digest) {
      let items = db.kysely
        .selectFrom('scan_task_item')
        .innerJoin('scan_task', 'scan_task.id', 'scan_task_item.task_id')
        .select('scan_task.id')
        .where('scan_task_item.digest', '=', digestBytes(digest))
        .orderBy('scan_task.number', 'desc')
        .limit(1);
      if (projects !== 'all') items = items.where('scan_task_item.project_id', 'in', [...projects, -1]);
      const row = await items.executeTakeFirst();
      return row ? await this.task(projects, owner, row.id) : null;
    },
  };
}

async function taskPage(
  db: Db,
  projects: ProjectScope,
  owner: string,
  query: Parameters<ScanStore['page']>[2],
): Promise<Page<ScanTask>> {
  let rows = visibleTasks(db.kysely, projects, owner);
  if (query.kind) rows = rows.where('scan_task.kind', '=', query.kind);
  if (query.states) rows = rows.where('scan_task.state', 'in', [...query.states]);
  if (query.source !== undefined) rows = rows.where('scan_task.source', '=', query.source);
  if (query.id !== undefined) rows = rows.where('scan_task.id', '=', query.id);
  if (query.name !== undefined) rows = rows.where('scan_task.name', '=', query.name);
  if (query.from !== undefined) rows = rows.where('scan_task.created_at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('scan_task.created_at', '<=', query.to);
  const total = await countOf(rows);
  const { page } = query;
  let listed = rows.selectAll('scan_task').orderBy('scan_task.number', 'desc').limit(page.limit);
  if ('offset' in page) listed = listed.offset(page.offset);
  else if (page.after !== null) listed = listed.where('scan_task.number', '<', positionOf(page.after));
  const found = await listed.execute();
  return {
    rows: await narrowed(db, projects, found),
    total,
    totalIsBound: false,
    next: nextOf(page, found.length, () => `${found.at(-1)?.number}`),
  };
}

async function countOf<O>(rows: SelectQueryBuilder<Tables, 'scan_task', O>): Promise<number> {
  const row = await rows.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirst();
  return Number((row as { n?: number } | undefined)?.n ?? 0);
}

/** Tasks with the numbers of what the caller may see. */
async function narrowed(db: Db, projects: ProjectScope, rows: readonly TaskRow[]): Promise<ScanTask[]> {
  const scans = rows.filter(({ kind }) => kind === 'image_scan').map(({ id }) => id);
  if (projects === 'all' || scans.length === 0) return rows.map(scanTaskOf);
  const counts = await db.kysely
    .selectFrom('scan_task_item')
    .select((eb) => [
      'task_id',
      eb.fn.countAll<number>().as('total'),
      sql<number>`sum(1 - open)`.as('finished'),
      sql<number>`sum(CASE WHEN open = 0 AND state IN ('failed', 'too_large', 'cancelled') THEN 1 ELSE 0 END)`.as(
        'failed',
      ),
    ])
    .where('task_id', 'in', scans)
    .where('project_id', 'in', [...projects, -1])
    .groupBy('task_id')
    .execute();
  const byTask = new Map(counts.map((count) => [count.task_id, count]));
  return rows.map((row) => {
    const own = byTask.get(row.id);
    if (!own) return scanTaskOf(row);
    return {
      ...scanTaskOf(row),
      total: Number(own.total),
      finished: Number(own.finished),
      failed: Number(own.failed),
    };
  });
}

async function itemPage(
  db: Db,
  projects: ProjectScope,
  query: Parameters<ScanStore['items']>[1],
): Promise<Page<ScanTaskItem>> {
  let rows = db.kysely.selectFrom('scan_task_item').innerJoin('scan_task', 'scan_task.id', 'scan_task_item.task_id');
  if (projects !== 'all') rows = rows.where('scan_task_item.project_id', 'in', [...projects, -1]);
  if (query.taskId !== undefined) rows = rows.where('scan_task_item.task_id', '=', query.taskId);
  if (query.source !== undefined) rows = rows.where('scan_task.source', '=', query.source);
  if (query.digest !== undefined) {
    rows = rows.where('scan_task_item.digest', '=', digestBytes(query.digest as Digest));
  }
  if (query.states) rows = rows.where('scan_task_item.state', 'in', [...query.states]);
  if (query.from !== undefined) rows = rows.where('scan_task_item.created_at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('scan_task_item.created_at', '<=', query.to);
  const counted = await rows.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  const { page } = query;
  let listed = rows
    .selectAll('scan_task_item')
    .select('scan_task.number as task_number')
    .orderBy('scan_task.number', 'desc')
    .orderBy('scan_task_item.ordinal')
    .limit(page.limit);
  if ('offset' in page) listed = listed.offset(page.offset);
  else if (page.after !== null) {
    const [task = 0, ordinal = 0] = page.after.split('.').map(Number);
    listed = listed.where((eb) =>
      eb.or([
        eb('scan_task.number', '<', task),
        eb.and([eb('scan_task.number', '=', task), eb('scan_task_item.ordinal', '>', ordinal)]),
      ]),
    );
  }
  const found = await listed.execute();
  const last = found.at(-1);
  return {
    rows: found.map(itemOf),
    total: Number(counted.n),
    totalIsBound: false,
    next: nextOf(page, found.length, () => `${last?.task_number}.${last?.ordinal}`),
  };
}

function itemOf(row: Selectable<ScanTaskItemTable>): ScanTaskItem {
  return {
    taskId: row.task_id,
    imageUuid: row.uuid,
    digest: digestText(row.digest),
    state: row.state as ScanState,
    reason: row.code === null ? null : { code: row.code, message: row.message ?? '' },
    progress: row.open === 1 ? (percent[row.state] ?? 0) : 100,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

function positionOf(after: string): number {
  const position = Number(after);
  return Number.isSafeInteger(position) ? position : 0;
}

function nextOf(page: PageRequest, found: number, position: () => string): string | null {
  return found < page.limit || found === 0 ? null : position();
}
