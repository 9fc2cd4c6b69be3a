import { isDigest } from '../../image/index.ts';
import type { DecisionScope, NewDecision } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';

const mostValues = 10_000;
const longestValue = 512;
const longestText = 2_000;

/**
 * A decision as it may be stored: trimmed, without repetitions.
 * @throws ServiceError `invalid_field` naming the field
 */
export function checkedDecision(decision: NewDecision, now: number): NewDecision {
  const vulnerabilities = checkedValues('vulnerabilities', decision.vulnerabilities.map(canonicalId));
  const scope = checkedScope(decision.scope);
  if (scope.kind === 'global' && vulnerabilities.length === 0) {
    throw invalid('vulnerabilities', 'a decision about every vulnerability of every image decides nothing', {
      hint: 'Name vulnerabilities, or narrow the scope.',
    });
  }
  return {
    ...checkedChange(decision, now),
    ...{ vulnerabilities, scope },
    title: decision.title === null ? null : checkedText('title', decision.title),
    source: checkedText('source', decision.source),
  };
}

/** The fields that may change later. @throws ServiceError `invalid_field` */
export function checkedChange<T extends Partial<Pick<NewDecision, 'reason' | 'scope' | 'expiresAt'>>>(
  change: T,
  now: number,
): T {
  const { reason, scope, expiresAt } = change;
  if (expiresAt != null && !(Number.isSafeInteger(expiresAt) && expiresAt > now)) {
    throw invalid('expiresAt', 'the end of a decision must be in the future');
  }
  return {
    ...change,
    ...(reason !== undefined && { reason: checkedText('reason', reason) }),
    ...(scope !== undefined && { scope: checkedScope(scope) }),
  };
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
