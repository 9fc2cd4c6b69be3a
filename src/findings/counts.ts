import type { Finding, LevelCounts, ScanReport, SeverityCounts, VulnerabilityFinding } from './report.ts';

/**
 * The counting rules of every number that Drydock shows (spec report.md): findings that are neither ignored nor
 * `unimportant`, one per (vulnerability, package name, installed version). `negligible` counts as low.
 */
function countSeverities(findings: readonly Finding[], kind: VulnerabilityFinding['kind']): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  for (const finding of findings) {
    if (finding.kind === 'malicious' || finding.kind !== kind || !isCounted(finding)) continue;
    const { level } = finding.severity;
    counts[level === 'negligible' ? 'low' : level]++;
    counts.total++;
    if (finding.state === 'fixed') counts.fixable++;
  }
  return counts;
}

function countMalicious(findings: readonly Finding[]): ScanReport['counts']['malicious'] {
  const counts = { serious: 0, suspicious: 0, remind: 0, total: 0 };
  for (const finding of findings) {
    if (finding.kind !== 'malicious' || !isCounted(finding)) continue;
    counts[finding.level]++;
    counts.total++;
  }
  return counts;
}

/** Whether a finding counts, as opposed to being only listed. */
export function isCounted(finding: Finding): boolean {
  return finding.ignored === null && (finding.kind === 'malicious' || finding.state !== 'unimportant');
}

/** All counts of a report; detectors that do not run yet count nothing. */
export function countFindings(findings: readonly Finding[]): ScanReport['counts'] {
  const none: LevelCounts = { high: 0, medium: 0, low: 0, total: 0 };
  return {
    cve: countSeverities(findings, 'cve'),
    sca: countSeverities(findings, 'sca'),
    baseline: none,
    malicious: countMalicious(findings),
    sensitive: none,
  };
}
