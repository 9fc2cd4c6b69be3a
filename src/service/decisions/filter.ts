import { type Filter, packageUrlParts } from '../../findings/index.ts';
import type { DecisionScope, NewDecision } from '../contract/index.ts';

/** Qualifiers of a package URL cannot be asked for: the count may be a little higher than what is covered. */
function packageFilter(purl: string): Filter {
  const { type, name, version } = packageUrlParts(purl);
  return {
    and: [
      { field: 'package.type', op: 'in', values: [type] },
      { field: 'package.name', op: 'in', values: [name] },
      ...(version === null ? [] : [{ field: 'package.version' as const, op: 'in' as const, values: [version] }]),
    ],
  };
}

/** The images that a scope reaches; of scopes by package all. */
export function scopeFilter(scope: DecisionScope): Filter[] {
  switch (scope.kind) {
    case 'repositories':
      return [{ field: 'repository.path', op: 'in', values: scope.paths }];
    case 'registries':
      return [{ field: 'registry.id', op: 'in', values: scope.ids }];
    case 'registryKinds':
      return [{ field: 'registry.kind', op: 'in', values: scope.kinds }];
    case 'images':
      return [{ field: 'image.uuid', op: 'in', values: scope.uuids }];
    case 'products':
      return scope.digest === null ? [] : [{ field: 'image.digest', op: 'in', values: [scope.digest] }];
    default:
      return [];
  }
}

/** The filter of the findings that a decision would handle. */
export function decisionFilter(decision: NewDecision): Filter {
  const { scope, vulnerabilities, findingKind, expiresWhen } = decision;
  const all = scopeFilter(scope);
  if (scope.kind === 'packages') all.push({ field: 'package.name', op: 'in', values: scope.names });
  if (scope.kind === 'products' && scope.purls.length > 0) all.push({ or: scope.purls.map(packageFilter) });
  if (vulnerabilities.length > 0) {
    const values = [...vulnerabilities];
    all.push({
      or: [
        { field: 'vuln.id', op: 'in', values },
        { field: 'vuln.key', op: 'in', values },
      ],
    });
  }
  if (findingKind !== null) all.push({ field: 'kind', op: 'in', values: [findingKind] });
  if (expiresWhen === 'any_fix') all.push({ field: 'fixable', op: 'is', value: false });
  return { and: all };
}
