import type { CellFormat, CellValue, ExportColumn } from './contract.ts';
import { cleanText, cutCell, guardFormula, isoTime } from './text.ts';

/** RFC 4180 with CRLF. `raw` leaves formulas and long cells as they are, for machines. */
export function csvCells(raw: boolean): CellFormat {
  const safe = (text: string): string => (raw ? cleanText(text) : cutCell(guardFormula(cleanText(text))));
  return {
    rowStart: '',
    separator: ',',
    rowEnd: '\r\n',
    cell: (column, value) => quote(plainText(column, value, safe)),
  };
}

/** One JSON object a line with every selected column, unknown values as null. Nothing is cut or guarded. */
export const jsonCells: CellFormat = {
  rowStart: '{',
  separator: ',',
  rowEnd: '}\n',
  cell: (column, value) => `${JSON.stringify(column.name)}:${JSON.stringify(jsonValue(column, value))}`,
};

/** Header line of CSV. */
export function csvHeader(columns: readonly Pick<ExportColumn, 'name'>[]): string {
  return `${columns.map(({ name }) => quote(name)).join(',')}\r\n`;
}

function plainText(column: Pick<ExportColumn, 'type'>, value: CellValue, safe: (text: string) => string): string {
  if (value === null) return '';
  if (typeof value === 'string') return safe(value);
  if (typeof value === 'object') return safe(value.join(';'));
  return column.type === 'time' ? isoTime(Number(value)) : String(value);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonValue(column: Pick<ExportColumn, 'type'>, value: CellValue): CellValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (value !== null && typeof value === 'object') return value.map((text) => text.toWellFormed());
  return column.type === 'time' && value !== null ? isoTime(Number(value)) : value;
}
