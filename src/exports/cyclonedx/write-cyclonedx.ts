import type { Writable } from 'node:stream';
import { buildCycloneDx, type ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { selectReport } from '../select.ts';
import { writeJson } from '../write-json.ts';

/** Writes CycloneDX 1.6: bill of materials with vulnerabilities. */
export async function writeCycloneDx(report: ScanReport, out: Writable, options: ExportOptions): Promise<void> {
  await writeJson(out, buildCycloneDx(selectReport(report, options), { packagesOnly: options.packagesOnly ?? false }));
}
