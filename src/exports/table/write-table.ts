import type { Writable } from 'node:stream';
import type { ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { writeText } from '../write-text.ts';
import { renderScan } from './render-scan.ts';

/** Writes the report for a person at a terminal: first the verdict, then the table, then what to do next. */
export async function writeTable(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeText(out, renderScan(report, options));
}
