import { compareText } from '../kernel/index.ts';
import type { VersionScheme } from './contract.ts';
import { remember } from './remember.ts';

/** In what the worlds that use SemVer 2 differ. */
export interface SemverFlavour {
  readonly id: string;
  /** Numbers that a version may have; missing ones are 0. */
  readonly numbers: number;
  /** Identifiers of a prerelease that differ in case are the same, and numbers beyond 32 bits are text (NuGet). */
  readonly nuget?: true;
  /** What follows `+` counts, after everything else (Pub). */
  readonly build?: true;
}

interface Parsed {
  readonly numbers: readonly string[];
  readonly labels: readonly string[];
  readonly build: readonly string[];
}

const maxLength = 256;

/** The order of SemVer 2, also for versions with fewer or more numbers and zeros in front. */
export function semverOrder(flavour: SemverFlavour): VersionScheme {
  const parsed = remember((version) => parse(version, flavour));
  return {
    id: flavour.id,
    valid: (version) => parsed(version) !== undefined,
    compare(a, b) {
      const left = parsed(a);
      const right = parsed(b);
      return left === undefined || right === undefined ? 0 : compareParsed(left, right, flavour);
    },
  };
}

function parse(version: string, { numbers: most }: SemverFlavour): Parsed | undefined {
  if (version.length > maxLength) return undefined;
  const plus = version.indexOf('+');
  const build = plus < 0 ? [] : version.slice(plus + 1).split('.');
  const main = plus < 0 ? version : version.slice(0, plus);
  const hyphen = main.indexOf('-');
  const labels = hyphen < 0 ? [] : main.slice(hyphen + 1).split('.');
  const numbers = (hyphen < 0 ? main : main.slice(0, hyphen)).split('.');
  if (numbers.length > most || !numbers.every((number) => /^[0-9]+$/.test(number))) return undefined;
  if (![...labels, ...build].every((label) => /^[0-9A-Za-z-]+$/.test(label))) return undefined;
  return { numbers: numbers.map(withoutZeros), labels, build };
}

function compareParsed(a: Parsed, b: Parsed, flavour: SemverFlavour): number {
  for (let i = 0; i < Math.max(a.numbers.length, b.numbers.length); i++) {
    const order = compareNumbers(a.numbers[i] ?? '', b.numbers[i] ?? '');
    if (order !== 0) return order;
  }
  // A release comes after its prereleases.
  if ((a.labels.length === 0) !== (b.labels.length === 0)) return a.labels.length === 0 ? 1 : -1;
  return compareLabels(a.labels, b.labels, flavour) || (flavour.build ? compareLabels(a.build, b.build, flavour) : 0);
}

function compareLabels(a: readonly string[], b: readonly string[], flavour: SemverFlavour): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareLabel(a[i] ?? '', b[i] ?? '', flavour);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/** Numbers come before text. */
function compareLabel(a: string, b: string, { nuget }: SemverFlavour): number {
  const [numberA, numberB] = [isNumber(a, nuget), isNumber(b, nuget)];
  if (numberA !== numberB) return numberA ? -1 : 1;
  if (numberA) return compareNumbers(withoutZeros(a), withoutZeros(b));
  const [x, y] = nuget ? [a.toUpperCase(), b.toUpperCase()] : [a, b];
  return compareText(x, y);
}

function isNumber(label: string, nuget: true | undefined): boolean {
  return /^[0-9]+$/.test(label) && (nuget === undefined || Number(label) <= 0x7fff_ffff);
}

/** Without leading zeros, so the longer one is greater. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareText(a, b);
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits[start] === '0') start++;
  return digits.slice(start);
}
