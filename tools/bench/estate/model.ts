/**
 * A synthetic estate as plain numbers (data-model.md §7): skewed reuse of bases, versions that follow time, few packages
 * with most of the matches. The same seed and scale give the same estate. Nothing here knows how it is stored.
 */

/** How large an estate is; the reference estate at scale 1. */
export interface EstateSize {
  readonly images: number;
  readonly repositories: number;
  /** Sets of operating-system packages, of applications, of agents that most images carry. */
  readonly osSets: number;
  readonly appSets: number;
  readonly agentSets: number;
  readonly osPackages: number;
  readonly appPackages: number;
  readonly vulnerabilities: number;
  readonly matches: number;
  /** Expanded findings to aim at. */
  readonly findings: number;
}

/** The reference estate, scaled. */
export function sizeAt(scale: number): EstateSize {
  const of = (count: number): number => Math.max(8, Math.round(count * scale));
  return {
    images: of(100_000),
    repositories: of(4_000),
    osSets: of(40_000),
    appSets: of(81_000),
    agentSets: of(11_000),
    osPackages: of(250_000),
    appPackages: of(500_000),
    vulnerabilities: of(120_000),
    matches: of(310_000),
    findings: of(30_000_000),
  };
}

/** Rows of sets and images as compressed lists, and what packages and matches are. Ids begin at 0. */
export interface EstateModel {
  readonly size: EstateSize;
  readonly packages: number;
  /** Package → group (release or ecosystem), number of its name in the group, number of its version. */
  readonly group: Uint8Array;
  readonly name: Int32Array;
  readonly version: Int32Array;
  readonly sets: readonly Int32Array[];
  /** Kind of each set: 0 operating system, 1 application. */
  readonly setKind: Uint8Array;
  /** Image → sets. */
  readonly imageSets: readonly number[][];
  readonly imageGroup: Uint8Array;
  /** Parallel arrays of matches, by rising (package, vulnerability). */
  readonly matchPackage: Int32Array;
  readonly matchVulnerability: Int32Array;
  readonly expanded: number;
}

/** Distributions and ecosystems; the first ones are distributions. */
export const groups = [
  { type: 'deb', os: 'debian', version: '11', codename: 'bullseye', kind: 'cve' },
  { type: 'deb', os: 'debian', version: '12', codename: 'bookworm', kind: 'cve' },
  { type: 'deb', os: 'ubuntu', version: '22.04', codename: 'jammy', kind: 'cve' },
  { type: 'deb', os: 'ubuntu', version: '24.04', codename: 'noble', kind: 'cve' },
  { type: 'npm', os: null, version: null, codename: null, kind: 'sca' },
  { type: 'pypi', os: null, version: null, codename: null, kind: 'sca' },
  { type: 'maven', os: null, version: null, codename: null, kind: 'sca' },
] as const;
const distributions = 4;
const versionsPerName = 12;

type Random = () => number;

/** Makes the estate. */
export function makeEstate(scale: number, seed: number): EstateModel {
  const random = seeded(seed);
  const size = sizeAt(scale);
  const catalogue = makeCatalogue(size);
  const sets: Int32Array[] = [];
  const setGroup: number[] = [];
  for (let set = 0; set < size.osSets; set++) {
    const group = skewed(random, distributions, 1.5);
    sets.push(osSet(catalogue, group, random));
    setGroup.push(group);
  }
  for (let set = 0; set < size.appSets; set++) {
    const group = distributions + skewed(random, groups.length - distributions, 1.5);
    sets.push(appSet(catalogue, group, 80 + Math.floor(random() * 340), random));
    setGroup.push(group);
  }
  for (let set = 0; set < size.agentSets; set++) {
    const members = new Set(appSet(catalogue, distributions, 18, random));
    // One package is in nearly every image: the worst case of an advisory.
    if (random() < 0.95) members.add(catalogue.everywhere);
    sets.push(Int32Array.from(members).sort());
    setGroup.push(distributions);
  }
  const images = makeImages(size, setGroup, random);
  const matches = makeMatches(size, catalogue, sets, images.sets, random);
  return {
    size,
    ...catalogue,
    sets,
    setKind: Uint8Array.from(setGroup, (group) => (group < distributions ? 0 : 1)),
    imageSets: images.sets,
    imageGroup: images.group,
    ...matches,
  };
}

interface Catalogue {
  readonly packages: number;
  readonly group: Uint8Array;
  readonly name: Int32Array;
  readonly version: Int32Array;
  /** Group → first package, names. */
  readonly first: readonly number[];
  readonly names: readonly number[];
  readonly everywhere: number;
}

function makeCatalogue(size: EstateSize): Catalogue {
  const first: number[] = [];
  const names: number[] = [];
  let packages = 0;
  groups.forEach((_, group) => {
    const share =
      group < distributions ? size.osPackages / distributions : size.appPackages / (groups.length - distributions);
    first.push(packages);
    names.push(Math.max(4, Math.floor(share / versionsPerName)));
    packages += (names.at(-1) as number) * versionsPerName;
  });
  const columns = {
    group: new Uint8Array(packages),
    name: new Int32Array(packages),
    version: new Int32Array(packages),
  };
  first.forEach((start, group) => {
    for (let at = 0; at < (names[group] as number) * versionsPerName; at++) {
      columns.group[start + at] = group;
      columns.name[start + at] = Math.floor(at / versionsPerName);
      columns.version[start + at] = at % versionsPerName;
    }
  });
  return { packages, ...columns, first, names, everywhere: first[distributions] as number };
}

function packageAt(catalogue: Catalogue, group: number, name: number, version: number): number {
  return (catalogue.first[group] as number) + name * versionsPerName + version;
}

/** A common core, some more packages, and the versions of one day. */
function osSet(catalogue: Catalogue, group: number, random: Random): Int32Array {
  const names = catalogue.names[group] as number;
  const day = random() ** 0.6;
  const members = new Set<number>();
  const add = (name: number): void => {
    const late = Math.floor(day * versionsPerName + ((name * 2_654_435_761) % 97) / 97) % versionsPerName;
    members.add(packageAt(catalogue, group, name, late));
  };
  const core = Math.min(names, 90);
  for (let name = 0; name < core; name++) add(name);
  for (let count = Math.floor(random() * 230); count > 0; count--) add(skewed(random, names, 3));
  return Int32Array.from(members).sort();
}

function appSet(catalogue: Catalogue, group: number, count: number, random: Random): Int32Array {
  const names = catalogue.names[group] as number;
  const members = new Set<number>();
  for (let at = 0; at < count; at++) {
    const name = 1 + skewed(random, names - 1, 4);
    members.add(packageAt(catalogue, group, name, versionsPerName - 1 - skewed(random, versionsPerName, 2.5)));
  }
  return Int32Array.from(members).sort();
}

function makeImages(size: EstateSize, setGroup: readonly number[], random: Random) {
  const sets: number[][] = [];
  const group = new Uint8Array(size.images);
  for (let image = 0; image < size.images; image++) {
    const os = skewed(random, size.osSets, 2);
    const own = [os, size.osSets + size.appSets + skewed(random, size.agentSets, 1.2)];
    const apps = random() < 0.7 ? 1 : random() < 0.25 ? 2 : 0;
    for (let app = 0; app < apps; app++) own.push(size.osSets + skewed(random, size.appSets, 1.2));
    sets.push([...new Set(own)]);
    group[image] = setGroup[os] as number;
  }
  return { sets, group };
}

/** Chooses packages with matches so that matches and expanded findings come out as asked. */
function makeMatches(
  size: EstateSize,
  catalogue: Catalogue,
  sets: readonly Int32Array[],
  imageSets: readonly number[][],
  random: Random,
) {
  const weight = new Int32Array(catalogue.packages);
  const setWeight = new Int32Array(sets.length);
  for (const own of imageSets) for (const set of own) (setWeight[set] as number)++;
  sets.forEach((members, set) => {
    for (const pkg of members) (weight[pkg] as number) += setWeight[set] as number;
  });
  const chosen: { pkg: number; count: number }[] = [];
  let matches = 0;
  let expanded = 0;
  const take = (pkg: number, count: number): void => {
    chosen.push({ pkg, count });
    matches += count;
    expanded += count * (weight[pkg] as number);
  };
  take(catalogue.everywhere, 3);
  const order = Int32Array.from(new Int32Array(catalogue.packages).keys());
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [order[at], order[other]] = [order[other] as number, order[at] as number];
  }
  // Old and rare package versions have most of the matches, widespread ones most of the findings.
  for (const pkg of order) {
    if (matches >= size.matches) break;
    if (pkg === catalogue.everywhere) continue;
    const left = (size.findings - expanded) / Math.max(1, size.matches - matches);
    const own = weight[pkg] as number;
    if (own > left * 150 || (own < left / 2 && random() < 0.85)) continue;
    take(pkg, 1 + Math.floor(-Math.log(1 - random()) * 3.6));
  }
  chosen.sort((a, b) => a.pkg - b.pkg);
  const matchPackage = new Int32Array(matches);
  const matchVulnerability = new Int32Array(matches);
  let to = 0;
  for (const { pkg, count } of chosen) {
    // Versions of one name share vulnerabilities: older ones have more of them.
    const base =
      ((catalogue.group[pkg] as number) * 7_919 + (catalogue.name[pkg] as number) * 31) % size.vulnerabilities;
    const own = new Set<number>();
    for (let at = 0; own.size < Math.min(count, size.vulnerabilities); at++) {
      own.add((base + Math.imul(at + (catalogue.version[pkg] as number), 7_907)) % size.vulnerabilities);
      if (at > count * 3) break;
    }
    for (const vulnerability of [...own].sort((a, b) => a - b)) {
      matchPackage[to] = pkg;
      matchVulnerability[to++] = (vulnerability + size.vulnerabilities) % size.vulnerabilities;
    }
  }
  return { matchPackage: matchPackage.slice(0, to), matchVulnerability: matchVulnerability.slice(0, to), expanded };
}

/** A number below `count`; the small ones are the more likely, the more so the higher the power. */
function skewed(random: Random, count: number, power: number): number {
  return Math.min(count - 1, Math.floor(random() ** power * count));
}

/** A small generator (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
