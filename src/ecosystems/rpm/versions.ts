import type { VersionScheme } from '../contract.ts';

/**
 * rpm's versions, `[epoch:]version[-release]`, ordered as rpm does: epoch, version, release, each by segments
 * (scanning.md §4). A missing epoch is 0. Where one of two has no release, version alone decides: an advisory that
 * names none speaks of all releases. Numbers are compared as text, so none is too long to be exact.
 */
export const rpmVersions: VersionScheme = { id: 'rpm', valid, compare };

/** Longest version that is looked at; real ones stay far below it. */
const maxLength = 1024;

const [zero, nine, tilde, caret] = [0x30, 0x39, 0x7e, 0x5e] as const;

/**
 * Digits before a colon are the epoch. Version and release hold what rpmbuild lets pass: letters, digits and
 * `. _ + ~ ^`; also `% { }`, because packages with unexpanded macros exist. Only one hyphen may be there, between the two.
 */
function valid(version: string): boolean {
  const { length } = version;
  if (length === 0 || length > maxLength) return false;
  const split = version.indexOf(':');
  if (split === 0) return false;
  for (let i = 0; i < split; i++) if (!isDigit(version.charCodeAt(i))) return false;
  const start = split + 1;
  const hyphen = version.indexOf('-', start);
  if (start >= length || hyphen === start || hyphen === length - 1) return false;
  for (let i = start; i < length; i++) {
    if (i !== hyphen && !isAllowed(version.charCodeAt(i))) return false;
  }
  return true;
}

function isAllowed(code: number): boolean {
  if (isDigit(code) || isLetter(code) || code === tilde || code === caret) return true;
  // . _ + % { }
  return code === 0x2e || code === 0x5f || code === 0x2b || code === 0x25 || code === 0x7b || code === 0x7d;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const startA = a.indexOf(':') + 1;
  const startB = b.indexOf(':') + 1;
  const epoch = compareNumbers(a, 0, Math.max(0, startA - 1), b, 0, Math.max(0, startB - 1));
  if (epoch !== 0) return epoch;
  const dashA = a.indexOf('-', startA);
  const dashB = b.indexOf('-', startB);
  const version = compareParts(a, startA, dashA < 0 ? a.length : dashA, b, startB, dashB < 0 ? b.length : dashB);
  if (version !== 0 || dashA < 0 || dashB < 0) return version;
  return compareParts(a, dashA + 1, a.length, b, dashB + 1, b.length);
}

/**
 * Segments of digits or of letters, with whatever stands between them skipped. `~` sorts before the end, `^` after it
 * but before every further segment; numbers are newer than letters.
 */
function compareParts(a: string, fromA: number, endA: number, b: string, fromB: number, endB: number): number {
  let i = fromA;
  let j = fromB;
  while (i < endA || j < endB) {
    while (i < endA && isSeparator(a.charCodeAt(i))) i++;
    while (j < endB && isSeparator(b.charCodeAt(j))) j++;
    const codeA = i < endA ? a.charCodeAt(i) : -1;
    const codeB = j < endB ? b.charCodeAt(j) : -1;
    if (codeA === tilde || codeB === tilde) {
      if (codeA !== codeB) return codeA === tilde ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (codeA === caret || codeB === caret) {
      if (codeA === -1) return -1;
      if (codeB === -1) return 1;
      if (codeA !== codeB) return codeA === caret ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (codeA === -1 || codeB === -1) break;
    const digits = isDigit(codeA);
    if (digits !== isDigit(codeB)) return digits ? 1 : -1;
    const nextA = endOfSegment(a, i, endA, digits);
    const nextB = endOfSegment(b, j, endB, digits);
    const order = digits ? compareNumbers(a, i, nextA, b, j, nextB) : compareText(a, i, nextA, b, j, nextB);
    if (order !== 0) return order;
    i = nextA;
    j = nextB;
  }
  // What is left over makes a version newer.
  return Number(i < endA) - Number(j < endB);
}

function endOfSegment(text: string, from: number, end: number, digits: boolean): number {
  const belongs = digits ? isDigit : isLetter;
  let at = from;
  while (at < end && belongs(text.charCodeAt(at))) at++;
  return at;
}

/** By value, however long: without leading zeros the longer number is the larger. */
function compareNumbers(a: string, fromA: number, endA: number, b: string, fromB: number, endB: number): number {
  let i = fromA;
  let j = fromB;
  while (i < endA && a.charCodeAt(i) === zero) i++;
  while (j < endB && b.charCodeAt(j) === zero) j++;
  return endA - i - (endB - j) || compareText(a, i, endA, b, j, endB);
}

function compareText(a: string, fromA: number, endA: number, b: string, fromB: number, endB: number): number {
  const common = Math.min(endA - fromA, endB - fromB);
  for (let k = 0; k < common; k++) {
    const difference = a.charCodeAt(fromA + k) - b.charCodeAt(fromB + k);
    if (difference !== 0) return difference;
  }
  return endA - fromA - (endB - fromB);
}

function isSeparator(code: number): boolean {
  return !isDigit(code) && !isLetter(code) && code !== tilde && code !== caret;
}

function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}
