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
  // What lies in an archive (`app.war!/WEB-INF/lib/a.jar`) belongs to whoever owns the archive.
  const end = path.indexOf('!/');
  for (const owner of owners) {
    const found = owner.ownerOf(path, type) ?? (end > 0 ? owner.ownerOf(path.slice(0, end), type) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * One entry for each package, however many places hold it: the places of its best scope. What a lower layer had and the
 * final file system has as well is not removed.
 */
export function mergePlaces(packages: readonly InstalledPackage[]): InstalledPackage[] {
  const groups = new Map<string, InstalledPackage[]>();
  for (const pkg of packages) {
    const key = JSON.stringify([pkg.purl, pkg.ownedBy, pkg.source?.name, pkg.source?.version]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pkg]);
    else group.push(pkg);
  }
  return [...groups.values()].map((group) => mergeGroup(group as [InstalledPackage, ...InstalledPackage[]]));
}

/** One step for a group: an image may hold a hundred thousand copies of one package. */
function mergeGroup(group: readonly [InstalledPackage, ...InstalledPackage[]]): InstalledPackage {
  const [first] = group;
  if (group.length === 1) return first;
  const scope = scopes.find((one) => group.some((pkg) => (pkg.scope ?? 'installed') === one));
  const kept = group.filter((pkg) => (pkg.scope ?? 'installed') === scope);
  const surest = kept.reduce((best, pkg) => (doubt(pkg) < doubt(best) ? pkg : best), kept[0] ?? first);
  const places = kept.flatMap(({ locations }) => locations).map((place) => [JSON.stringify(place), place] as const);
  const { guessed: _guessed, linked: _linked, ...rest } = surest;
  const linked = kept.map((pkg) => pkg.linked);
  const all = linked.every((units) => units !== undefined) ? new Set(linked.flatMap((units) => [...units])) : undefined;
  return {
    ...rest,
    locations: [...new Map(places).values()],
    ...(kept.every(({ guessed }) => guessed === true) && { guessed: true }),
    ...(all !== undefined && { linked: all }),
  };
}

function doubt({ confidence = 'high' }: InstalledPackage): number {
  return confidences.indexOf(confidence);
}
