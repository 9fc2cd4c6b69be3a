import type { Filter } from '../../findings/index.ts';
import type { NewDecision } from '../contract/index.ts';

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
