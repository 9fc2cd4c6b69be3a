/** What must not reach a receiver: control characters, and those that turn or hide text. */
const unfit = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** One line without control and direction characters, of at most `most` characters. */
export function plainLine(text: string, most: number): string {
  return cut(
    text
      .slice(0, most * 8)
      .replace(unfit, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  );
}

/** At most `most` characters; a cut is shown. */
export function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, Math.max(0, most - 1)).join('')}…`;
}

/**
 * Keeps an address from becoming a link: clients make links of what looks like one, whatever the format says. A full-width
 * colon or stop is read like the plain one and is none.
 */
export function unlinked(text: string): string {
  return text.replace(/:(?=\/\/)/g, '：').replace(/\bwww\./gi, 'www．');
}

const wide: Readonly<Record<string, string>> = {
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '*': '＊',
  '`': '｀',
  '#': '＃',
  '\\': '＼',
  '~': '～',
  '|': '｜',
  '&': '＆',
  '@': '＠',
};

/**
 * Text that is no markup in the Markdown of chat services. None of them documents how to escape, and they differ in what they
 * take a backslash for, so what could begin markup or a mention is replaced by its full-width twin.
 * Underscores stay inside of words, where they mean nothing: names of images and packages are full of them.
 */
export function unmarked(text: string): string {
  return unlinked(text)
    .replace(/[[\]<>*`#\\~|&@]/g, (character) => wide[character] ?? character)
    .replace(/(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, (underscores) => '＿'.repeat(underscores.length));
}

/** Lines that fit; the last one says how many items are missing. */
export interface Fitted {
  readonly lines: readonly string[];
  readonly left: number;
}

/**
 * As many lines as fit into `room`, together with a closing line when any is left out.
 * @param size what a line takes, its line break included
 */
export function fitLines(lines: readonly string[], more: number, room: number, size: (line: string) => number): Fitted {
  const closing = size(moreText(999_999_999));
  const shown: string[] = [];
  let used = 0;
  for (const [index, line] of lines.entries()) {
    const rest = lines.length - index - 1 + more;
    if (used + size(line) + (rest > 0 ? closing : 0) > room) break;
    shown.push(line);
    used += size(line);
  }
  const left = lines.length - shown.length + more;
  return { lines: left > 0 ? [...shown, moreText(left)] : shown, left };
}

/** What stands for items that are not shown. */
export function moreText(n: number): string {
  return `… and ${n} more`;
}

/** Length in UTF-8 of a line with its line break. */
export function lineBytes(line: string): number {
  return Buffer.byteLength(line) + 1;
}
