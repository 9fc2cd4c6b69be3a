/** Longest text of a spreadsheet cell, in UTF-16 units as spreadsheets count. */
export const maxCellLength = 32_767;

/** Rows of one sheet, the header row among them. */
export const maxSheetRows = 1_048_576;

const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;
const formulaStart = /^[=+\-@|\t\r\n\uff1d\uff0b\uff0d\uff20\uff5c]/;

/**
 * Text that any UTF-8 reader takes: half surrogate pairs become U+FFFD, NUL goes, other control characters except tab,
 * CR and LF become visible escapes (`\u001b`).
 */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(control, (char) => (char === '\u0000' ? '' : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`));
}

/** Puts an apostrophe before text that a spreadsheet would run as a formula (product.md §6.3). Comes after cleaning. */
export function guardFormula(text: string): string {
  return formulaStart.test(text) ? `'${text}` : text;
}

/** Cuts a cell to what spreadsheets hold, with `…` as the visible mark; never inside a surrogate pair. */
export function cutCell(text: string): string {
  if (text.length <= maxCellLength) return text;
  const last = text.charCodeAt(maxCellLength - 2);
  const end = last >= 0xd800 && last <= 0xdbff ? maxCellLength - 2 : maxCellLength - 1;
  return `${text.slice(0, end)}…`;
}

/** ISO 8601 in UTC; years that have no such form are left to the number. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
