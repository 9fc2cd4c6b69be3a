import type { InstalledPackage } from '../contract.ts';
import { packageUrl } from '../purl.ts';

/** The part of an installed package that its manifest tells; where it was found comes on top. */
export type NpmIdentity = Omit<InstalledPackage, 'locations'>;

/**
 * Names of the registry, old ones with capital letters included; at most 214 characters a part. Nothing that could be
 * an option, a path or a hidden directory.
 */
const namePattern = /^(?:@[a-z0-9~][a-z0-9._~-]{0,213}\/)?[a-z0-9~][a-z0-9._~!'()*-]{0,213}$/i;
/** Any visible ASCII: odd versions stay in the inventory and are not compared. */
const versionPattern = /^[!-~]{1,256}$/;

/** Why a name and version of a manifest are no package, or the package. */
export function npmIdentity(name: string, version: string): NpmIdentity | string {
  if (!namePattern.test(name)) return 'has a name outside the grammar';
  if (!versionPattern.test(version)) return 'has a version outside the grammar';
  const slash = name.indexOf('/');
  const purl = packageUrl({
    type: 'npm',
    namespace: slash < 0 ? undefined : name.slice(0, slash),
    name: name.slice(slash + 1),
    version,
  });
  return { purl, type: 'npm', name, version, arch: null, source: null, ownedBy: null, held: false };
}
