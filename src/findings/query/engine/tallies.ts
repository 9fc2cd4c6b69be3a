import type { SeverityCounts } from '../../report.ts';
import type { Pacer } from '../estate/pacer.ts';
import { type MatchPart, stateFixed, stateUnimportant } from '../estate/parts.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { type RiskView, riskViewOf } from '../risks/view.ts';
import { newPairs, type PairSet } from './pair-set.ts';

/** Columns of one kind of finding. */
const perKind = 6;
const fixable = 5;
/** Columns behind those of both kinds. */
const kev = 12;
const handledCve = 13;
const handledSca = 14;
const columns = 15;

/** Counters of every image: findings are counted once per (vulnerability, package name, version). */
export class Tallies {
  readonly #values: Int32Array;
  /** What is no vulnerability. */
  readonly risks: RiskView;

  constructor(values: Int32Array, risks: RiskView) {
    this.#values = values;
    this.risks = risks;
  }

  /** Counted findings of both kinds. */
  total(image: number): number {
    const at = image * columns;
    let sum = 0;
    for (let level = 0; level < 5; level++) {
      sum += (this.#values[at + level] as number) + (this.#values[at + perKind + level] as number);
    }
    return sum;
  }

  /** Counted findings of one kind. */
  kindTotal(image: number, kind: 'cve' | 'sca'): number {
    const at = image * columns + (kind === 'cve' ? 0 : perKind);
    let sum = 0;
    for (let level = 0; level < 5; level++) sum += this.#values[at + level] as number;
    return sum;
  }

  kind(image: number, kind: 'cve' | 'sca'): SeverityCounts {
    const at = image * columns + (kind === 'cve' ? 0 : perKind);
    const value = (column: number): number => this.#values[at + column] as number;
    const [critical, high, medium, low, unknown] = [value(0), value(1), value(2), value(3), value(4)];
    const total = critical + high + medium + low + unknown;
    return { critical, high, medium, low, unknown, total, fixable: value(fixable) };
  }

  kev(image: number): number {
    return this.#values[image * columns + kev] as number;
  }

  handled(image: number, kind: 'cve' | 'sca'): number {
    return this.#values[image * columns + (kind === 'cve' ? handledCve : handledSca)] as number;
  }

  /** The worst severity with a counted finding, as position in critical, high, medium, low, unknown; -1 = none. */
  worst(image: number): number {
    const at = image * columns;
    for (let level = 0; level < 5; level++) {
      if ((this.#values[at + level] as number) + (this.#values[at + perKind + level] as number) > 0) return level;
    }
    return -1;
  }

  /** Order of images, the worst first: exploited, then by numbers of findings from critical down. */
  compare(a: number, b: number): number {
    const exploited = this.kev(b) - this.kev(a);
    if (exploited !== 0) return exploited;
    for (let level = 0; level < 5; level++) {
      const [x, y] = [a * columns + level, b * columns + level];
      const difference =
        (this.#values[y] as number) +
        (this.#values[y + perKind] as number) -
        (this.#values[x] as number) -
        (this.#values[x + perKind] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** Adds what one open match counts. */
function addMatch(matches: MatchPart, match: number, handled: boolean, into: Int32Array, at: number): void {
  const state = matches.state[match] as number;
  if (state === stateUnimportant) return;
  const cve = matches.isCve[match] === 1;
  if (handled) {
    (into[at + (cve ? handledCve : handledSca)] as number)++;
    return;
  }
  const severity = matches.severity[match] as number;
  // negligible counts as low
  const level = severity <= 3 ? severity : severity - 1;
  const base = at + (cve ? 0 : perKind);
  (into[base + level] as number)++;
  if (state === stateFixed) (into[base + fixable] as number)++;
  if (matches.vulnerabilities[matches.vulnerability[match] as number]?.kev === true) (into[at + kev] as number)++;
}

const known = new WeakMap<Snapshot, Promise<Tallies>>();

/** The counters of a snapshot, worked out once: 100,000 images take about a tenth of a second, in slices. */
export function talliesOf(snapshot: Snapshot, pacer: () => Pacer): Promise<Tallies> {
  let tallies = known.get(snapshot);
  if (tallies === undefined) {
    tallies = count(snapshot, pacer());
    known.set(snapshot, tallies);
  }
  return tallies;
}

async function count(snapshot: Snapshot, pacer: Pacer): Promise<Tallies> {
  const { images, contents, rules } = snapshot;
  const ofPackages = await countPackages(snapshot, pacer);
  const ofSets = await countSets(snapshot, ofPackages, pacer);
  const values = new Int32Array(images.count * columns);
  const pairs = newPairs();
  const repeats = new Repeats(snapshot, ofPackages);
  for (let image = 0; image < images.count; image++) {
    const content = images.content[image] as number;
    if (content < 0) continue;
    const at = image * columns;
    if (rules.classOf[image] !== 0) {
      countOne(snapshot, image, content, pairs, values, at);
    } else {
      for (const set of contents.sets.row(content)) addColumns(values, at, ofSets, set * columns, 1);
      if (contents.overlaps[content] === 1) repeats.correct(content, values, at);
    }
    if ((image & 255) === 0 && pacer.due()) await pacer.rest();
  }
  return new Tallies(values, await riskViewOf(snapshot, () => pacer));
}

function addColumns(into: Int32Array, at: number, from: Int32Array, begin: number, sign: 1 | -1): void {
  for (let column = 0; column < columns; column++) {
    (into[at + column] as number) += sign * (from[begin + column] as number);
  }
}

/**
 * Corrects sums over sets where a package version stands twice. Only packages of the same identity can make the same
 * finding, so only these are looked at match by match; the rest of a sum is right.
 */
class Repeats {
  readonly #snapshot: Snapshot;
  readonly #ofPackages: Int32Array;
  readonly #pairs = newPairs();
  /** Identity → content where it was last seen, and from where on it is known to stand there twice. */
  readonly #seen: Int32Array;
  readonly #twice: Int32Array;
  #stamp = 0;

  constructor(snapshot: Snapshot, ofPackages: Int32Array) {
    this.#snapshot = snapshot;
    this.#ofPackages = ofPackages;
    const identities = snapshot.matches.identity.reduce((most, identity) => Math.max(most, identity), 0) + 1;
    this.#seen = new Int32Array(identities);
    this.#twice = new Int32Array(identities);
  }

  correct(content: number, into: Int32Array, at: number): void {
    const { contents, sets, matches, rules } = this.#snapshot;
    const stamp = ++this.#stamp;
    for (const set of contents.sets.row(content)) {
      const { start, length, values } = sets.packages;
      const end = (start[set] as number) + (length[set] as number);
      for (let index = start[set] as number; index < end; index++) {
        const identity = matches.identity[values[index] as number] as number;
        if (this.#seen[identity] === stamp) this.#twice[identity] = stamp;
        this.#seen[identity] = stamp;
      }
    }
    const repeated: number[] = [];
    for (const set of contents.sets.row(content)) {
      for (const pkg of sets.packages.row(set)) {
        if (this.#twice[matches.identity[pkg] as number] === stamp) repeated.push(pkg);
      }
    }
    this.#pairs.clear();
    for (const pkg of repeated) addColumns(into, at, this.#ofPackages, pkg * columns, -1);
    // Of a finding that several packages make, the first one that is not handled counts.
    for (const handledTurn of rules.anywhere ? [false, true] : [false]) {
      for (const pkg of repeated) {
        for (const match of matches.ofPackage.row(pkg)) {
          const handled = (rules.everywhere[match] as number) >= 0;
          if (handled !== handledTurn || matches.state[match] === stateUnimportant) continue;
          const fresh = this.#pairs.add(matches.identity[pkg] as number, matches.vulnerability[match] as number);
          if (fresh) addMatch(matches, match, handled, into, at);
        }
      }
    }
  }
}

/** What the matches of each package count in images without rules of their own. */
async function countPackages({ matches, rules }: Snapshot, pacer: Pacer): Promise<Int32Array> {
  const values = new Int32Array(matches.packageCount * columns);
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    for (const match of matches.ofPackage.row(pkg)) {
      addMatch(matches, match, (rules.everywhere[match] as number) >= 0, values, pkg * columns);
    }
    if ((pkg & 1023) === 0 && pacer.due()) await pacer.rest();
  }
  return values;
}

async function countSets({ sets }: Snapshot, ofPackages: Int32Array, pacer: Pacer): Promise<Int32Array> {
  const values = new Int32Array(sets.count * columns);
  for (let set = 0; set < sets.count; set++) {
    for (const pkg of sets.packages.row(set)) addColumns(values, set * columns, ofPackages, pkg * columns, 1);
    if ((set & 255) === 0 && pacer.due()) await pacer.rest();
  }
  return values;
}

/** Exactly, finding by finding: for images with rules of their own. */
function countOne(
  snapshot: Snapshot,
  image: number,
  content: number,
  pairs: PairSet,
  into: Int32Array,
  at: number,
): void {
  const { contents, sets, matches, rules } = snapshot;
  const exact = contents.overlaps[content] === 1;
  pairs.clear();
  // Of a finding that several packages make, the first one that is not handled counts.
  for (const handledTurn of [false, true]) {
    for (const set of contents.sets.row(content)) {
      for (const pkg of sets.packages.row(set)) {
        for (const match of matches.ofPackage.row(pkg)) {
          const handled = rules.ruleOf(image, match) >= 0;
          if (handled !== handledTurn) continue;
          if (matches.state[match] === stateUnimportant) continue;
          if (exact && !pairs.add(matches.identity[pkg] as number, matches.vulnerability[match] as number)) continue;
          addMatch(matches, match, handled, into, at);
        }
      }
    }
  }
}
