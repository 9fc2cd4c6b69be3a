import type { VersionScheme } from '../contract.ts';

/**
 * Debian versions, `[epoch:]upstream[-revision]`, ordered as dpkg and apt do (Debian Policy §5.6.12). Numbers are
 * compared as text, so no run of digits, the epoch included, is too long to be exact.
 */
export const debVersions: VersionScheme = { id: 'deb', valid, compare };

/** Longest version that is looked at; archives stay far below it. */
const maxLength = 4096;

const zero = 0x30;
const nine = 0x39;
const tilde = 0x7e;
const colon = 0x3a;
const dash = 0x2d;

/**
 * Digits before the first colon are the epoch; the rest must start with a digit and hold only the characters that
 * Policy allows. A hyphen in front of nothing is refused, as dpkg does.
 */
function valid(version: string): boolean {
  const { length } = version;
  if (length === 0 || length > maxLength) return false;
  const split = version.indexOf(':');
  for (let i = 0; i < split; i++) if (!isDigit(version.charCodeAt(i))) return false;
  if (split === 0) return false;
  const start = split + 1;
  if (start >= length || !isDigit(version.charCodeAt(start))) return false;
  const revision = version.lastIndexOf('-');
  if (revision === length - 1) return false;
  for (let i = start + 1; i < length; i++) {
    const code = version.charCodeAt(i);
    if (isDigit(code) || isLetter(code)) continue;
    if (code === 0x2b || code === 0x2e || code === tilde) continue;
    // Colons belong to the upstream part only; hyphens before the last one are part of it too.
    if (code === colon && split >= 0 && (revision < start || i < revision)) continue;
    if (code === dash) continue;
    return false;
  }
  return true;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const startA = a.indexOf(':') + 1;
  const startB = b.indexOf(':') + 1;
  const epoch = comparePart(a, 0, Math.max(0, startA - 1), b, 0, Math.max(0, startB - 1));
  if (epoch !== 0) return epoch;
  const endA = endOfUpstream(a, startA);
  const endB = endOfUpstream(b, startB);
  const upstream = comparePart(a, startA, endA, b, startB, endB);
  if (upstream !== 0) return upstream;
  return comparePart(a, Math.min(a.length, endA + 1), a.length, b, Math.min(b.length, endB + 1), b.length);
}

function endOfUpstream(version: string, start: number): number {
  const last = version.lastIndexOf('-');
  return last < start ? version.length : last;
}

/** Alternates between text without digits, compared by `rank`, and numbers, compared by value; a missing part is `0`. */
function comparePart(a: string, fromA: number, endA: number, b: string, fromB: number, endB: number): number {
  let i = fromA;
  let j = fromB;
  while (i < endA || j < endB) {
    while ((i < endA && !isDigit(a.charCodeAt(i))) || (j < endB && !isDigit(b.charCodeAt(j)))) {
      const difference = rank(a, i, endA) - rank(b, j, endB);
      if (difference !== 0) return difference;
      i++;
      j++;
    }
    while (i < endA && a.charCodeAt(i) === zero) i++;
    while (j < endB && b.charCodeAt(j) === zero) j++;
    let first = 0;
    while (i < endA && j < endB && isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      if (first === 0) first = a.charCodeAt(i) - b.charCodeAt(j);
      i++;
      j++;
    }
    if (i < endA && isDigit(a.charCodeAt(i))) return 1;
    if (j < endB && isDigit(b.charCodeAt(j))) return -1;
    if (first !== 0) return first;
  }
  return 0;
}

/** `~` sorts before the end, letters before all other characters, digits end the text. */
function rank(text: string, at: number, end: number): number {
  if (at >= end) return 0;
  const code = text.charCodeAt(at);
  if (code === tilde) return -1;
  if (isDigit(code)) return 0;
  return isLetter(code) ? code : code + 256;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
