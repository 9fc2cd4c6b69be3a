import type { AdvisoryKey, Ecosystem, InstalledPackage, OsRelease, VersionScheme } from '../ecosystems/index.ts';

/**
 * What the packaging worlds know about OSV ecosystems. Names of packages are normalised here and nowhere else: by
 * `nameIn` when facts are written, by `keysOf` when they are looked up, so that both sides always agree.
 */
export interface Worlds {
  /** The version order of an OSV ecosystem such as `Debian:12`; undefined where no world reads it. */
  schemeOf(ecosystem: string): VersionScheme | undefined;
  /** The spelling under which advisories about a package of an OSV ecosystem are kept. */
  nameIn(ecosystem: string, name: string): string;
  /** The world that a package is of. */
  worldOf(pkg: Pick<InstalledPackage, 'type'>): Ecosystem | undefined;
  /** Where advisories for a package are looked up, with names as they are kept. */
  keysOf(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[];
}

const known = new WeakMap<readonly Ecosystem[], Worlds>();

/** The knowledge of these packaging worlds. */
export function worldsOf(ecosystems: readonly Ecosystem[]): Worlds {
  const before = known.get(ecosystems);
  if (before !== undefined) return before;
  // The first in the list has a name or type that several claim.
  const firstLast = ecosystems.toReversed();
  const byName = new Map(
    firstLast.flatMap((world) => (world.advisoryNames ?? []).map((name) => [name, world] as const)),
  );
  const byType = new Map(firstLast.flatMap((world) => world.types.map((type) => [type, world] as const)));
  const of = (ecosystem: string): Ecosystem | undefined => byName.get(withoutRelease(ecosystem));
  const worlds: Worlds = {
    schemeOf: (ecosystem) => of(ecosystem)?.versions,
    nameIn: (ecosystem, name) => of(ecosystem)?.normaliseName?.(name) ?? name,
    worldOf: ({ type }) => byType.get(type),
    keysOf: (pkg, os) => {
      const keys = byType.get(pkg.type)?.advisoryKeys(pkg, os) ?? [];
      return keys.map((key) => {
        const name = worlds.nameIn(key.ecosystem, key.name);
        return name === key.name ? key : { ...key, name };
      });
    },
  };
  known.set(ecosystems, worlds);
  return worlds;
}

/** `Debian` of `Debian:12`. */
export function withoutRelease(ecosystem: string): string {
  const colon = ecosystem.indexOf(':');
  return colon < 0 ? ecosystem : ecosystem.slice(0, colon);
}
