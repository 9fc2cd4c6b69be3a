import type { Sort } from '../contract.ts';
import { type Pacer, sortPaced } from '../estate/pacer.ts';
import type { ImagePart, MatchPart } from '../estate/parts.ts';
import type { EstateVulnerability } from '../ports.ts';

/** Orders that matches have by themselves, whatever the image. */
export type MatchOrderBy = 'worst' | 'severity' | 'cvss' | 'epss' | 'vuln' | 'package';

/** Primary key of a row in an order; smaller comes first after the direction was applied. */
export type SortKey = number | string;

/** An order of matches: key, then id of the vulnerability, then id of the package. */
export interface MatchOrder {
  readonly by: MatchOrderBy;
  readonly descending: boolean;
  /** Key as it is compared and written into positions. */
  key(match: number): SortKey;
  compare(a: number, b: number): number;
  /** Compares a match with a position that may stand for a match that is gone. */
  compareWith(match: number, key: SortKey, vulnerabilityId: number, packageId: number): number;
}

const cvssRange = 10_001;
const epssRange = 1_000_001;

/**
 * An order of the matches of a part. `worst` is always worst first: exploited, then severity, CVSS, EPSS. In the others
 * unknown numbers are the lowest.
 */
export function matchOrder(matches: MatchPart, by: MatchOrderBy, descending: boolean): MatchOrder {
  const raw = rawKey(matches, by);
  const sign = by !== 'worst' && descending ? -1 : 1;
  const compareKeys = (a: SortKey, b: SortKey): number => (a < b ? -sign : a > b ? sign : 0);
  const vulnerabilityIds = idsOf(matches.vulnerabilities);
  const packageIds = idsOf(matches.packages);
  const vulnerabilityId = (match: number): number => vulnerabilityIds[matches.vulnerability[match] as number] ?? 0;
  const packageId = (match: number): number => packageIds[matches.package[match] as number] ?? 0;
  return {
    by,
    descending,
    key: raw,
    compare: (a, b) =>
      compareKeys(raw(a), raw(b)) || vulnerabilityId(a) - vulnerabilityId(b) || packageId(a) - packageId(b),
    compareWith: (match, key, vulnerability, pkg) =>
      compareKeys(raw(match), key) || vulnerabilityId(match) - vulnerability || packageId(match) - pkg,
  };
}

const knownIds = new WeakMap<readonly { readonly id: number }[], Float64Array>();

/** Ids by slot, side by side: sorting asks for them millions of times. */
function idsOf(rows: readonly { readonly id: number }[]): Float64Array {
  let ids = knownIds.get(rows);
  if (ids === undefined) {
    ids = new Float64Array(rows.length);
    for (let slot = 0; slot < rows.length; slot++) ids[slot] = rows[slot]?.id ?? 0;
    knownIds.set(rows, ids);
  }
  return ids;
}

function rawKey(matches: MatchPart, by: MatchOrderBy): (match: number) => SortKey {
  const facts = (match: number) => matches.vulnerabilities[matches.vulnerability[match] as number];
  switch (by) {
    case 'worst': {
      const scores = worstScores(matches);
      return (match) =>
        (matches.severity[match] as number) * cvssRange * epssRange +
        (scores[matches.vulnerability[match] as number] as number);
    }
    case 'severity':
      // Position 0 is critical: rising order begins with the harmless, as with scores.
      return (match) => -(matches.severity[match] as number);
    case 'cvss':
      return (match) => facts(match)?.cvssMilli ?? -1;
    case 'epss':
      return (match) => facts(match)?.epssPpm ?? -1;
    case 'vuln':
      return (match) => facts(match)?.name ?? '';
    case 'package':
      return (match) => {
        const pkg = matches.packages[matches.package[match] as number];
        return `${pkg?.name}\n${pkg?.version}`;
      };
  }
}

const scoresOf = new WeakMap<MatchPart['vulnerabilities'], Float64Array>();

/** Per vulnerability: smaller is worse. Exploited ones are below all others, whatever their severity. */
function worstScores(matches: MatchPart): Float64Array {
  let scores = scoresOf.get(matches.vulnerabilities);
  if (scores === undefined) {
    scores = new Float64Array(matches.vulnerabilities.length);
    for (let slot = 0; slot < scores.length; slot++) {
      const { kev, cvssMilli, epssPpm } = matches.vulnerabilities[slot] as EstateVulnerability;
      const cvss = cvssRange - 1 - Math.min(cvssRange - 1, Math.max(0, cvssMilli ?? 0));
      const epss = epssRange - 1 - Math.min(epssRange - 1, Math.max(0, epssPpm ?? 0));
      scores[slot] = cvss * epssRange + epss - (kev ? 16 * cvssRange * epssRange : 0);
    }
    scoresOf.set(matches.vulnerabilities, scores);
  }
  return scores;
}

/** All open matches in an order. */
export interface Permutation {
  readonly order: MatchOrder;
  readonly matches: Int32Array;
  /** Match slot → position in `matches`; -1 = closed. */
  readonly rank: Int32Array;
}

const permutations = new WeakMap<MatchPart, Map<string, Promise<Permutation>>>();

/** The open matches of a part in an order; sorted once, in slices. */
export function permutationOf(
  matches: MatchPart,
  by: MatchOrderBy,
  descending: boolean,
  pacer: Pacer,
): Promise<Permutation> {
  const known = permutations.get(matches) ?? new Map<string, Promise<Permutation>>();
  permutations.set(matches, known);
  const name = `${by}:${by !== 'worst' && descending}`;
  let permutation = known.get(name);
  if (permutation === undefined) {
    permutation = sortMatches(matches, matchOrder(matches, by, descending), pacer);
    known.set(name, permutation);
    permutation.catch(() => known.delete(name));
  }
  return permutation;
}

/** The newest worst-first order of each line of parts, by the map that its parts share. */
const latest = new WeakMap<MatchPart['byPackage'], { readonly part: MatchPart; readonly permutation: Permutation }>();

async function sortMatches(matches: MatchPart, order: MatchOrder, pacer: Pacer): Promise<Permutation> {
  const before = latest.get(matches.byPackage);
  const usable = order.by === 'worst' && before?.part.vulnerabilities === matches.vulnerabilities;
  const sorted = usable ? await mergedOrder(before, matches, order, pacer) : await sortedAnew(matches, order, pacer);
  const rank = new Int32Array(matches.count).fill(-1);
  for (let at = 0; at < sorted.length; at++) rank[sorted[at] as number] = at;
  const permutation = { order, matches: sorted, rank };
  if (order.by === 'worst') latest.set(matches.byPackage, { part: matches, permutation });
  return permutation;
}

/** With the scores unchanged only matches that opened since have to be sorted; an image that brings new packages opens few. */
async function mergedOrder(
  before: { readonly permutation: Permutation },
  matches: MatchPart,
  order: MatchOrder,
  pacer: Pacer,
): Promise<Int32Array> {
  const open = new Uint8Array(matches.count);
  const fresh: number[] = [];
  let count = 0;
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    for (const match of matches.ofPackage.row(pkg)) {
      open[match] = 1;
      count++;
      if ((before.permutation.rank[match] ?? -1) < 0) fresh.push(match);
    }
    if ((pkg & 4095) === 0 && pacer.due()) await pacer.rest();
  }
  const added = Int32Array.from(fresh);
  await sortPaced(added, order.compare, pacer);
  const merged = new Int32Array(count);
  let to = 0;
  let next = 0;
  for (const match of before.permutation.matches) {
    if (open[match] === 0) continue;
    while (next < added.length && order.compare(added[next] as number, match) < 0)
      merged[to++] = added[next++] as number;
    merged[to++] = match;
  }
  while (next < added.length) merged[to++] = added[next++] as number;
  return merged;
}

async function sortedAnew(matches: MatchPart, order: MatchOrder, pacer: Pacer): Promise<Int32Array> {
  const open = new Int32Array(matches.count);
  let count = 0;
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    for (const match of matches.ofPackage.row(pkg)) open[count++] = match;
  }
  const sorted = open.slice(0, count);
  await sortPaced(sorted, order.compare, pacer);
  return sorted;
}

const imageRanks = new WeakMap<ImagePart, Int32Array>();

/** Image slot → position by repository path, tag, id. */
export function imageRank(images: ImagePart): Int32Array {
  let rank = imageRanks.get(images);
  if (rank === undefined) {
    const slots = Int32Array.from(new Int32Array(images.count).keys());
    const paths = images.repositories.map(({ path }) => path);
    slots.sort((a, b) => {
      const [x, y] = [images.repository[a] as number, images.repository[b] as number];
      if (x !== y) {
        const [p, q] = [paths[x] as string, paths[y] as string];
        if (p !== q) return p < q ? -1 : 1;
      }
      const [s, t] = [images.rows.text('tag', a) ?? '', images.rows.text('tag', b) ?? ''];
      return s < t ? -1 : s > t ? 1 : a - b;
    });
    rank = new Int32Array(images.count);
    for (let at = 0; at < slots.length; at++) rank[slots[at] as number] = at;
    imageRanks.set(images, rank);
  }
  return rank;
}

/** Whether an order is decided by the match alone. */
export function isMatchOrder(by: Sort['by']): by is MatchOrderBy {
  return by !== 'image' && by !== 'id' && by !== 'firstSeen';
}
