import type { ScanReport } from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';

/** The lines of the scan table. */
export function* renderScan(report: ScanReport, _options: ExportOptions): Generator<string> {
  yield `${report.image.reference}\n`;
  yield `${report.counts.cve.total} vulnerabilities, ${report.counts.cve.fixable} fixable\n`;
}
