import type { CellFormat, ExportColumn } from './contract.ts';
import { cleanText, cutCell, isoTime } from './text.ts';

/**
 * Cells of a worksheet: typed inline strings in a style with `quotePrefix`, so that no reader takes text for a formula;
 * numbers and booleans typed. Positions of cells are left out, as SpreadsheetML allows.
 */
export const sheetCells: CellFormat = {
  rowStart: '<row>',
  separator: '',
  rowEnd: '</row>',
  cell(column, value) {
    if (value === null || value === '') return '<c/>';
    if (typeof value === 'string') return textCell(value);
    if (typeof value === 'object') return value.length === 0 ? '<c/>' : textCell(value.join(';'));
    if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
    if (column.type === 'time') return textCell(isoTime(value));
    return Number.isFinite(value) ? `<c><v>${value}</v></c>` : textCell(String(value));
  },
};

/** First row of every sheet. */
export function sheetHeader(columns: readonly ExportColumn[]): string {
  return `<row>${columns.map(({ name }) => textCell(name)).join('')}</row>`;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function textCell(text: string): string {
  const safe = cutCell(cleanText(text))
    // Readers turn `_x000A_` into the character; the underscore of a literal one is written as an escape itself.
    .replace(/_(?=x[0-9a-fA-F]{4}_)/g, '_x005F_')
    .replace(/[&<>\r]/g, (char) => escapes[char] ?? char);
  return `<c t="inlineStr" s="1"><is><t xml:space="preserve">${safe}</t></is></c>`;
}

/** Start of a worksheet, up to its first row. */
export const sheetStart =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>';

/** End of a worksheet. */
export const sheetEnd = '</sheetData></worksheet>';

/** The parts of a workbook that do not depend on rows, by path, in the order in which they are written. */
export function workbookParts(sheets: readonly string[]): readonly (readonly [string, string])[] {
  const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const packaging = 'http://schemas.openxmlformats.org/package/2006';
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const each = (write: (name: string, number: number) => string): string =>
    sheets.map((name, index) => write(name, index + 1)).join('');
  return [
    [
      '[Content_Types].xml',
      `${head}<Types xmlns="${packaging}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/>${each((_, n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${type}.worksheet+xml"/>`)}</Types>`,
    ],
    [
      '_rels/.rels',
      `${head}<Relationships xmlns="${packaging}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${head}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each((name, n) => `<sheet name="${name}" sheetId="${n}" r:id="rId${n}"/>`)}</sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${head}<Relationships xmlns="${packaging}/relationships">${each((_, n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}<Relationship Id="rId${sheets.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${head}<styleSheet xmlns="${main}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf xfId="0"/><xf xfId="0" quotePrefix="1" numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
  ];
}
