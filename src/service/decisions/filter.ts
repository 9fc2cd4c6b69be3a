import { type Filter, packageUrlParts } from '../../findings/index.ts';
import type { NewDecision } from '../contract/index.ts';

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

/** The filter of the findings that a decision would handle. */
export function decisionFilter(decision: NewDecision): Filter {
  const { scope, vulnerabilities, findingKind, expiresWhen } = decision;
  const all: Filter[] = [];
  switch (scope.kind) {
    case 'repositories':
      all.push({ field: 'repository.path', op: 'in', values: scope.paths });
      break;
    case 'registries':
      all.push({ field: 'registry.id', op: 'in', values: scope.ids });
      break;
    case 'registryKinds':
      all.push({ field: 'registry.kind', op: 'in', values: scope.kinds });
      break;
    case 'images':
      all.push({ field: 'image.uuid', op: 'in', values: scope.uuids });
      break;
    case 'packages':
      all.push({ field: 'package.name', op: 'in', values: scope.names });
      break;
    case 'products':
      if (scope.digest !== null) all.push({ field: 'image.digest', op: 'in', values: [scope.digest] });
      if (scope.purls.length > 0) all.push({ or: scope.purls.map(packageFilter) });
      break;
    default:
  }
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
