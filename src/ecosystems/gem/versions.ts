import type { VersionScheme } from '../contract.ts';
import { remember } from '../remember.ts';

/**
 * Versions of gems: `Gem::Version` of RubyGems. Letters are a prerelease, a hyphen is `.pre.`, zeros at the end of the
 * numbers and of the letters' part do not count. Numbers are compared as text, so none is too long.
 */
export const gemVersions: VersionScheme = { id: 'gem', valid: remember(valid), compare };

const maxLength = 1024;

/** Digits, then dotted segments of letters and digits, then optionally a hyphen and such segments with hyphens. */
function valid(version: string): boolean {
  if (version.length === 0 || version.length > maxLength) return false;
  const hyphen = version.indexOf('-');
  const release = hyphen < 0 ? version : version.slice(0, hyphen);
  const [first = '', ...others] = release.split('.');
  if (!/^[0-9]+$/.test(first) || !others.every((part) => /^[0-9A-Za-z]+$/.test(part))) return false;
  return (
    hyphen < 0 ||
    version
      .slice(hyphen + 1)
      .split('.')
      .every((part) => /^[0-9A-Za-z-]+$/.test(part))
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const left = segments(a);
  const right = segments(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareSegments(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

const segments = remember(segmentsOf);

/** Numbers without leading zeros, so zero is empty; both parts without zeros at their ends. */
function segmentsOf(version: string): readonly string[] {
  const segments: string[] = [];
  let letters = false;
  for (const [segment] of version.replaceAll('-', '.pre.').matchAll(/[0-9]+|[A-Za-z]+/g)) {
    const isNumber = isDigit(segment);
    if (!isNumber && !letters) {
      dropZeros(segments, 0);
      letters = true;
    }
    segments.push(isNumber ? withoutZeros(segment) : segment);
  }
  dropZeros(segments, 0);
  return segments;
}

function dropZeros(segments: string[], from: number): void {
  while (segments.length > from && segments.at(-1) === '') segments.pop();
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}

/** Letters come before every number; a number with more digits is greater. */
function compareSegments(a: string, b: string): number {
  if (a === b) return 0;
  const [numberA, numberB] = [a === '' || isDigit(a), b === '' || isDigit(b)];
  if (numberA !== numberB) return numberA ? 1 : -1;
  if (numberA && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}

function isDigit(text: string): boolean {
  const code = text.charCodeAt(0);
  return code >= 0x30 && code <= 0x39;
}
