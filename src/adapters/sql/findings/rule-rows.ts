import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import { type EstateRule, riskVerdicts, type StoredRule } from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';
import type { RuleTable } from './tables.ts';

type Trx = Kysely<Tables>;

/** Rules by id, in the order of the ids; unknown ones are left out. */
export async function readRules(trx: Trx, ids: readonly number[]): Promise<StoredRule[]> {
  const rules = new Map<number, StoredRule>();
  for (const chunk of inLists(new Set(ids))) {
    const rows = await trx.selectFrom('rule').selectAll().where('id', 'in', chunk).execute();
    const targets = await trx.selectFrom('rule_target').selectAll().where('rule_id', 'in', chunk).execute();
    const byRule = Map.groupBy(targets, ({ rule_id }) => rule_id);
    for (const row of rows) {
      const own = byRule.get(row.id) ?? [];
      const values = (part: string): string[] =>
        own
          .filter((target) => target.part === part)
          .map(({ value }) => value)
          .sort();
      rules.set(row.id, ruleOf(row, values('vulnerability'), values('scope')));
    }
  }
  return ids.flatMap((id) => rules.get(id) ?? []);
}

function ruleOf(row: Selectable<RuleTable>, vulnerabilities: readonly string[], scope: readonly string[]): StoredRule {
  return {
    id: row.id,
    kind: row.kind,
    projectId: row.project_id,
    vulnerabilities,
    findingKind: row.finding_kind === 'cve' || row.finding_kind === 'sca' ? row.finding_kind : null,
    scope: scopeOf(row.scope, scope),
    reason: row.reason,
    by: row.author,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    expiresWhen: row.expires_when === 'any_fix' ? 'any_fix' : 'none',
    source: row.source,
    title: row.title,
    endedAt: row.ended_at,
    ended: row.ended === 'revoked' || row.ended === 'expired' ? row.ended : null,
    ...verdictOf(row),
  };
}

/** A verdict that this version does not know handles nothing: somebody has to look. */
function verdictOf({ verdict, conditions }: Selectable<RuleTable>): Pick<StoredRule, 'verdict' | 'conditions'> {
  return {
    ...(verdict !== null && { verdict: riskVerdicts.find((known) => known === verdict) ?? ('verifying' as const) }),
    ...(conditions !== null && { conditions: JSON.parse(conditions) as NonNullable<StoredRule['conditions']> }),
  };
}

/** The values of a scope as texts. */
export function scopeValues(scope: EstateRule['scope']): readonly string[] {
  switch (scope.kind) {
    case 'repositories':
      return scope.paths;
    case 'registries':
      return scope.ids.map(String);
    case 'registryKinds':
      return scope.kinds;
    case 'images':
      return scope.uuids;
    case 'packages':
      return scope.names;
    case 'products':
      return [...(scope.digest === null ? [] : [scope.digest]), ...scope.purls];
    default:
      return [];
  }
}

/** A scope that this version does not know reaches no image: a decision must never grow. */
function scopeOf(kind: string, values: readonly string[]): EstateRule['scope'] {
  switch (kind) {
    case 'global':
      return { kind };
    case 'repositories':
      return { kind, paths: values };
    case 'registries':
      return { kind, ids: values.map(Number).sort((a, b) => a - b) };
    case 'registryKinds':
      return { kind, kinds: values };
    case 'packages':
      return { kind, names: values };
    case 'products': {
      const [digest = null, second] = values.filter((value) => !value.startsWith('pkg:'));
      const purls = values.filter((value) => value.startsWith('pkg:'));
      // Never everything everywhere, whatever the rows say.
      if (second !== undefined || values.length === 0) return { kind: 'images', uuids: [] };
      return { kind, digest, purls };
    }
    default:
      return { kind: 'images', uuids: kind === 'images' ? values : [] };
  }
}

/** Condition that a rule is visible to somebody: its own projects' and everybody's. */
export function visibleTo(projects: 'all' | readonly number[], column: string) {
  if (projects === 'all') return sql<SqlBool>`1 = 1`;
  if (projects.length === 0) return sql<SqlBool>`1 = 0`;
  return sql<SqlBool>`(${sql.ref(column)} IS NULL OR ${sql.ref(column)} IN (${sql.join(projects)}))`;
}
