import type { SeverityLevel } from '../advisories/index.ts';
import { isCounted } from './counts.ts';
import type { Finding, MaliciousFinding } from './report.ts';

/** Worst first. Unknown is last: it fails only a threshold that names it. */
export const levelsWorstFirst: readonly SeverityLevel[] = [
  'critical',
  'high',
  'medium',
  'low',
  'negligible',
  'unknown',
];

const maliciousLevels: Readonly<Record<MaliciousFinding['level'], SeverityLevel>> = {
  serious: 'critical',
  suspicious: 'high',
  remind: 'low',
};

/** The severity of a finding of any kind, for thresholds, order and documents that know one scale only. */
export function levelOfFinding(finding: Finding): SeverityLevel {
  return finding.kind === 'malicious' ? maliciousLevels[finding.level] : finding.severity.level;
}

/** When findings are too severe. */
export interface Threshold {
  readonly level: SeverityLevel;
  /** Count only what has a published fix. What is malicious counts either way: it is removed, not upgraded. */
  readonly fixableOnly: boolean;
}

/** Whether a finding counts and is at the threshold or worse. */
export function reachesThreshold(finding: Finding, { level, fixableOnly }: Threshold): boolean {
  return (
    isCounted(finding) &&
    (!fixableOnly || finding.kind === 'malicious' || finding.state === 'fixed') &&
    levelsWorstFirst.indexOf(levelOfFinding(finding)) <= levelsWorstFirst.indexOf(level)
  );
}

/** Order of two findings for people: malicious first, then by severity, known exploitation, id and package. */
export function bySeverity(a: Finding, b: Finding): number {
  const malicious = Number(b.kind === 'malicious') - Number(a.kind === 'malicious');
  const level = levelsWorstFirst.indexOf(levelOfFinding(a)) - levelsWorstFirst.indexOf(levelOfFinding(b));
  const kev = Number(b.kind !== 'malicious' && b.kev) - Number(a.kind !== 'malicious' && a.kev);
  return malicious || level || kev || compareText(a.id, b.id) || compareText(a.package ?? a.path, b.package ?? b.path);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
