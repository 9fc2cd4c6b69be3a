import { type RiskKind, riskKinds, riskVerdicts } from '../../findings/index.ts';
import { isDigest } from '../../image/index.ts';
import type { DecisionCondition, DecisionScope, NewDecision } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';

const mostValues = 10_000;
const longestValue = 512;
const longestText = 2_000;
const mostConditions = 20;

/**
 * A decision as it may be stored: trimmed, without repetitions.
 * @throws ServiceError `invalid_field` naming the field
 */
export function checkedDecision(decision: NewDecision, now: number): NewDecision {
  const ofRisks = isRiskKind(decision.kind);
  const ids = ofRisks ? decision.vulnerabilities : decision.vulnerabilities.map(canonicalId);
  const vulnerabilities = checkedValues('vulnerabilities', ids);
  const scope = checkedScope(decision.scope);
  if (ofRisks) checkRiskDecision(decision);
  else if (decision.verdict !== undefined || decision.conditions !== undefined) {
    throw invalid('verdict', 'a decision on vulnerabilities has no verdict and no conditions');
  }
  if (scope.kind === 'global' && vulnerabilities.length === 0 && (decision.conditions ?? []).length === 0) {
    throw invalid('vulnerabilities', 'a decision about every vulnerability of every image decides nothing', {
      hint: 'Name vulnerabilities, or narrow the scope.',
    });
  }
  return {
    ...checkedChange(decision, now, decision.kind),
    ...{ vulnerabilities, scope },
    title: decision.title === null ? null : checkedText('title', decision.title),
    source: checkedText('source', decision.source),
  };
}

/** The fields that may change later. @throws ServiceError `invalid_field` */
export function checkedChange<T extends Partial<Pick<NewDecision, 'reason' | 'scope' | 'expiresAt' | 'conditions'>>>(
  change: T,
  now: number,
  kind: NewDecision['kind'],
): T {
  const { reason, scope, expiresAt, conditions } = change;
  if (expiresAt != null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw invalid('expiresAt', 'the end of a decision must be in the future');
  }
  return {
    ...change,
    ...(reason !== undefined && { reason: checkedText('reason', reason) }),
    ...(scope !== undefined && { scope: checkedScope(scope) }),
    ...(conditions !== undefined && { conditions: checkedConditions(conditions, kind) }),
  };
}

function isRiskKind(kind: NewDecision['kind']): kind is RiskKind {
  return (riskKinds as readonly string[]).includes(kind);
}

/** Rules of risks.md §5.7: what is malicious is never accepted for its path alone. */
function checkRiskDecision({ kind, vulnerabilities, findingKind, scope, expiresWhen, verdict }: NewDecision): void {
  if (scope.kind === 'packages' || scope.kind === 'products') {
    throw invalid('scope.kind', 'packages narrow decisions on vulnerabilities only');
  }
  if (findingKind !== null) throw invalid('findingKind', `a decision of the kind ${kind} has none`);
  if (expiresWhen !== 'none') throw invalid('expiresWhen', 'only vulnerabilities get fixes published');
  if (verdict !== undefined && !riskVerdicts.includes(verdict)) throw invalid('verdict', 'there is no such verdict');
  if (kind !== 'malicious') return;
  const keys = /^(md5:[0-9a-f]{32}|sha256:[0-9a-f]{64}|rule:.+)$/;
  if (!vulnerabilities.every((key) => keys.test(key.trim()))) {
    const hint = 'Name it as md5:…, sha256:… (hex digits in lower case) or rule:….';
    throw invalid('vulnerabilities', 'malicious files are named by hash or rule', { hint });
  }
}

function checkedConditions(
  conditions: readonly DecisionCondition[],
  kind: NewDecision['kind'],
): readonly DecisionCondition[] {
  if (!isRiskKind(kind)) throw invalid('conditions', 'a decision on vulnerabilities has no conditions');
  if (kind === 'malicious' && conditions.some(({ field }) => field === 'path')) {
    throw invalid('conditions', 'malicious files are accepted by hash, rule or image, not by path');
  }
  if (conditions.length > mostConditions) throw invalid('conditions', `more than ${mostConditions} conditions`);
  return conditions.map(({ field, op, value }) => {
    if (!['path', 'md5'].includes(field) || !['equals', 'prefix', 'contains'].includes(op)) {
      throw invalid('conditions', 'there is no such condition');
    }
    return { field, op, value: checkedValues('conditions', [value])[0] ?? '' };
  });
}

/** An empty list would read as "everywhere" to some and "nowhere" to others. */
function checkedScope(scope: DecisionScope): DecisionScope {
  switch (scope.kind) {
    case 'global':
      return { kind: 'global' };
    case 'repositories':
      return { kind: scope.kind, paths: atLeastOne('scope.paths', checkedValues('scope.paths', scope.paths)) };
    case 'registries': {
      const ids = atLeastOne('scope.ids', [...new Set(scope.ids)]);
      if (!ids.every((id) => Number.isSafeInteger(id) && id > 0)) throw invalid('scope.ids', 'not an id of a registry');
      return { kind: scope.kind, ids };
    }
    case 'registryKinds':
      return { kind: scope.kind, kinds: atLeastOne('scope.kinds', checkedValues('scope.kinds', scope.kinds)) };
    case 'images':
      return { kind: scope.kind, uuids: atLeastOne('scope.uuids', checkedValues('scope.uuids', scope.uuids)) };
    case 'packages':
      return { kind: scope.kind, names: atLeastOne('scope.names', checkedValues('scope.names', scope.names)) };
    case 'products': {
      const { digest } = scope;
      if (digest !== null && !isDigest(digest)) throw invalid('scope.digest', 'not a digest');
      const purls = checkedValues('scope.purls', scope.purls);
      if (!purls.every((purl) => purl.startsWith('pkg:'))) throw invalid('scope.purls', 'not a package URL');
      if (digest === null) atLeastOne('scope.purls', purls);
      return { kind: scope.kind, digest, purls };
    }
    default:
      throw invalid('scope.kind', 'there is no such scope');
  }
}

function atLeastOne<T>(field: string, values: readonly T[]): readonly T[] {
  if (values.length === 0) throw invalid(field, 'the scope of the decision names nothing');
  return values;
}

function checkedValues(field: string, values: readonly string[]): string[] {
  const distinct = [...new Set(values.map((value) => value.trim()))];
  if (distinct.length > mostValues) throw invalid(field, `more than ${mostValues} values`);
  for (const value of distinct) {
    if (value === '' || value.length > longestValue || /[\x00-\x1f\x7f]/.test(value)) {
      throw invalid(field, 'a value is empty, too long, or holds control characters');
    }
  }
  return distinct;
}

function checkedText(field: string, text: string): string {
  if (text.length > longestText || /[\x00-\x08\x0b-\x1f\x7f]/.test(text)) {
    throw invalid(field, `longer than ${longestText} characters, or with control characters`);
  }
  return text.trim();
}

/** Ids of CVEs are written in any case. */
function canonicalId(text: string): string {
  const trimmed = text.trim();
  return /^cve-[0-9]{4}-[0-9]+$/i.test(trimmed) ? trimmed.toUpperCase() : trimmed;
}

function invalid(field: string, message: string, options: { hint?: string } = {}): ServiceError {
  return new ServiceError('invalid_field', `${field}: ${message}`, { field, ...options });
}
