/**
 * Characters that a terminal obeys or hides instead of showing: controls (escape sequences start with one), invisible
 * and direction-changing characters, lone surrogates, line and paragraph separators.
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Foreign text for a terminal, visible and without effect: every unsafe character is shown as its escape (`\x1b`,
 * `\u202e`). Longer text is cut with `…`; the limit counts characters before escaping.
 */
export function terminalText(text: string, limit = 1000): string {
  const cut = text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  return cut.replace(unsafe, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** Columns that safe text takes: combining marks none, East Asian wide characters and emoji two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x300) width++;
    else if (!/\p{M}/u.test(char)) width += isWide(code) ? 2 : 1;
  }
  return width;
}

/** Cuts safe text to a number of columns, with `…` as the last of them. */
export function fitText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let result = '';
  let width = 0;
  for (const char of text) {
    width += textWidth(char);
    if (width > columns - 1) break;
    result += char;
  }
  return columns > 0 ? `${result}…` : '';
}

/**
 * Breaks safe text at blanks into lines of at most so many columns; a longer word is cut, and what does not fit into
 * the last line ends with `…`.
 */
export function wrapText(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && lines.length < most - 1 && textWidth(longer) > columns) {
      lines.push(fitText(line, columns));
      line = word;
    } else line = longer;
  }
  return [...lines, fitText(line, columns)];
}

/** Fills safe text up to a number of columns; numbers go to the right. */
export function padText(text: string, columns: number, side: 'left' | 'right' = 'left'): string {
  const fill = ' '.repeat(Math.max(0, columns - textWidth(text)));
  return side === 'left' ? text + fill : fill + text;
}

/** Blocks of the Unicode East Asian Width table with the value W or F. */
const wide: readonly (readonly [from: number, to: number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];

function isWide(code: number): boolean {
  return wide.some(([from, to]) => code >= from && code <= to);
}
