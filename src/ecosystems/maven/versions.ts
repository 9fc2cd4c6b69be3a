import { compareText } from '../../kernel/index.ts';
import type { VersionScheme } from '../contract.ts';

/**
 * Maven's version order (POM reference, "Version Order Specification"), as Maven 3.9 applies it. Every text has a place
 * in that order; `valid` keeps out what names no version, such as Gradle's `unspecified`, because any word sorts below
 * every number and would lie in each range that starts at zero.
 */
export const mavenVersions: VersionScheme = { id: 'maven', valid, compare };

/** Longest version that is looked at. */
const maxLength = 512;
/** What Maven refuses in a version, and blanks. */
const refused = '\\/:"<>|?*[](){},';

function valid(version: string): boolean {
  const { length } = version;
  if (length === 0 || length > maxLength) return false;
  let digits = 0;
  for (let i = 0; i < length; i++) {
    const code = version.charCodeAt(i);
    if (code <= 0x20 || code > 0x7e || refused.includes(version.charAt(i))) return false;
    if (isDigit(code)) digits++;
  }
  return digits > 0;
}

/** A number as text without leading zeros (zero is ''), or a qualifier by rank and, where it has none, by name. */
type Token = { readonly number: string } | { readonly rank: number; readonly name: string };

/**
 * A version is a list that may end in a list, that may end in a list …: a hyphen or a change between digits and letters
 * opens the next. Here as one row of tokens for each depth.
 */
type Parsed = readonly (readonly Token[])[];

const ranks = new Map(
  Object.entries({
    alpha: 0,
    beta: 1,
    milestone: 2,
    rc: 3,
    cr: 3,
    snapshot: 4,
    '': 5,
    ga: 5,
    final: 5,
    release: 5,
    sp: 6,
  }),
);
const releaseRank = 5;
const unknownRank = 7;
/** Only directly in front of a digit. */
const short = new Map(Object.entries({ a: 'alpha', b: 'beta', m: 'milestone' }));
const zero: Token = { number: '' };

function parse(version: string): Parsed {
  const text = version.toLowerCase();
  const rows: Token[][] = [[]];
  const row = (): Token[] => rows.at(-1) as Token[];
  let start = 0;
  let inDigits = false;
  const open = (): void => {
    rows.push([]);
  };
  const take = (end: number, beforeDigit = false): void => {
    row().push(end === start ? zero : tokenOf(text.slice(start, end), inDigits, beforeDigit));
    start = end;
  };
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x2e || code === 0x2d) {
      take(i);
      start = i + 1;
      if (code === 0x2d) open();
      continue;
    }
    const digit = isDigit(code);
    if (digit !== inDigits && i > start) {
      // A qualifier in front of a digit starts a list of its own unless it is the first of its list anyway.
      if (digit && row().length > 0) open();
      take(i, digit);
      open();
    }
    inDigits = digit;
  }
  if (start < text.length) {
    if (!inDigits && row().length > 0) open();
    take(text.length);
  }
  return trim(rows);
}

/** The version of a package is compared with every bound of its advisories: parsing it once is enough. */
const known = new Map<string, Parsed>();
const maxKnown = 2000;

function parsed(version: string): Parsed {
  const found = known.get(version);
  if (found !== undefined) return found;
  if (known.size >= maxKnown) known.clear();
  const fresh = parse(version);
  known.set(version, fresh);
  return fresh;
}

function tokenOf(text: string, digits: boolean, beforeDigit: boolean): Token {
  if (digits) {
    let first = 0;
    while (first < text.length && text.charCodeAt(first) === 0x30) first++;
    return { number: text.slice(first) };
  }
  const name = (beforeDigit && short.get(text)) || text;
  const rank = ranks.get(name);
  return rank === undefined ? { rank: unknownRank, name } : { rank, name: '' };
}

/** Takes off what means nothing at the end of each list: zeros and words for a release; then lists that are empty. */
function trim(rows: Token[][]): Parsed {
  for (let depth = rows.length - 1; depth >= 0; depth--) {
    const row = rows[depth] as Token[];
    for (let last = row.at(-1); last !== undefined && isNull(last); last = row.at(-1)) row.pop();
    if (row.length === 0 && depth === rows.length - 1) rows.pop();
  }
  return rows;
}

function isNull(token: Token): boolean {
  return 'number' in token ? token.number === '' : token.rank === releaseRank;
}

/** What stands at a place: a token, the list that ends this one, or nothing. */
type Item = Token | 'list' | undefined;

function itemAt(version: Parsed, depth: number, index: number): Item {
  const row = version[depth] ?? [];
  if (index < row.length) return row[index];
  return index === row.length && depth + 1 < version.length ? 'list' : undefined;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const first = compareFirst(a, b);
  if (first !== 0) return first;
  const left = parsed(a);
  const right = parsed(b);
  let depth = 0;
  for (let index = 0; ; index++) {
    const l = itemAt(left, depth, index);
    const r = itemAt(right, depth, index);
    if (l === undefined && r === undefined) return 0;
    if (l === 'list' && r === 'list') {
      // Both end here: what their lists say is what is left to say.
      depth++;
      index = -1;
      continue;
    }
    const order = compareItems(l, r, left, right, depth);
    if (order !== 0) return order;
  }
}

/** The numbers in front decide most comparisons; 0 when they are equal or one version begins with something else. */
function compareFirst(a: string, b: string): number {
  const [startA, endA] = firstNumber(a);
  const [startB, endB] = firstNumber(b);
  if (endA === 0 || endB === 0) return 0;
  const lengths = endA - startA - (endB - startB);
  if (lengths !== 0) return lengths;
  for (let i = 0; startA + i < endA; i++) {
    const order = a.charCodeAt(startA + i) - b.charCodeAt(startB + i);
    if (order !== 0) return order;
  }
  return 0;
}

/** Where the digits in front begin, leading zeros aside, and end. */
function firstNumber(version: string): readonly [start: number, end: number] {
  let end = 0;
  while (end < version.length && isDigit(version.charCodeAt(end))) end++;
  let start = 0;
  while (start < end && version.charCodeAt(start) === 0x30) start++;
  return [start, end];
}

function compareItems(l: Item, r: Item, left: Parsed, right: Parsed, depth: number): number {
  if (l === undefined) return -againstNothing(r, right, depth);
  if (r === undefined) return againstNothing(l, left, depth);
  const weights = weightOf(l) - weightOf(r);
  if (weights !== 0 || l === 'list' || r === 'list') return weights;
  if ('number' in l) return 'number' in r ? compareNumbers(l.number, r.number) : 1;
  if ('number' in r) return -1;
  return l.rank - r.rank || compareText(l.name, r.name);
}

/** Words are below lists, lists below numbers. */
function weightOf(item: Token | 'list'): number {
  return item === 'list' ? 1 : 'number' in item ? 2 : 0;
}

/** Where the other version has ended: words of a release and zeros weigh nothing, earlier words pull down. */
function againstNothing(item: Item, version: Parsed, depth: number): number {
  if (item !== 'list') return item === undefined ? 0 : tokenAgainstNothing(item);
  for (const row of version.slice(depth + 1)) {
    for (const token of row) {
      const order = tokenAgainstNothing(token);
      if (order !== 0) return order;
    }
  }
  return 0;
}

function tokenAgainstNothing(token: Token): number {
  return 'number' in token ? Math.sign(token.number.length) : token.rank - releaseRank;
}

/** As text: no run of digits is too long to be exact. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
