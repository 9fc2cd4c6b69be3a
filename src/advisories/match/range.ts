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
export function evaluateFact(
  fact: Pick<PackageFact, 'ranges' | 'versions'>,
  version: string,
  scheme: VersionScheme,
): Verdict | null {
  let best: Verdict | null = null;
  for (const range of fact.ranges) {
    const verdict = evaluateRange(range, version, scheme);
    if (verdict !== null && (best === null || isNearer(verdict, best, scheme))) best = verdict;
  }
  if (best !== null) return best;
  return lists(fact, version, scheme) ? { fixedVersion: null, range: `= ${version}` } : null;
}

/**
 * Whether a range holds a version. Events may come in any order. An event whose version is none in the scheme never
 * makes a range smaller: an end or a limit like that is left out, and an introduction like that may be anywhere before
 * the end that follows it in the record.
 */
export function evaluateRange(range: VersionRange, version: string, scheme: VersionScheme): Verdict | null {
  const [first, second] = range;
  if (range.length === 2 && first !== undefined && isStart(first) && second?.[0] === 'fixed') {
    // Nine of ten ranges: decided by one comparison.
    if (!isUsable(second, scheme)) return { fixedVersion: null, range: 'all versions' };
    return orderTo(version, second[1], scheme) < 0 ? { fixedVersion: second[1], range: `< ${second[1]}` } : null;
  }
  if (!isBelowLimit(range, version, scheme)) return null;
  const verdict = intervalOf(range, version, scheme);
  return verdict ?? unknownStart(range, version, scheme);
}

/** The intervals of introductions that are no versions, each from the beginning. */
function unknownStart(range: VersionRange, version: string, scheme: VersionScheme): Verdict | null {
  for (const [index, event] of range.entries()) {
    if (event[0] !== 'introduced' || isUsable(event, scheme)) continue;
    const end = range.slice(index + 1).find(([kind]) => kind === 'fixed' || kind === 'last_affected');
    const start: Event = ['introduced', '0'];
    const verdict = intervalOf(end === undefined ? [start] : [start, end], version, scheme);
    if (verdict !== null) return verdict;
  }
  return null;
}

function intervalOf(range: VersionRange, version: string, scheme: VersionScheme): Verdict | null {
  let start: string | undefined;
  for (const [kind, at] of inOrder(range, scheme)) {
    if (kind === 'introduced') {
      if (start !== undefined) continue;
      if (at !== '0' && scheme.compare(at, version) > 0) return null;
      start = at;
    } else if (start !== undefined) {
      const order = orderTo(version, at, scheme);
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
  const usable = range.filter((event) => event[0] !== 'limit' && isUsable(event, scheme));
  return usable.sort((a, b) => {
    if (isStart(a) || isStart(b)) return Number(isStart(b)) - Number(isStart(a));
    const [one, other] = [isBeginning(a[1], scheme), isBeginning(b[1], scheme)];
    return one || other ? Number(other) - Number(one) : scheme.compare(a[1], b[1]);
  });
}

type Event = VersionRange[number];

function isStart([kind, version]: Event): boolean {
  return kind === 'introduced' && version === '0';
}

/** `0` means the beginning also where it is no version: `fixed: "0"` says that no version was ever affected. */
function isUsable([, version]: Event, scheme: VersionScheme): boolean {
  return version === '0' || scheme.valid(version);
}

function isBeginning(version: string, scheme: VersionScheme): boolean {
  return version === '0' && !scheme.valid(version);
}

/** Order of a version and that of an event. */
function orderTo(version: string, at: string, scheme: VersionScheme): number {
  return isBeginning(at, scheme) ? 1 : scheme.compare(version, at);
}

/** A version must lie below one of the limits; one that is no version may be anywhere. */
function isBelowLimit(range: VersionRange, version: string, scheme: VersionScheme): boolean {
  const limits = range.filter(([kind]) => kind === 'limit');
  const holds = ([, at]: Event): boolean => !scheme.valid(at) || scheme.compare(version, at) < 0;
  return limits.length === 0 || limits.some(holds);
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

function lists(fact: Pick<PackageFact, 'versions'>, version: string, scheme: VersionScheme): boolean {
  if (fact.versions.length === 0) return false;
  if (fact.versions.includes(version)) return true;
  return fact.versions.some((listed) => scheme.valid(listed) && scheme.compare(listed, version) === 0);
}
