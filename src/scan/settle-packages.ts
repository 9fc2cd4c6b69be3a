import type { Confidence, FileOwners, InstalledPackage, PackageScope } from '../ecosystems/index.ts';

/** Best first. */
const scopes: readonly PackageScope[] = ['installed', 'dev', 'declared', 'removed'];
const confidences: readonly Confidence[] = ['high', 'medium', 'low'];

/**
 * Says for each application package whether another package owns its evidence: that one speaks for it then, and it is
 * listed, not judged (scanning.md §3.1). An owner that cannot be judged itself speaks for nothing: both stay, and say
 * that this is not sure.
 * @param judged whether advisories exist for the package with this purl.
 */
export function settleOwnership(
  packages: readonly InstalledPackage[],
  owners: readonly FileOwners[],
  judged: (purl: string) => boolean,
): InstalledPackage[] {
  return packages.map((pkg) => {
    const owner = pkg.ownedBy ?? ownerOf(pkg, owners);
    if (owner === undefined || owner === pkg.purl) return pkg;
    return judged(owner) ? { ...pkg, ownedBy: owner } : { ...pkg, ownedBy: null, confidence: 'low' };
  });
}

function ownerOf({ locations, scope, type }: InstalledPackage, owners: readonly FileOwners[]): string | undefined {
  const path = locations[0]?.path;
  if (path === undefined || scope === 'removed') return undefined;
  for (const owner of owners) {
    const found = owner.ownerOf(path, type);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * One entry for each package, however many places hold it: the places of its best scope. What a lower layer had and the
 * final file system has as well is not removed.
 */
export function mergePlaces(packages: readonly InstalledPackage[]): InstalledPackage[] {
  const merged = new Map<string, InstalledPackage>();
  for (const pkg of packages) {
    const key = JSON.stringify([pkg.purl, pkg.ownedBy, pkg.source?.name, pkg.source?.version]);
    const known = merged.get(key);
    merged.set(key, known === undefined ? pkg : mergeTwo(known, pkg));
  }
  return [...merged.values()];
}

function mergeTwo(a: InstalledPackage, b: InstalledPackage): InstalledPackage {
  const order = rank(scopes, a.scope ?? 'installed') - rank(scopes, b.scope ?? 'installed');
  if (order !== 0) return order < 0 ? a : b;
  const places = new Map([...a.locations, ...b.locations].map((place) => [JSON.stringify(place), place]));
  const surer = rank(confidences, a.confidence ?? 'high') <= rank(confidences, b.confidence ?? 'high') ? a : b;
  const { guessed: _guessed, linked: _linked, ...rest } = surer;
  const linked = a.linked && b.linked && a.linked.union(b.linked);
  return {
    ...rest,
    locations: [...places.values()],
    ...(a.guessed === true && b.guessed === true && { guessed: true }),
    ...(linked !== undefined && { linked }),
  };
}

function rank<T>(order: readonly T[], value: T): number {
  return order.indexOf(value);
}
