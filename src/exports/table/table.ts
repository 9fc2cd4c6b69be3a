import type { ExportFormat } from '../contract.ts';
import { writeText } from '../write-text.ts';
import { renderScan } from './render-scan.ts';

/** The report for a person at a terminal: first the verdict, then the table, then what to do next. */
export const tableFormat: ExportFormat = {
  id: 'table',
  contentType: 'text/plain; charset=utf-8',
  extension: '.txt',
  write: (report, out, options) => writeText(out, renderScan(report, options)),
};
