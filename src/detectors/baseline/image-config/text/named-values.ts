import { namesSecret } from '../../../secrets/tokens/assignments.ts';

/** A value that a text gives to a name. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  /** Where the value is in the text, without quotes. */
  readonly start: number;
  readonly end: number;
  /** Whether the name says that the value is to be kept secret. */
  readonly secret: boolean;
}

/** Longest name of a variable or option. */
const maxName = 128;
const nameCharacter = /[A-Za-z0-9_.-]/;
const sign = /[= ]/g;
const valueEnd = /[\s"';|&]/g;

/**
 * `NAME=value`, `NAME="value"`, `--option=value`, and for names of secrets also `--password value`, in order. Reads each
 * character once; quotes that do not end reach to the end of the text.
 */
export function namedValues(text: string): NamedValue[] {
  const found: NamedValue[] = [];
  for (let at = nextSign(text, 0); at >= 0; ) {
    const name = nameBefore(text, at);
    if (name === '') {
      at = nextSign(text, at + 1);
      continue;
    }
    const value = valueAfter(text, at + 1);
    const secret = namesSecret(name);
    if (text[at] === '=' || secret) found.push({ name, ...value, secret });
    at = nextSign(text, text[at] === '=' || secret ? Math.max(value.end, at + 1) : at + 1);
  }
  return found;
}

/** The next `=`, or the blank behind an option. */
function nextSign(text: string, from: number): number {
  sign.lastIndex = from;
  for (let found = sign.exec(text); found !== null; found = sign.exec(text)) {
    if (found[0] === '=' || optionBefore(text, found.index)) return found.index;
  }
  return -1;
}

function optionBefore(text: string, at: number): boolean {
  const start = wordStart(text, at);
  return text.startsWith('--', start) && at - start > 2;
}

function wordStart(text: string, at: number): number {
  let start = at;
  while (start > 0 && at - start < maxName && nameCharacter.test(text[start - 1] ?? '')) start--;
  return start;
}

function nameBefore(text: string, at: number): string {
  return text.slice(wordStart(text, at), at).replace(/^-+/, '');
}

function valueAfter(text: string, from: number): { value: string; start: number; end: number } {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const found = text.indexOf(quote, from + 1);
    const end = found < 0 ? text.length : found;
    return { value: text.slice(from + 1, end), start: from + 1, end };
  }
  valueEnd.lastIndex = from;
  const end = valueEnd.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end), start: from, end };
}
