/** Longest version that is looked at. */
const maxLength = 256;

/** A place in a text that is read from left to right; nothing is looked at twice. */
class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get atEnd(): boolean {
    return this.at === this.text.length;
  }

  /** Up to `max` digits; empty when there is none. */
  digits(max: number): string {
    const start = this.at;
    while (this.at - start < max && isDigit(this.text.charCodeAt(this.at))) this.at++;
    return this.text.slice(start, this.at);
  }

  /** One of the characters, if it is next. */
  oneOf(characters: string): boolean {
    const char = this.text[this.at];
    const found = char !== undefined && characters.includes(char);
    if (found) this.at++;
    return found;
  }

  /** A character and then digits, or nothing. */
  digitsAfter(characters: string, min: number, max: number): string | undefined {
    const start = this.at;
    this.oneOf(characters);
    const digits = this.digits(max);
    if (digits.length >= min) return digits;
    this.at = start;
    return undefined;
  }

  /** The word, in any case, if it is next: as it is written. */
  word(word: string): string | undefined {
    const found = this.text.slice(this.at, this.at + word.length);
    if (found.toLowerCase() !== word) return undefined;
    this.at += word.length;
    return found;
  }
}

/**
 * Numbers and words of Composer's normal form of a version, `1.0.0.0-beta2` for example: four numbers, or those of a
 * date, then the stability.
 * @returns undefined for what Composer takes for no version, and for branches.
 */
export function normaliseVersion(version: string): readonly string[] | undefined {
  if (version.length > maxLength) return undefined;
  const trimmed = version.trim();
  const plus = trimmed.indexOf('+');
  // Build metadata does not count; an empty one is none.
  if (plus === 0 || plus === trimmed.length - 1 || /\s/.test(trimmed)) return undefined;
  const text = plus < 0 ? trimmed : trimmed.slice(0, plus);
  if (text.includes(',')) return undefined;
  const start = /^v/i.test(text) ? 1 : 0;
  return classical(text, start) ?? dated(text, start);
}

function classical(text: string, start: number): readonly string[] | undefined {
  const scanner = new Scanner(text);
  scanner.at = start;
  const first = scanner.digits(5);
  if (first === '') return undefined;
  const numbers = [first];
  while (numbers.length < 4 && scanner.text[scanner.at] === '.') {
    const next = scanner.digitsAfter('.', 1, maxLength);
    if (next === undefined) break;
    numbers.push(next);
  }
  while (numbers.length < 4) numbers.push('0');
  return withStability(scanner, numbers);
}

/** Four digits, one to six times two digits, then perhaps up to three, with separators or without. */
function dated(text: string, start: number): readonly string[] | undefined {
  const scanner = new Scanner(text);
  scanner.at = start;
  if (scanner.digits(4).length < 4) return undefined;
  let pairs = 0;
  while (pairs < 6 && scanner.digitsAfter('.:-', 2, 2) !== undefined) pairs++;
  if (pairs === 0) return undefined;
  scanner.digitsAfter('.:-', 1, 3);
  const numbers = text.slice(start, scanner.at).split(/[.:-]/);
  return withStability(scanner, numbers);
}

/** Longest first, where one begins another. */
const stabilities = ['stable', 'beta', 'b', 'rc', 'alpha', 'a', 'patch', 'pl', 'p'] as const;
const fullWords: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', p: 'patch', pl: 'patch', rc: 'RC' };

function withStability(scanner: Scanner, numbers: string[]): readonly string[] | undefined {
  const parts = [...numbers];
  scanner.oneOf('._-');
  let written: string | undefined;
  for (const word of stabilities) {
    written = scanner.word(word);
    if (written !== undefined) break;
  }
  if (written !== undefined) {
    const word = written.toLowerCase();
    parts.push(fullWords[word] ?? word);
    for (let next = scanner.digitsAfter('.-', 1, maxLength); next !== undefined; ) {
      parts.push(next);
      next = scanner.digitsAfter('.-', 1, maxLength);
    }
  }
  const before = scanner.at;
  scanner.oneOf('.-');
  const isDev = scanner.word('dev') !== undefined;
  if (!isDev) scanner.at = before;
  if (!scanner.atEnd) return undefined;
  // Only the word in lower case is the release itself, with whatever follows.
  if (written === 'stable') return numbers;
  return isDev ? [...parts, 'dev'] : parts;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
