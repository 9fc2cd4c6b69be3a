import { isCounted } from '../counts.ts';
import { packagesByPurl } from '../documents/packages.ts';
import { bySeverity, levelOfFinding, reachesThreshold } from '../levels.ts';
import { nameOfFinding, packageOfFinding, placeOfFinding } from '../naming.ts';
import { type Finding, isVulnerability, type ReportPackage, type ScannerName, type ScanReport } from '../report.ts';
import type { Evidence, Policy, RiskRule, RuleVerdict } from './contract.ts';

/** A finding as evidence against a rule. */
export function evidenceOf(finding: Finding, packages: ReadonlyMap<string, ReportPackage>): Evidence {
  const level = levelOfFinding(finding);
  if (!isVulnerability(finding)) {
    const purl = packageOfFinding(finding);
    const where = purl ?? (placeOfFinding(finding).path || 'the image');
    const id = nameOfFinding(finding);
    return { text: `${id}: ${finding.title} (${where})`, id, package: purl, severity: level };
  }
  const name = packages.get(finding.package)?.name ?? finding.package;
  const fix = finding.state === 'fixed' ? `, fixed in ${finding.fixedVersion ?? 'a later version'}` : '';
  const text = `${finding.id} (${level}) in ${name} ${finding.installedVersion}${fix}`;
  return { text, id: finding.id, package: finding.package, severity: level };
}

/** Nothing that is malicious may count. */
export function maliciousRule(report: ScanReport): RuleVerdict {
  const packages = packagesByPurl(report);
  const found = report.findings.filter((finding) => finding.kind === 'malicious' && isCounted(finding));
  const evidence = found.map((finding) => evidenceOf(finding, packages));
  return { rule: 'malicious', asks: 'nothing malicious', passed: evidence.length === 0, evidence };
}

/** Rules on secrets and checks. What was not looked for has not passed. */
export function riskRules({ sensitive, baseline }: Policy, report: ScanReport): RuleVerdict[] {
  return [
    ...(sensitive === null ? [] : [riskRule('sensitive', 'secret', 'secret', sensitive, report)]),
    ...(baseline === null ? [] : [riskRule('baseline', 'baseline', 'failed check', baseline, report)]),
  ];
}

function riskRule(
  kind: 'sensitive' | 'baseline',
  scanner: ScannerName,
  noun: string,
  { severity, max, except }: RiskRule,
  report: ScanReport,
): RuleVerdict {
  const amount = max === 0 ? 'no' : `at most ${max}`;
  const asks = `${amount} ${noun}${max > 1 ? 's' : ''} of ${severity}${severity === 'high' ? '' : ' or worse'}`;
  if (!report.scan.scanners.includes(scanner)) {
    const text = `this was not looked for: scan with --scanners vuln,${scanner}`;
    return { rule: kind, asks, passed: false, evidence: [{ text, id: null, package: null, severity: null }] };
  }
  const packages = packagesByPurl(report);
  const violating = report.findings
    .filter((finding) => finding.kind === kind && !except.includes(finding.id))
    .filter((finding) => reachesThreshold(finding, { level: severity, fixableOnly: false }))
    .toSorted(bySeverity);
  const evidence = violating.map((finding) => evidenceOf(finding, packages));
  return { rule: kind, asks, passed: violating.length <= max, evidence };
}
