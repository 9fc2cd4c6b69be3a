import {
  type Finding,
  isVulnerability,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../findings/index.ts';
import type { ExportOptions } from './contract.ts';

/** The vulnerabilities that the options let through, in the order of the report. */
export function selectFindings(report: ScanReport, options: ExportOptions): readonly VulnerabilityFinding[] {
  const levels = options.severity === undefined ? undefined : new Set(options.severity);
  return vulnerabilitiesIn(report).filter(
    (finding) =>
      (levels === undefined || levels.has(finding.severity.level)) &&
      (options.onlyFixable !== true || finding.state === 'fixed'),
  );
}

/** The report with only those findings listed; its counts still describe the whole image. */
export function selectReport(report: ScanReport, options: ExportOptions): ScanReport {
  if (options.severity === undefined && options.onlyFixable !== true) return report;
  const kept = new Set<Finding>(selectFindings(report, options));
  const levels = options.severity === undefined ? undefined : new Set(options.severity);
  // What is malicious has neither level nor fix: no filter hides it. Other risks have no fix to ask for.
  const findings = report.findings.filter((finding) =>
    isVulnerability(finding)
      ? kept.has(finding)
      : finding.kind === 'malicious' || levels === undefined || levels.has(finding.level),
  );
  return { ...report, findings };
}
