import type { ExpressionBuilder, Kysely } from 'kysely';
import type { ExportStore, PageRequest, ProjectScope } from '../../../service/index.ts';
import type { Tables } from '../tables.ts';
import { toRecords } from './rows.ts';

/** Exports of which the scope may see everything, newest first; the position behind a row is its number. */
export async function pageExports(
  handle: Kysely<Tables>,
  scope: ProjectScope,
  page: PageRequest,
): ReturnType<ExportStore['page']> {
  const inScope = (eb: ExpressionBuilder<Tables, 'export_job'>) => {
    if (scope === 'all') return eb.lit(true);
    const projects = eb.selectFrom('export_project').whereRef('export_project.export_id', '=', 'export_job.id');
    const foreign = projects.select('project_id').where('project_id', 'not in', scope);
    return eb.and([eb('all_projects', '=', 0), eb.exists(projects.select('project_id')), eb.not(eb.exists(foreign))]);
  };
  if (scope !== 'all' && scope.length === 0) return { rows: [], total: 0, next: null };
  const { n } = await handle
    .selectFrom('export_job')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where(inScope)
    .executeTakeFirstOrThrow();
  const query = handle
    .selectFrom('export_job')
    .selectAll()
    .where(inScope)
    .orderBy('number', 'desc')
    .limit(page.limit + 1);
  const after = 'after' in page && page.after !== null ? Number(page.after) : null;
  const rows = await ('offset' in page
    ? query.offset(page.offset)
    : after === null
      ? query
      : query.where('number', '<', Number.isSafeInteger(after) ? after : 0)
  ).execute();
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    rows: await toRecords(handle, shown),
    total: Number(n),
    next: rows.length > page.limit && last !== undefined ? String(last.number) : null,
  };
}
