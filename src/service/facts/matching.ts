import { type AdvisoryIndex, worldsOf } from '../../advisories/index.ts';
import type { Ecosystem } from '../../ecosystems/index.ts';
import {
  installedPackage,
  type MatchFacts,
  matchFacts,
  osRelease,
  type PackageIdentity,
  type PackageMatching,
} from '../../findings/index.ts';

/** Matching of stored packages against open advisories, together with what a caller may ask ahead of a transaction. */
export interface PreparedMatching extends PackageMatching {
  /** Matches packages now and keeps the answers for `matchesOf`. */
  prepare(packages: readonly PackageIdentity[]): void;
}

/** Matches package versions as a scan of an image of their release would. */
export function packageMatching(index: AdvisoryIndex, ecosystems: readonly Ecosystem[]): PreparedMatching {
  const prepared = new Map<string, readonly MatchFacts[]>();
  const matchesOf = (packages: readonly PackageIdentity[]): (readonly MatchFacts[])[] => {
    if (prepared.size === 0) return matchPackages(index, packages);
    const missing = packages.filter((pkg) => !prepared.has(keyOf(pkg)));
    const found = matchPackages(index, missing);
    const fresh = new Map(missing.map((pkg, position) => [pkg, found[position] ?? []]));
    return packages.map((pkg) => fresh.get(pkg) ?? prepared.get(keyOf(pkg)) ?? []);
  };
  return {
    snapshot: index.snapshot,
    matchesOf,
    prepare(packages) {
      const found = matchPackages(index, packages);
      packages.forEach((pkg, position) => {
        prepared.set(keyOf(pkg), found[position] ?? []);
      });
    },
    namesOf: (pkg) => lookupsOf(pkg, ecosystems).map(({ name }) => name),
  };
}

/** Where advisories of a package are looked up: names of OSV ecosystems, names of packages as the advisories keep them. */
export function lookupsOf(
  pkg: PackageIdentity,
  ecosystems: readonly Ecosystem[],
): readonly { readonly ecosystem: string; readonly name: string }[] {
  return worldsOf(ecosystems).keysOf(installedPackage(pkg), osRelease(pkg.release));
}

/** Packages of one release are matched together, in the order given. */
function matchPackages(index: AdvisoryIndex, packages: readonly PackageIdentity[]): (readonly MatchFacts[])[] {
  const result: MatchFacts[][] = packages.map(() => []);
  const releases = Map.groupBy(packages.keys(), (position) => JSON.stringify(packages[position]?.release ?? null));
  for (const positions of releases.values()) {
    const places = new Map<object, number>();
    const installed = positions.map((position) => {
      const pkg = installedPackage(packages[position] as PackageIdentity);
      places.set(pkg, position);
      return pkg;
    });
    const release = packages[positions[0] ?? 0]?.release ?? null;
    for (const match of index.match(installed, osRelease(release)).matches) {
      result[places.get(match.package) ?? -1]?.push(matchFacts(match));
    }
  }
  return result;
}

function keyOf(pkg: PackageIdentity): string {
  return JSON.stringify([pkg.purl, pkg.type, pkg.name, pkg.version, pkg.arch, pkg.source, pkg.release]);
}
