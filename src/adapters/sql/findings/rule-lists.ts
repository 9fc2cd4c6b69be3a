import { type Kysely, sql } from 'kysely';
import type { RuleStore, RuleWindow, StoredRule } from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import { readRules, visibleTo } from './rule-rows.ts';

type Trx = Kysely<Tables>;

/** One page of the rules in force, newest first. */
export async function listRules(
  trx: Trx,
  query: Parameters<RuleStore['listRules']>[0],
): ReturnType<RuleStore['listRules']> {
  const { projects, kind, text, source, now, window } = query;
  const conditions = [
    sql`r.ended_at IS NULL`,
    sql`(r.expires_at IS NULL OR r.expires_at > ${now})`,
    visibleTo(projects, 'r.project_id'),
    ...(kind === undefined ? [] : [sql`r.kind = ${kind}`]),
    ...(source === undefined ? [] : [sql`r.source = ${source}`]),
    ...(text === undefined || text === '' ? [] : [textCondition(text)]),
  ];
  const { ids, total } = await pageOf(trx, sql`rule r`, conditions, window);
  return { rows: await readRules(trx, ids), total };
}

/** Somewhere in the reason, the title, or what the rule names; case does not matter. */
function textCondition(text: string) {
  const pattern = `%${text.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
  return sql`(LOWER(r.reason) LIKE ${pattern} ESCAPE '\\' OR LOWER(COALESCE(r.title, '')) LIKE ${pattern} ESCAPE '\\'
    OR EXISTS (SELECT 1 FROM rule_target t WHERE t.rule_id = r.id AND LOWER(t.value) LIKE ${pattern} ESCAPE '\\'))`;
}

/** One page of the changes of rules, newest first. */
export async function ruleHistory(
  trx: Trx,
  query: Parameters<RuleStore['ruleHistory']>[0],
): ReturnType<RuleStore['ruleHistory']> {
  const { projects, vulnerability, window } = query;
  const conditions = [
    visibleTo(projects, 'o.project_id'),
    ...(vulnerability === undefined
      ? []
      : [
          sql`EXISTS (SELECT 1 FROM rule_target t WHERE t.rule_id = r.rule_id AND t.part = 'vulnerability'
            AND t.value = ${vulnerability})`,
        ]),
  ];
  const { ids, total } = await pageOf(trx, sql`rule_change r JOIN rule o ON o.id = r.rule_id`, conditions, window);
  if (ids.length === 0) return { rows: [], total };
  const rows = await trx.selectFrom('rule_change').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute();
  return {
    total,
    rows: rows.map(({ id, change, at, author, rule }) => ({
      position: id,
      rule: JSON.parse(rule) as StoredRule,
      change: change as 'added' | 'updated' | 'revoked' | 'expired',
      at,
      by: author,
    })),
  };
}

async function pageOf(
  trx: Trx,
  from: ReturnType<typeof sql>,
  conditions: readonly ReturnType<typeof sql>[],
  window: RuleWindow,
): Promise<{ readonly ids: readonly number[]; readonly total: number }> {
  const where = sql.join(conditions, sql` AND `);
  const { rows: counted } = await sql<{ n: number }>`SELECT COUNT(*) AS n FROM ${from} WHERE ${where}`.execute(trx);
  const below = 'below' in window && window.below !== null ? sql`r.id < ${window.below}` : sql`1 = 1`;
  const offset = 'offset' in window ? window.offset : 0;
  const { rows } = await sql<{ id: number }>`SELECT r.id FROM ${from} WHERE ${where} AND ${below}
    ORDER BY r.id DESC LIMIT ${window.limit} OFFSET ${offset}`.execute(trx);
  return { ids: rows.map(({ id }) => id), total: counted[0]?.n ?? 0 };
}
