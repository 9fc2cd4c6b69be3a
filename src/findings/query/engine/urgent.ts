import type { Pacer } from '../estate/pacer.ts';
import { type MatchPart, stateFixed } from '../estate/parts.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { newPairs, type PairSet } from './pair-set.ts';

/** Kinds of findings that somebody should end first; each open, with a published fix. */
export type UrgentKind = 'kev' | 'critical' | 'high';

const kinds: readonly UrgentKind[] = ['kev', 'critical', 'high'];
const columns = kinds.length;

/** Open findings of each image that have a published fix: known to be exploited, critical, high. */
export class UrgentCounts {
  readonly #values: Int32Array;

  constructor(values: Int32Array) {
    this.#values = values;
  }

  /** What `vuln.kev:true fixable:true handled:false` or the same with a severity lists of an image. */
  of(image: number, kind: UrgentKind): number {
    return this.#values[image * columns + kinds.indexOf(kind)] as number;
  }
}

const known = new WeakMap<Snapshot, Promise<UrgentCounts>>();

/** The counts of a snapshot, worked out once, in slices. */
export function urgentCountsOf(snapshot: Snapshot, pacer: () => Pacer): Promise<UrgentCounts> {
  let counts = known.get(snapshot);
  if (counts === undefined) {
    counts = count(snapshot, pacer());
    known.set(snapshot, counts);
  }
  return counts;
}

async function count(snapshot: Snapshot, pacer: Pacer): Promise<UrgentCounts> {
  const { images, contents, rules } = snapshot;
  const ofPackages = await countPackages(snapshot, pacer);
  const sets = await urgentSets(snapshot, ofPackages, pacer);
  const values = new Int32Array(images.count * columns);
  const exact = new ExactCounter(snapshot, ofPackages, sets);
  for (let image = 0; image < images.count; image++) {
    if ((image & 255) === 0 && pacer.due()) await pacer.rest();
    const content = images.content[image] as number;
    if (content < 0) continue;
    const at = image * columns;
    if (rules.classOf[image] !== 0) exact.withOwnRules(image, content, values, at);
    else if (contents.overlaps[content] === 1) exact.withOverlaps(content, values, at);
    else for (const set of contents.sets.row(content)) add(values, at, sets.counts, set * columns, 1);
  }
  return new UrgentCounts(values);
}

/** What matches count by package, in images without rules of their own. */
async function countPackages({ matches, rules }: Snapshot, pacer: Pacer): Promise<Int32Array> {
  const counted = new Int32Array(matches.packageCount * columns);
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    if ((pkg & 1023) === 0 && pacer.due()) await pacer.rest();
    for (const match of matches.ofPackage.row(pkg)) {
      if (matches.state[match] !== stateFixed || (rules.everywhere[match] as number) >= 0) continue;
      for (let kind = 0; kind < columns; kind++) {
        if (isUrgent(matches, match, kind)) (counted[pkg * columns + kind] as number)++;
      }
    }
  }
  return counted;
}

/** Sets with what they count, and those of their packages that count anything. */
interface UrgentSets {
  readonly counts: Int32Array;
  /** Packages of set `n` stand from `start[n]` to before `start[n + 1]`. */
  readonly start: Int32Array;
  readonly packages: readonly number[];
}

async function urgentSets({ sets }: Snapshot, ofPackages: Int32Array, pacer: Pacer): Promise<UrgentSets> {
  const counts = new Int32Array(sets.count * columns);
  const first = new Int32Array(sets.count + 1);
  const packages: number[] = [];
  const { start, length, values } = sets.packages;
  for (let set = 0; set < sets.count; set++) {
    if ((set & 255) === 0 && pacer.due()) await pacer.rest();
    first[set] = packages.length;
    const end = (start[set] as number) + (length[set] as number);
    for (let at = start[set] as number; at < end; at++) {
      const pkg = values[at] as number;
      if (!countsAny(ofPackages, pkg)) continue;
      packages.push(pkg);
      add(counts, set * columns, ofPackages, pkg * columns, 1);
    }
  }
  first[sets.count] = packages.length;
  return { counts, start: first, packages };
}

function countsAny(ofPackages: Int32Array, pkg: number): boolean {
  const at = pkg * columns;
  return ofPackages[at] !== 0 || ofPackages[at + 1] !== 0 || ofPackages[at + 2] !== 0;
}

/** Counts images whose findings are no sum over sets: a finding counts once, whichever of its packages makes it. */
class ExactCounter {
  readonly #snapshot: Snapshot;
  readonly #ofPackages: Int32Array;
  readonly #sets: UrgentSets;
  readonly #pairs: readonly PairSet[] = kinds.map(() => newPairs());
  /** Identity → image where it was last seen, and from where on it is known to stand there twice. */
  readonly #seen: Int32Array;
  readonly #twice: Int32Array;
  #stamp = 0;

  constructor(snapshot: Snapshot, ofPackages: Int32Array, sets: UrgentSets) {
    this.#snapshot = snapshot;
    this.#ofPackages = ofPackages;
    this.#sets = sets;
    const identities = snapshot.matches.identity.reduce((most, identity) => Math.max(most, identity), 0) + 1;
    this.#seen = new Int32Array(identities);
    this.#twice = new Int32Array(identities);
  }

  /** Packages that count nothing anywhere count nothing here: an image's own rules only take away. */
  withOwnRules(image: number, content: number, into: Int32Array, at: number): void {
    for (const pairs of this.#pairs) pairs.clear();
    const { rules } = this.#snapshot;
    this.#each(content, (pkg) => this.#addFindings(pkg, (match) => rules.ruleOf(image, match) < 0, into, at));
  }

  /** The sum over packages, where findings of packages that stand there twice are looked at one by one. */
  withOverlaps(content: number, into: Int32Array, at: number): void {
    const { identity } = this.#snapshot.matches;
    const { everywhere } = this.#snapshot.rules;
    const stamp = ++this.#stamp;
    let repeats = false;
    this.#each(content, (pkg) => {
      const own = identity[pkg] as number;
      if (this.#seen[own] === stamp) {
        this.#twice[own] = stamp;
        repeats = true;
      }
      this.#seen[own] = stamp;
      add(into, at, this.#ofPackages, pkg * columns, 1);
    });
    if (!repeats) return;
    for (const pairs of this.#pairs) pairs.clear();
    this.#each(content, (pkg) => {
      if (this.#twice[identity[pkg] as number] !== stamp) return;
      add(into, at, this.#ofPackages, pkg * columns, -1);
      this.#addFindings(pkg, (match) => (everywhere[match] as number) < 0, into, at);
    });
  }

  #each(content: number, visit: (pkg: number) => void): void {
    const { start, packages } = this.#sets;
    for (const set of this.#snapshot.contents.sets.row(content)) {
      const end = start[set + 1] as number;
      for (let index = start[set] as number; index < end; index++) visit(packages[index] as number);
    }
  }

  #addFindings(pkg: number, open: (match: number) => boolean, into: Int32Array, at: number): void {
    const { matches } = this.#snapshot;
    for (const match of matches.ofPackage.row(pkg)) {
      if (matches.state[match] !== stateFixed || !open(match)) continue;
      for (let kind = 0; kind < columns; kind++) {
        if (!isUrgent(matches, match, kind)) continue;
        const fresh = this.#pairs[kind]?.add(matches.identity[pkg] as number, matches.vulnerability[match] as number);
        if (fresh) (into[at + kind] as number)++;
      }
    }
  }
}

/** Severities by number: 0 is critical, 1 is high. */
function isUrgent(matches: MatchPart, match: number, kind: number): boolean {
  if (kind > 0) return matches.severity[match] === kind - 1;
  return matches.vulnerabilities[matches.vulnerability[match] as number]?.kev === true;
}

function add(into: Int32Array, at: number, from: Int32Array, begin: number, sign: 1 | -1): void {
  for (let kind = 0; kind < columns; kind++) (into[at + kind] as number) += sign * (from[begin + kind] as number);
}
