import type { VersionScheme } from '../../ecosystems/index.ts';
import type { PackageFact, VersionRange } from '../facts.ts';

/** Why a version is affected. */
export interface Verdict {
  /** End of the interval that the version lies in, when a fix ends it. */
  readonly fixedVersion: string | null;
  /** The interval for people: `< 1.2`, `>= 1.0, <= 1.1`, `all versions`, `= 1.0`. */
  readonly range: string;
}

/**
 * Whether a fact affects a version: the version is listed or lies in one of the ranges (scanning.md §5.1).
 * @param version valid in the scheme.
 * @returns null when it is not affected.
 */
export function evaluateFact(fact: PackageFact, version: string, scheme: VersionScheme): Verdict | null {
  let best: Verdict | null = null;
  for (const range of fact.ranges) {
    const verdict = evaluateRange(range, version, scheme);
    if (verdict !== null && (best === null || isNearer(verdict, best, scheme))) best = verdict;
  }
  if (best !== null) return best;
  return lists(fact, version, scheme) ? { fixedVersion: null, range: `= ${version}` } : null;
}

/**
 * Whether a range holds a version. Events may come in any order; an event whose version is none in the scheme is
 * ignored, which can only widen a range.
 */
export function evaluateRange(range: VersionRange, version: string, scheme: VersionScheme): Verdict | null {
  const [first, second] = range;
  if (range.length === 2 && first?.[0] === 'introduced' && first[1] === '0' && second?.[0] === 'fixed') {
    // Nine of ten ranges: decided by one comparison.
    if (!scheme.valid(second[1])) return { fixedVersion: null, range: 'all versions' };
    return scheme.compare(version, second[1]) < 0 ? { fixedVersion: second[1], range: `< ${second[1]}` } : null;
  }
  if (!isBelowLimit(range, version, scheme)) return null;
  return intervalOf(range, version, scheme);
}

function intervalOf(range: VersionRange, version: string, scheme: VersionScheme): Verdict | null {
  let start: string | undefined;
  for (const [kind, at] of inOrder(range, scheme)) {
    if (kind === 'introduced') {
      if (start !== undefined) continue;
      if (at !== '0' && scheme.compare(at, version) > 0) return null;
      start = at;
    } else if (start !== undefined) {
      const order = scheme.compare(version, at);
      const fixed = kind === 'fixed';
      if (fixed ? order < 0 : order <= 0) {
        return { fixedVersion: fixed ? at : null, range: describe(start, `${fixed ? '<' : '<='} ${at}`) };
      }
      start = undefined;
    }
  }
  return start === undefined ? null : { fixedVersion: null, range: describe(start, upperLimit(range)) };
}

/** Events by version, equal ones in the record's order; `introduced: "0"` stands before every version. */
function inOrder(range: VersionRange, scheme: VersionScheme): VersionRange {
  const isStart = ([kind, version]: VersionRange[number]): boolean => kind === 'introduced' && version === '0';
  const usable = range.filter((event) => event[0] !== 'limit' && (isStart(event) || scheme.valid(event[1])));
  return usable.sort((a, b) => {
    if (isStart(a) || isStart(b)) return Number(isStart(b)) - Number(isStart(a));
    return scheme.compare(a[1], b[1]);
  });
}

function isBelowLimit(range: VersionRange, version: string, scheme: VersionScheme): boolean {
  const limits = range.filter(([kind, at]) => kind === 'limit' && (at === '*' || scheme.valid(at)));
  return limits.length === 0 || limits.some(([, at]) => at === '*' || scheme.compare(version, at) < 0);
}

function upperLimit(range: VersionRange): string | undefined {
  const limits = range.filter(([kind, at]) => kind === 'limit' && at !== '*').map(([, at]) => at);
  return limits.length === 1 ? `< ${limits[0]}` : undefined;
}

function describe(start: string, end: string | undefined): string {
  if (start === '0') return end ?? 'all versions';
  return end === undefined ? `>= ${start}` : `>= ${start}, ${end}`;
}

/** The fix nearest above the installed version is the one of its own branch. */
function isNearer(a: Verdict, b: Verdict, scheme: VersionScheme): boolean {
  if (a.fixedVersion === null) return false;
  return b.fixedVersion === null || scheme.compare(a.fixedVersion, b.fixedVersion) < 0;
}

function lists(fact: PackageFact, version: string, scheme: VersionScheme): boolean {
  if (fact.versions.length === 0) return false;
  if (fact.versions.includes(version)) return true;
  return fact.versions.some((listed) => scheme.valid(listed) && scheme.compare(listed, version) === 0);
}
