import type { SeverityLevel } from '../advisories/index.ts';
import { compareText } from '../kernel/index.ts';
import { isCounted } from './counts.ts';
import { nameOfFinding, packageOfFinding, placeOfFinding } from './naming.ts';
import { type Finding, isVulnerability } from './report.ts';
import type { MaliciousFinding } from './risk-findings.ts';

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
  if (isVulnerability(finding)) return finding.severity.level;
  return finding.kind === 'malicious' ? maliciousLevels[finding.level] : finding.level;
}

/** When findings are too severe. */
export interface Threshold {
  readonly level: SeverityLevel;
  /** Count only vulnerabilities with a published fix. Other risks count either way: whoever built the image can end them. */
  readonly fixableOnly: boolean;
}

/** Whether a finding counts and is at the threshold or worse. */
export function reachesThreshold(finding: Finding, { level, fixableOnly }: Threshold): boolean {
  return (
    isCounted(finding) &&
    (!fixableOnly || !isVulnerability(finding) || finding.state === 'fixed') &&
    levelsWorstFirst.indexOf(levelOfFinding(finding)) <= levelsWorstFirst.indexOf(level)
  );
}

const kindsWorstFirst: readonly Finding['kind'][] = ['malicious', 'sensitive', 'cve', 'sca', 'baseline'];

/** Malicious first, then secrets, vulnerabilities of all packages, and the baseline. */
function rankOfKind(finding: Finding): number {
  return kindsWorstFirst.indexOf(finding.kind === 'sca' ? 'cve' : finding.kind);
}

/** Order of two findings for people: by kind, then by severity, known exploitation, name and place. */
export function bySeverity(a: Finding, b: Finding): number {
  const kind = rankOfKind(a) - rankOfKind(b);
  const level = levelsWorstFirst.indexOf(levelOfFinding(a)) - levelsWorstFirst.indexOf(levelOfFinding(b));
  const kev = Number(isVulnerability(b) && b.kev) - Number(isVulnerability(a) && a.kev);
  return kind || level || kev || compareText(nameOfFinding(a), nameOfFinding(b)) || compareText(subject(a), subject(b));
}

function subject(finding: Finding): string {
  return packageOfFinding(finding) ?? placeOfFinding(finding).path;
}
