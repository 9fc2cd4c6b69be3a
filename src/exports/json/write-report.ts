import type { Writable } from 'node:stream';
import type { ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** Writes the scan report itself (docs/api/report.schema.json). */
export async function writeReport(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeJson(out, selectReport(report, options));
}
