import { compareText } from '../../kernel/index.ts';
import type { VersionScheme } from '../contract.ts';

/**
 * Versions of Alpine's package manager: `number{.number}…{letter}{_suffix{number}}…{~hash}{-rN}` (apk-package(5)).
 * As in apk-tools 2 a number may follow the letter (`1.9.5p2`): sudo and libretls of older releases are named so. Numbers
 * are compared as text, so that none is too long to be exact. What does not parse to its end has no order here,
 * although apk itself would compare the part that does.
 */
export const apkVersions: VersionScheme = { id: 'apk', valid, compare };

/** Longest version that is looked at; archives stay far below it. */
const maxLength = 1024;

/** Kinds of parts in the order in which they may follow one another; where versions part, the lower kind is greater. */
const first = 0;
const number = 1;
const letter = 2;
const suffix = 3;
const suffixNumber = 4;
const hash = 5;
const revision = 6;
const end = 7;
const invalid = 8;

/** Suffixes in their order; those before `''` mark what comes before the release. */
const suffixes = ['alpha', 'beta', 'pre', 'rc', '', 'cvs', 'svn', 'git', 'hg', 'p'];
const release = suffixes.indexOf('');

function valid(version: string): boolean {
  if (version.length > maxLength) return false;
  const parts = new Parts(version);
  while (parts.kind < end) parts.next();
  return parts.kind === end;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  const left = new Parts(a);
  const right = new Parts(b);
  while (left.kind === right.kind && left.kind < end) {
    const difference = compareParts(left, right);
    if (difference !== 0) return difference;
    left.next();
    right.next();
  }
  if (left.kind === right.kind) return 0;
  if (left.isPrerelease) return -1;
  if (right.isPrerelease) return 1;
  return right.kind - left.kind;
}

function compareParts(a: Parts, b: Parts): number {
  if (a.kind === suffix) return suffixes.indexOf(a.text) - suffixes.indexOf(b.text);
  // After the first number a leading zero makes both sides text: 1.05 comes before 1.1, as 1.0.5 would.
  const zero = a.kind === number && (a.text.startsWith('0') || b.text.startsWith('0'));
  if (zero || a.kind === letter || a.kind === hash) return compareText(a.text, b.text);
  return compareNumbers(a.text, b.text);
}

function compareNumbers(a: string, b: string): number {
  const left = withoutZeros(a);
  const right = withoutZeros(b);
  return left.length - right.length || compareText(left, right);
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 0x30) start++;
  return digits.slice(start);
}

/** Walks through a version, one part at a time. */
class Parts {
  kind: number = first;
  /** Of the present part: digits, letter, name of the suffix or hash. */
  text = '';
  readonly #version: string;
  #at = 0;

  constructor(version: string) {
    this.#version = version;
    this.#digits(first);
  }

  get isPrerelease(): boolean {
    return this.kind === suffix && suffixes.indexOf(this.text) < release;
  }

  next(): void {
    const char = this.#version[this.#at];
    if (char === undefined) this.kind = end;
    else if (isDigit(char)) this.#digits(this.kind === suffix ? suffixNumber : this.kind === letter ? number : invalid);
    else if (isLower(char)) this.#letter();
    else if (char === '.') this.#afterDot();
    else if (char === '_') this.#suffix();
    else if (char === '~') this.#hash();
    else if (char === '-') this.#revision();
    else this.kind = invalid;
  }

  #letter(): void {
    if (this.kind > number) this.kind = invalid;
    else this.#take(letter, this.#at + 1);
  }

  #afterDot(): void {
    this.#at++;
    this.#digits(this.kind > number ? invalid : number);
  }

  #suffix(): void {
    this.#at++;
    const name = this.#run(isLower);
    const known = name !== '' && suffixes.includes(name) && this.kind <= suffixNumber;
    this.kind = known ? suffix : invalid;
    this.text = name;
    this.#at += name.length;
  }

  #hash(): void {
    this.#at++;
    const digits = this.#run(isHex);
    this.kind = digits !== '' && this.kind < hash ? hash : invalid;
    this.text = digits;
    this.#at += digits.length;
  }

  #revision(): void {
    const fits = this.kind < revision && this.#version[this.#at + 1] === 'r';
    this.#at += 2;
    this.#digits(fits ? revision : invalid);
  }

  #digits(kind: number): void {
    const digits = this.#run(isDigit);
    this.#take(digits === '' ? invalid : kind, this.#at + digits.length);
  }

  #take(kind: number, until: number): void {
    this.kind = kind;
    this.text = this.#version.slice(this.#at, until);
    this.#at = until;
  }

  /** The characters from here on that fit. */
  #run(fits: (char: string) => boolean): string {
    let until = this.#at;
    for (let char = this.#version[until]; char !== undefined && fits(char); char = this.#version[until]) until++;
    return this.#version.slice(this.#at, until);
  }
}

function isDigit(char: string): boolean {
  return char >= '0' && char <= '9';
}

function isLower(char: string): boolean {
  return char >= 'a' && char <= 'z';
}

function isHex(char: string): boolean {
  return isDigit(char) || (char >= 'a' && char <= 'f') || (char >= 'A' && char <= 'F');
}
