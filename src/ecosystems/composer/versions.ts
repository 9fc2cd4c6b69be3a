import { compareText } from '../../kernel/index.ts';
import type { VersionScheme } from '../contract.ts';
import { remember } from '../remember.ts';
import { normaliseVersion } from './normalise.ts';

/**
 * Versions of Composer packages: brought into Composer's normal form, then ordered as PHP's `version_compare` does.
 * Branches (`dev-main`, `1.x-dev`) are no versions: they have no place in the order that would be of any use. Numbers
 * are compared as text, so none is too long.
 */
export const composerVersions: VersionScheme = {
  id: 'composer',
  valid: (version) => normalised(version) !== undefined,
  compare,
};

const normalised = remember(normaliseVersion);

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const left = normalised(a) ?? [];
  const right = normalised(b) ?? [];
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; i++) {
    const order = compareParts(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return left.length === right.length ? 0 : left.length > right.length ? above(left[shared]) : -above(right[shared]);
}

/** Which way one more part moves a version: a number up, a word by its rank against the release. */
function above(part: string | undefined): number {
  return part === undefined || isNumber(part) ? 1 : rank(part) - releaseRank;
}

/** A number stands where the other has a word as the release itself does. */
function compareParts(a: string, b: string): number {
  const [numberA, numberB] = [isNumber(a), isNumber(b)];
  if (numberA && numberB) {
    const [x, y] = [withoutZeros(a), withoutZeros(b)];
    return x.length - y.length || compareText(x, y);
  }
  return (numberA ? releaseRank : rank(a)) - (numberB ? releaseRank : rank(b));
}

const ranks: ReadonlyMap<string, number> = new Map([
  ['dev', 0],
  ['alpha', 1],
  ['beta', 2],
  ['RC', 3],
  ['patch', 5],
]);
const releaseRank = 4;

/** Words that `version_compare` does not know come before all others. */
function rank(word: string): number {
  return ranks.get(word) ?? -1;
}

function isNumber(part: string): boolean {
  const code = part.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}
