import { type Pep440Version, parse as parsePublic } from '@renovatebot/pep440';
import { compareText } from '../../kernel/index.ts';
import type { VersionScheme } from '../contract.ts';
import { remember } from '../remember.ts';

/**
 * PEP 440: epoch, release, pre-, post- and development releases, local label. Blanks around a version do not count.
 * What is no version: everything outside the grammar (dates with letters, versions older than PEP 440), texts of more
 * than 256 characters, and numbers above 2^53 before the label.
 */
export const pypiVersions: VersionScheme = {
  id: 'pep440',
  valid: (version) => parse(version) !== null,
  compare(a, b) {
    if (a === b) return 0;
    const left = parse(a);
    const right = parse(b);
    return left === null || right === null ? 0 : compareParsed(left, right);
  },
};

/**
 * The version without its local label (`+cu118`): a build of one's own of that release. Advisories speak of releases,
 * and PEP 440 says that a label does not count where a version is compared with one that has none.
 */
export function withoutLabel(version: string): string {
  const plus = version.indexOf('+');
  return plus < 0 ? version : version.slice(0, plus);
}

/** A version in the order of its parts. */
interface Parsed {
  readonly epoch: number;
  /** Without zeros at the end. */
  readonly release: readonly number[];
  /** Phase of the pre-release: -1 development release of a final one, 0 a, 1 b, 2 rc, 3 none; and its number. */
  readonly pre: readonly [phase: number, number: number];
  /** -1 = none. */
  readonly post: number;
  /** Infinity = none. */
  readonly dev: number;
  /** null = none. */
  readonly label: readonly string[] | null;
}

const maxLength = 256;
const phases: Readonly<Record<string, number>> = { a: 0, b: 1, rc: 2 };

const parse = remember((version): Parsed | null => (version.length > maxLength ? null : parseNew(version.trim())));

function parseNew(text: string): Parsed | null {
  // The grammar is the library's; of labels it takes "1e5" for a number, so these are compared here.
  const parsed: Pep440Version | null = parsePublic(text);
  if (parsed === null) return null;
  const { epoch, pre, post, dev } = parsed;
  const release = trimZeros(parsed.release);
  const numbers = [epoch, ...release, Number(pre?.[1] ?? 0), Number(post?.[1] ?? 0), Number(dev?.[1] ?? 0)];
  if (!numbers.every(Number.isSafeInteger)) return null;
  const plus = text.indexOf('+');
  return {
    epoch,
    release,
    pre: phaseOf(parsed),
    post: post ? Number(post[1]) : -1,
    dev: dev ? Number(dev[1]) : Number.POSITIVE_INFINITY,
    label:
      plus < 0
        ? null
        : text
            .slice(plus + 1)
            .toLowerCase()
            .split(/[-_.]/),
  };
}

/** `1.0.dev1` stands before `1.0a1`, and `1.0` behind every pre-release. */
function phaseOf({ pre, post, dev }: Pep440Version): Parsed['pre'] {
  if (pre) return [phases[String(pre[0])] ?? 3, Number(pre[1])];
  return [!post && dev ? -1 : 3, 0];
}

function trimZeros(release: readonly number[]): readonly number[] {
  let end = release.length;
  while (end > 1 && release[end - 1] === 0) end--;
  return release.slice(0, end);
}

function compareParsed(a: Parsed, b: Parsed): number {
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    a.pre[0] - b.pre[0] ||
    a.pre[1] - b.pre[1] ||
    a.post - b.post ||
    compareDev(a.dev, b.dev) ||
    compareLabels(a.label, b.label)
  );
}

function compareDev(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = (a[i] ?? 0) - (b[i] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

/** None before any; part by part; numbers behind words, by value; what goes on behind what ends. */
function compareLabels(a: Parsed['label'], b: Parsed['label']): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    const order = compareParts(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareParts(a: string, b: string): number {
  const [left, right] = [digitsOf(a), digitsOf(b)];
  if (left === null || right === null) {
    if (left !== null || right !== null) return left !== null ? 1 : -1;
    return compareText(a, b);
  }
  if (left.length !== right.length) return left.length - right.length;
  return compareText(left, right);
}

/** Digits without leading zeros, or null for a word: as text, so that no number is too long. */
function digitsOf(part: string): string | null {
  let zeros = 0;
  for (let i = 0; i < part.length; i++) {
    const code = part.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return null;
    if (code === 0x30 && zeros === i) zeros++;
  }
  return part.slice(zeros);
}
