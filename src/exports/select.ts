import type { Finding, ScanReport } from '../findings/index.ts';
import type { ExportOptions } from './contract.ts';

/** The findings that the options let through, in the order of the report. */
export function selectFindings(report: ScanReport, options: ExportOptions): readonly Finding[] {
  const levels = options.severity === undefined ? undefined : new Set(options.severity);
  return report.findings.filter(
    (finding) =>
      (levels === undefined || levels.has(finding.severity.level)) &&
      (options.onlyFixable !== true || finding.state === 'fixed'),
  );
}

/** The report with only those findings listed; its counts still describe the whole image. */
export function selectReport(report: ScanReport, options: ExportOptions): ScanReport {
  if (options.severity === undefined && options.onlyFixable !== true) return report;
  return { ...report, findings: selectFindings(report, options) };
}
