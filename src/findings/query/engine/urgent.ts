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
  const ofSets = await countSets(snapshot, await countPackages(snapshot, pacer), pacer);
  const values = new Int32Array(images.count * columns);
  const pairs = kinds.map(() => newPairs());
  for (let image = 0; image < images.count; image++) {
    if ((image & 255) === 0 && pacer.due()) await pacer.rest();
    const content = images.content[image] as number;
    if (content < 0) continue;
    const at = image * columns;
    if (rules.classOf[image] !== 0 || contents.overlaps[content] === 1) {
      countOne(snapshot, image, content, pairs, values, at);
    } else {
      for (const set of contents.sets.row(content)) add(values, at, ofSets, set * columns);
    }
  }
  return new UrgentCounts(values);
}

/** What matches count in images without rules of their own; undefined for packages that count nothing. */
async function countPackages({ matches, rules }: Snapshot, pacer: Pacer): Promise<readonly (Int32Array | undefined)[]> {
  const counted = new Array<Int32Array | undefined>(matches.packageCount).fill(undefined);
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    if ((pkg & 1023) === 0 && pacer.due()) await pacer.rest();
    for (const match of matches.ofPackage.row(pkg)) {
      if (matches.state[match] !== stateFixed || (rules.everywhere[match] as number) >= 0) continue;
      for (let kind = 0; kind < columns; kind++) {
        if (!isUrgent(matches, match, kind)) continue;
        const values = counted[pkg] ?? new Int32Array(columns);
        (values[kind] as number)++;
        counted[pkg] = values;
      }
    }
  }
  return counted;
}

async function countSets(
  { sets }: Snapshot,
  ofPackages: readonly (Int32Array | undefined)[],
  pacer: Pacer,
): Promise<Int32Array> {
  const values = new Int32Array(sets.count * columns);
  const { start, length, values: members } = sets.packages;
  for (let set = 0; set < sets.count; set++) {
    if ((set & 255) === 0 && pacer.due()) await pacer.rest();
    const end = (start[set] as number) + (length[set] as number);
    for (let at = start[set] as number; at < end; at++) {
      const counted = ofPackages[members[at] as number];
      if (counted !== undefined) add(values, set * columns, counted, 0);
    }
  }
  return values;
}

/** Exactly, finding by finding: a finding counts once for each kind, whichever of its packages makes it so. */
function countOne(
  snapshot: Snapshot,
  image: number,
  content: number,
  pairs: readonly PairSet[],
  into: Int32Array,
  at: number,
): void {
  const { contents, sets, matches, rules } = snapshot;
  for (const set of pairs) set.clear();
  for (const set of contents.sets.row(content)) {
    for (const pkg of sets.packages.row(set)) {
      for (const match of matches.ofPackage.row(pkg)) {
        if (matches.state[match] !== stateFixed || rules.ruleOf(image, match) >= 0) continue;
        for (let kind = 0; kind < columns; kind++) {
          if (!isUrgent(matches, match, kind)) continue;
          const fresh = pairs[kind]?.add(matches.identity[pkg] as number, matches.vulnerability[match] as number);
          if (fresh) (into[at + kind] as number)++;
        }
      }
    }
  }
}

/** Severities by number: 0 is critical, 1 is high. */
function isUrgent(matches: MatchPart, match: number, kind: number): boolean {
  if (kind > 0) return matches.severity[match] === kind - 1;
  return matches.vulnerabilities[matches.vulnerability[match] as number]?.kev === true;
}

function add(into: Int32Array, at: number, from: Int32Array, begin: number): void {
  for (let kind = 0; kind < columns; kind++) (into[at + kind] as number) += from[begin + kind] as number;
}
