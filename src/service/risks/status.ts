import type { RiskFinding } from '../../findings/index.ts';
import type { Call, DecisionRule, DecisionScope, NewDecision, RiskHit, RiskStatusChange } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { inScope } from '../project-scope.ts';
import type { RiskServiceDeps } from './ports.ts';

const pageRows = 1_000;

type StatusDeps = Pick<RiskServiceDeps, 'decisions' | 'images' | 'catalogue'> & {
  hitsByIds(call: Call, ids: readonly number[]): Promise<readonly RiskHit[]>;
};

/** One key, in some images or everywhere. */
interface Target {
  readonly key: string;
  /** Null = everywhere. */
  readonly uuids: readonly string[] | null;
}

/** Decides on findings, or takes decisions back; ids of the rules that were made or revoked. */
export async function setStatus(deps: StatusDeps, call: Call, change: RiskStatusChange): Promise<readonly number[]> {
  const targets = await targetsOf(deps, call, change);
  const back = await takeBack(deps, call, change, targets);
  if (change.status === 'open') return back;
  const made: number[] = [];
  for (const { key, uuids } of targets) {
    const scope: DecisionScope = uuids === null ? { kind: 'global' } : { kind: 'images', uuids };
    for (const projectId of await projectsOf(deps, call, uuids)) {
      const decision: NewDecision = {
        ...{ kind: change.kind, vulnerabilities: [key], findingKind: null, scope, projectId },
        ...{ reason: change.reason, source: change.source, title: null, verdict: change.status },
        ...{ expiresAt: null, expiresWhen: 'none' },
      };
      made.push((await deps.decisions.add(call, decision)).id);
    }
  }
  return made;
}

async function targetsOf(deps: StatusDeps, call: Call, change: RiskStatusChange): Promise<readonly Target[]> {
  const { rules, uuids, ids = [] } = change;
  if (uuids !== undefined) {
    if (uuids.length === 0) throw invalid('uuids', 'no image is named');
    const known = await deps.images.byUuids(call, uuids);
    if (known.length < new Set(uuids).size) throw invalid('uuids', 'there is no such image');
  }
  const hits = await deps.hitsByIds(call, ids);
  if (hits.length < new Set(ids).size) throw invalid('ids', 'there is no such finding');
  if (hits.some(({ kind }) => kind !== change.kind))
    throw invalid('ids', `a finding is none of the kind ${change.kind}`);
  if (rules.length === 0 && hits.length === 0) throw invalid('rules', 'no rule is named');
  const byKey = Map.groupBy(hits, ({ finding }) => keyOf(finding));
  return [
    ...[...new Set(rules)].map((key) => ({ key, uuids: uuids ?? null })),
    ...[...byKey].map(([key, own]) => ({ key, uuids: [...new Set(own.map(({ image }) => image.uuid))] })),
  ];
}

/** The key by which a decision names what one finding is about. */
function keyOf(finding: RiskFinding): string {
  switch (finding.kind) {
    case 'baseline':
      return finding.item;
    case 'malicious':
      if (finding.sha256 !== null) return `sha256:${finding.sha256}`;
      return finding.md5 !== null ? `md5:${finding.md5}` : `rule:${finding.rule}`;
    default:
      return finding.id;
  }
}

/**
 * Ends what was decided on the targets by name. What a rule says of other keys and images goes on in a rule of its own; a
 * rule for everywhere stays when only some images are meant.
 */
async function takeBack(
  deps: StatusDeps,
  call: Call,
  { kind }: RiskStatusChange,
  targets: readonly Target[],
): Promise<readonly number[]> {
  const ended: number[] = [];
  // A check has two names: decisions may use either.
  const items = new Map(deps.catalogue(kind).rules.map(({ id, key }) => [id, key]));
  const sameKey = (one: string, other: string): boolean => (items.get(one) ?? one) === (items.get(other) ?? other);
  for (const rule of await rulesOf(deps, call, kind)) {
    const rest = restOf(rule, targets, sameKey);
    if (rest === null) continue;
    if ((await deps.decisions.revoke(call, [rule.id])) === 0) continue;
    ended.push(rule.id);
    for (const part of rest) {
      const { author: _author, createdAt: _created, updatedAt: _updated, id: _id, ...same } = rule;
      await deps.decisions.add(call, { ...same, ...part });
    }
  }
  return ended;
}

async function rulesOf(deps: StatusDeps, call: Call, kind: RiskStatusChange['kind']): Promise<readonly DecisionRule[]> {
  const rules: DecisionRule[] = [];
  for (let after: string | null = null; ; ) {
    const page: Awaited<ReturnType<StatusDeps['decisions']['page']>> = await deps.decisions.page(call, {
      kind,
      page: { after, limit: pageRows },
    });
    rules.push(...page.rows);
    after = page.next;
    if (after === null) return rules;
  }
}

type Part = Pick<NewDecision, 'vulnerabilities' | 'scope'>;

/** What of a rule stays when the targets are taken out; null when they do not touch it. */
function restOf(
  { vulnerabilities, scope, conditions = [] }: DecisionRule,
  targets: readonly Target[],
  sameKey: (one: string, other: string) => boolean,
): Part[] | null {
  if (conditions.length > 0 || (scope.kind !== 'global' && scope.kind !== 'images')) return null;
  const touched = targets.filter(
    ({ key, uuids }) =>
      vulnerabilities.some((own) => sameKey(own, key)) &&
      (uuids === null || (scope.kind === 'images' && uuids.some((uuid) => scope.uuids.includes(uuid)))),
  );
  if (touched.length === 0) return null;
  const parts: Part[] = [];
  const others = vulnerabilities.filter((own) => !touched.some(({ key }) => sameKey(own, key)));
  if (others.length > 0) parts.push({ vulnerabilities: others, scope });
  for (const { key, uuids } of touched) {
    if (uuids === null || scope.kind !== 'images') continue;
    const left = scope.uuids.filter((uuid) => !uuids.includes(uuid));
    if (left.length > 0) parts.push({ vulnerabilities: [key], scope: { kind: 'images', uuids: left } });
  }
  return parts;
}

/** For which projects a decision is made: all at once for those who may, else each that is touched. */
async function projectsOf(
  deps: StatusDeps,
  call: Call,
  uuids: readonly string[] | null,
): Promise<readonly (number | null)[]> {
  const { projects } = call;
  if (projects === 'all') return [null];
  if (uuids === null) return projects;
  const images = await deps.images.byUuids(call, uuids);
  return [...new Set(images.map(({ repository }) => repository.projectId))].filter((id) => inScope(projects, id));
}

function invalid(field: string, message: string): ServiceError {
  return new ServiceError('invalid_field', `${field}: ${message}`, { field });
}
