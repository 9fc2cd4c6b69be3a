import type { Writable } from 'node:stream';
import { documentText, type ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import type { CellValue } from '../rows/contract.ts';
import { csvCells, csvHeader } from '../rows/delimited.ts';
import { selectReport } from '../select.ts';
import { writeText } from '../write-text.ts';
import { csvColumns, csvFacts } from './columns.ts';

/** Writes one row per finding: UTF-8 with a byte-order mark, RFC 4180, formulas made harmless for spreadsheets. */
export async function writeCsv(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeText(out, lines(selectReport(report, options), options.continued === true));
}

function* lines(report: ScanReport, continued: boolean): Generator<string> {
  if (!continued) yield `\ufeff${csvHeader(csvColumns)}`;
  const { separator, rowEnd, cell } = csvCells(false);
  for (const facts of csvFacts(report)) {
    yield csvColumns.map((column) => cell(column, plain(column.value(facts)))).join(separator) + rowEnd;
  }
}

/** One line without direction overrides: spreadsheets show them as they are. */
function plain(value: CellValue): CellValue {
  if (typeof value === 'string') return documentText(value);
  return value !== null && typeof value === 'object' ? value.map((text) => documentText(text)) : value;
}
