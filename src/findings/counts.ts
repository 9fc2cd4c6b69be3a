import type { Finding, LevelCounts, ScanReport, SeverityCounts, VulnerabilityFinding } from './report.ts';

/**
 * The counting rules of every number that Drydock shows (spec report.md, risks.md §1): findings that are not ignored, nor
 * listed for information only. `negligible` counts as low.
 */
export function isCounted(finding: Finding): boolean {
  if (finding.ignored !== null) return false;
  switch (finding.kind) {
    case 'malicious':
      return finding.uncounted === null;
    case 'baseline':
      // Who builds on an image cannot change its instructions.
      return finding.axis === 'baseline' || !finding.inBase;
    case 'sensitive':
      return true;
    default:
      return finding.state !== 'unimportant';
  }
}

/** All counts of a report. */
export function countFindings(findings: readonly Finding[]): ScanReport['counts'] {
  const counted = findings.filter(isCounted);
  const baseline = counted.filter((finding) => finding.kind === 'baseline');
  return {
    cve: countSeverities(counted, 'cve'),
    sca: countSeverities(counted, 'sca'),
    baseline: countLevels(baseline.filter(({ axis }) => axis === 'baseline')),
    instruction: countLevels(baseline.filter(({ axis }) => axis === 'instruction')),
    malicious: countMalicious(counted),
    sensitive: countLevels(counted.filter((finding) => finding.kind === 'sensitive')),
  };
}

function countSeverities(counted: readonly Finding[], kind: VulnerabilityFinding['kind']): SeverityCounts {
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  for (const finding of counted) {
    if (finding.kind !== kind) continue;
    const { level } = finding.severity;
    counts[level === 'negligible' ? 'low' : level]++;
    counts.total++;
    if (finding.state === 'fixed') counts.fixable++;
  }
  return counts;
}

function countLevels(counted: readonly { readonly level: keyof Omit<LevelCounts, 'total'> }[]): LevelCounts {
  const counts = { high: 0, medium: 0, low: 0, total: 0 };
  for (const { level } of counted) {
    counts[level]++;
    counts.total++;
  }
  return counts;
}

function countMalicious(counted: readonly Finding[]): ScanReport['counts']['malicious'] {
  const counts = { serious: 0, suspicious: 0, remind: 0, total: 0 };
  for (const finding of counted) {
    if (finding.kind !== 'malicious') continue;
    counts[finding.level]++;
    counts.total++;
  }
  return counts;
}
