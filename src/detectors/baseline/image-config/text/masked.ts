import { cut, maskText } from '../../../mask.ts';
import { secretsInText } from '../../../secrets/text.ts';
import { namedValues } from './named-values.ts';

/** A place in a text, in UTF-16 units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/**
 * An instruction or a setting for evidence, in one line: values of rules for secrets, everything that is called a password
 * and the password in a URL are masked, whether or not they look real. Looks at the whole text before it is cut: half a
 * secret at the end would not be known as one.
 */
export function maskedLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const ranges = maskedRanges(line);
  return ranges.length === 0 ? cut(line) : maskText(line, ranges);
}

/** What is kept in front of a range that is shown, and behind it. */
const around = { before: 100, after: 60 };

/** The surroundings of one range of a text, masked as `maskedLine` does. The range itself is always masked. */
export function maskedAround(text: string, shown: TextRange): string {
  const ranges = joined([shown, ...maskedRanges(text)]);
  let from = Math.max(0, shown.start - around.before);
  let to = Math.min(text.length, shown.end + around.after);
  // No secret is cut in two.
  for (const { start, end } of ranges) {
    if (start < from && end > from) from = start;
    if (start < to && end > to) to = end;
  }
  const inside = ranges
    .filter(({ start, end }) => start >= from && end <= to)
    .map(({ start, end }) => ({ start: start - from, end: end - from }));
  return maskText(text.slice(from, to), inside).replace(/\s+/g, ' ');
}

function maskedRanges(text: string): TextRange[] {
  return joined([
    ...secretsInText(text),
    ...namedValues(text).filter(({ secret, end, start }) => secret && end > start),
    ...credentialsInUrls(text),
  ]);
}

/** Ranges in order, those that overlap as one. */
function joined(ranges: readonly TextRange[]): TextRange[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}

/** The password of `https://user:password@host/`. */
function credentialsInUrls(text: string): TextRange[] {
  return [...text.matchAll(/:\/\/[^\s/@:]{0,200}:([^\s/@]{1,500})@/g)].map(({ index, 0: whole, 1: password = '' }) => {
    const end = index + whole.length - 1;
    return { start: end - password.length, end };
  });
}
