import { type DecidedImage, isInForce, reaches } from '../facts/decisions.ts';
import type { Ignored } from '../ignored.ts';
import type { EstateRule } from '../query/ports.ts';
import type { RiskFinding } from '../risk-findings.ts';
import { type RiskCondition, type RiskKind, type RiskVerdict, riskKinds } from './kinds.ts';
import { kindOfRisk, type RiskHead } from './risk-facts.ts';

/** What decisions look at of a finding. */
export interface DecidedRisk {
  readonly kind: RiskKind;
  readonly head: RiskHead;
  readonly path: string | null;
  readonly md5: string | null;
  readonly sha256: string | null;
}

/** What of a decision decides whether it covers a finding. */
export type RiskRule = Pick<EstateRule, 'kind' | 'vulnerabilities' | 'scope' | 'conditions'>;

const scopes: ReadonlySet<string> = new Set(['global', 'repositories', 'registries', 'registryKinds', 'images']);

/** Whether a decision is about findings of detectors at all. */
export function isRiskRule({ kind, scope }: Pick<EstateRule, 'kind' | 'scope'>): boolean {
  return (riskKinds as readonly string[]).includes(kind) && scopes.has(scope.kind);
}

/** Keys under which a decision may name a finding: items and ids of checks, keys of rules, hashes of malicious objects. */
export function namesOfRisk({ head, md5, sha256 }: Omit<DecidedRisk, 'kind' | 'path'>): readonly string[] {
  switch (head.kind) {
    case 'baseline':
      return [head.item, head.id];
    case 'malicious':
      return [
        ...(md5 === null ? [] : [`md5:${md5}`]),
        ...(sha256 === null ? [] : [`sha256:${sha256}`]),
        ...[`rule:${head.rule}`, `rule:${head.id}`, `rule:${head.key}`],
      ];
    default:
      return [head.id];
  }
}

/** Whether a decision covers a finding of an image that it reaches. */
export function coversRisk(rule: RiskRule, risk: DecidedRisk): boolean {
  if (rule.kind !== risk.kind) return false;
  const named = rule.vulnerabilities;
  if (named.length > 0 && !namesOfRisk(risk).some((name) => named.includes(name))) return false;
  return (rule.conditions ?? []).every((condition) => holds(condition, risk));
}

function holds({ field, op, value }: RiskCondition, risk: DecidedRisk): boolean {
  const text = risk[field];
  if (text === null) return false;
  // Paths of images have no leading slash; people write one.
  const wanted = field === 'path' && op !== 'contains' ? value.replace(/^\/+/, '') : value;
  if (op === 'equals') return field === 'md5' ? text === wanted.toLowerCase() : text === wanted;
  return op === 'prefix' ? text.startsWith(wanted) : text.includes(wanted);
}

/** What a decision says of what it covers; those that were made before there were verdicts accept. */
export function verdictOf({ verdict }: Pick<EstateRule, 'verdict'>): RiskVerdict {
  return verdict ?? 'whitelisted';
}

/** Answers which decision speaks of a finding of one image: of several the oldest. */
export type RiskDecider = (finding: RiskFinding) => EstateRule | null;

/** The decisions in force for one image. */
export function riskDecisionsFor(rules: readonly EstateRule[], image: DecidedImage, now: number): RiskDecider {
  const own = rules
    .filter((rule) => isRiskRule(rule) && isInForce(rule, now) && reaches(rule, image))
    .toSorted((a, b) => a.id - b.id);
  return (finding) => {
    const file = finding.kind === 'baseline' ? null : finding;
    const sha256 = finding.kind === 'malicious' ? finding.sha256 : null;
    const place = { path: file?.path ?? null, md5: file?.md5 ?? null, sha256 };
    return own.find((rule) => coversRisk(rule, { kind: kindOfRisk(finding), head: finding, ...place })) ?? null;
  };
}

/** What a report says of a finding that a decision covers; null where the decision leaves it open. */
export function ignoredRisk(rule: EstateRule | null): Ignored | null {
  if (rule === null || verdictOf(rule) === 'verifying') return null;
  const { reason, by, expiresAt } = rule;
  return { reason, by, until: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
