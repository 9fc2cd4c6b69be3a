import type { FixService, FixTask, Page, ProjectScope } from '../../../service/index.ts';
import type { Db } from '../index.ts';
import { fixTaskOf } from './fix-row.ts';

/** A page of fix tasks, newest first. */
export async function fixPage(
  db: Db,
  projects: ProjectScope,
  query: Parameters<FixService['page']>[1],
): Promise<Page<FixTask>> {
  let rows = db.kysely.selectFrom('fix_task');
  if (projects !== 'all') rows = rows.where('project_id', 'in', [...projects, -1]);
  if (query.from !== undefined) rows = rows.where('started_at', '>=', query.from);
  if (query.to !== undefined) rows = rows.where('started_at', '<=', query.to);
  if (query.statuses) rows = rows.where('status', 'in', [...query.statuses]);
  if (query.requestId !== undefined) rows = rows.where('request_id', '=', query.requestId);
  if (query.imageUuid !== undefined) rows = rows.where('image_uuid', '=', query.imageUuid);
  const counted = await rows.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  const { page } = query;
  let listed = rows.selectAll().orderBy('number', 'desc').limit(page.limit);
  if ('offset' in page) listed = listed.offset(page.offset);
  else if (page.after !== null) listed = listed.where('number', '<', Number(page.after));
  const found = await listed.execute();
  return {
    rows: found.map(fixTaskOf),
    total: Number(counted.n),
    totalIsBound: false,
    next: found.length < page.limit || found.length === 0 ? null : `${found.at(-1)?.number}`,
  };
}
