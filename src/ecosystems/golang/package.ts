import type { Digest } from '../../image/index.ts';
import type { InstalledPackage, PackageScope } from '../contract.ts';
import { packageUrl } from '../purl.ts';

/** Where a module was found, and how. */
export interface GoEvidence {
  readonly location: { readonly path: string; readonly layer: Digest };
  readonly scope: PackageScope;
  readonly linked?: ReadonlySet<string>;
  readonly guessed?: true;
}

/** The package of a module at a version; `name` is the path of the module. */
export function goPackage(name: string, version: string, evidence: GoEvidence): InstalledPackage {
  const slash = name.lastIndexOf('/');
  const namespace = slash < 0 ? undefined : name.slice(0, slash);
  const { location, scope, linked, guessed } = evidence;
  return {
    purl: packageUrl({ type: 'golang', namespace, name: name.slice(slash + 1), version }),
    ...{ type: 'golang', name, version, arch: null, source: null },
    ...{ locations: [location], ownedBy: null, held: false },
    ...(scope !== 'installed' && { scope }),
    ...(linked && { linked }),
    ...(guessed && { guessed }),
  };
}
