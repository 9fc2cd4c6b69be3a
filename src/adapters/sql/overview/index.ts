import type { TrendStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';

/** Rows of one statement, far below the parameters that PostgreSQL takes. */
const batch = 500;

const same = [
  ...(['critical', 'high', 'medium', 'low', 'unknown', 'fixable', 'kev', 'images', 'scanned'] as const),
  ...(['baseline', 'instruction', 'malicious', 'sensitive'] as const),
];

/** Numbers of days in SQL. */
export function createTrendStore(db: Db): TrendStore {
  return {
    async put(rows, at) {
      const values = rows.map(({ projectId, imagesAtRisk, ...counts }) => ({
        ...counts,
        project_id: projectId,
        images_at_risk: imagesAtRisk,
        recorded_at: at,
      }));
      await db.transaction(async (trx) => {
        for (let from = 0; from < values.length; from += batch) {
          await trx
            .insertInto('daily_count')
            .values(values.slice(from, from + batch))
            .onConflict((conflict) =>
              conflict.columns(['day', 'project_id']).doUpdateSet((eb) => ({
                recorded_at: eb.ref('excluded.recorded_at'),
                images_at_risk: eb.ref('excluded.images_at_risk'),
                ...Object.fromEntries(same.map((name) => [name, eb.ref(`excluded.${name}`)])),
              })),
            )
            .execute();
        }
      });
    },
    async days(projects, from, to) {
      let query = db.kysely.selectFrom('daily_count').selectAll().where('day', '>=', from).where('day', '<=', to);
      if (projects !== 'all') query = query.where('project_id', 'in', [...projects, -1]);
      const rows = await query.orderBy('day').orderBy('project_id').execute();
      return rows.map(({ project_id: projectId, images_at_risk: imagesAtRisk, recorded_at: _at, ...counts }) => ({
        ...counts,
        projectId,
        imagesAtRisk,
      }));
    },
    async recordedAt(day) {
      const row = await db.kysely
        .selectFrom('daily_count')
        .select((eb) => eb.fn.max('recorded_at').as('at'))
        .where('day', '=', day)
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? null : Number(row.at);
    },
    async prune(before) {
      await db.kysely.deleteFrom('daily_count').where('day', '<', before).execute();
    },
  };
}
