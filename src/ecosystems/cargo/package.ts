import type { InstalledPackage } from '../contract.ts';
import { packageUrl } from '../purl.ts';

/** The package of a crate. */
export function cratePackage(
  { name, version, foreign }: { readonly name: string; readonly version: string; readonly foreign?: true },
  evidence: Pick<InstalledPackage, 'locations' | 'scope'>,
): InstalledPackage {
  return {
    purl: packageUrl({ type: 'cargo', name, version }),
    ...{ type: 'cargo', name, version, arch: null, source: null, ownedBy: null, held: false },
    ...evidence,
    // A path or a repository may hold anything under the name of a published crate.
    ...(foreign && { guessed: true }),
  };
}
