import { isCounted } from '../counts.ts';
import { packagesByPurl } from '../documents/packages.ts';
import { bySeverity, levelOfFinding } from '../levels.ts';
import { aliasesOfFinding, packageOfFinding } from '../naming.ts';
import { type Finding, isVulnerability, type ScanReport } from '../report.ts';
import { comparePackages, versionsOf } from './compare-packages.ts';
import type { ChangeReason, ComparedFinding, ComparedImage, LevelTotals, ReportComparison } from './contract.ts';
import { comparedName, SameFinding, type Subject, subjectOf } from './subjects.ts';

/** One vulnerability of one package name in one report. */
interface Entry {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly subject: Subject;
  readonly findings: readonly Finding[];
  readonly counted: readonly Finding[];
}

/**
 * Compares two reports: packages by name, findings by id or alias on a package name. Introduced and fixed are findings
 * that count on one side and are not there at all on the other; how the two images came to be plays no part.
 */
export function compareReports(before: ScanReport, after: ScanReport, toolVersion: string): ReportComparison {
  const [packagesBefore, packagesAfter] = [versionsOf(before), versionsOf(after)];
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const sameInOld = index(old);
  const sameInNow = index(now);
  const introduced: ReportComparison['findings']['introduced'][number][] = [];
  const fixed: ReportComparison['findings']['fixed'][number][] = [];
  const unchanged: ComparedFinding[] = [];
  const dismissed: ComparedFinding[] = [];
  for (const entry of now) {
    if (entry.counted.length === 0) continue;
    const same = [...sameInOld.find(entry.id, entry.aliases, entry.subject)];
    if (same.length > 0) unchanged.push(toCompared(entry, same, [entry]));
    else introduced.push({ ...toCompared(entry, [], [entry]), why: reason(entry, packagesBefore, packagesAfter) });
  }
  for (const entry of old) {
    if (entry.counted.length === 0) continue;
    const same = [...sameInNow.find(entry.id, entry.aliases, entry.subject)];
    if (same.length === 0) {
      fixed.push({ ...toCompared(entry, [entry], []), why: reason(entry, packagesBefore, packagesAfter) });
    } else if (same.every(({ counted }) => counted.length === 0)) dismissed.push(toCompared(entry, [entry], same));
  }
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: toolVersion },
    before: sideOf(before),
    after: sideOf(after),
    packages: comparePackages(packagesBefore, packagesAfter),
    counts: {
      introduced: totals(introduced),
      fixed: totals(fixed),
      unchanged: totals(unchanged),
      dismissed: totals(dismissed),
    },
    findings: { introduced, fixed, unchanged },
  };
}

function entriesOf(report: ScanReport): readonly Entry[] {
  const packages = packagesByPurl(report);
  const groups = new Map<string, { id: string; subject: Subject; findings: Finding[] }>();
  for (const finding of report.findings.toSorted(bySeverity)) {
    const subject = subjectOf(finding, packages);
    const id = comparedName(finding);
    const key = JSON.stringify([
      isVulnerability(finding) ? 'vulnerability' : finding.kind,
      id,
      subject.type,
      subject.name,
    ]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { id, subject, findings: [finding] });
    else group.findings.push(finding);
  }
  return [...groups.values()].map((group) => ({
    ...group,
    aliases: [...new Set(group.findings.flatMap(aliasesOfFinding))],
    counted: group.findings.filter(isCounted),
  }));
}

function index(entries: readonly Entry[]): SameFinding<Entry> {
  const found = new SameFinding<Entry>();
  for (const entry of entries) found.add(entry, entry.id, entry.aliases, entry.subject);
  return found;
}

function toCompared(entry: Entry, before: readonly Entry[], after: readonly Entry[]): ComparedFinding {
  const { id, aliases, subject, counted } = entry;
  // Sorted by severity, and never empty: only what counts is compared.
  const worst = counted[0] as Finding;
  const vulnerabilities = counted.filter(isVulnerability);
  return {
    kind: worst.kind,
    id,
    aliases,
    package: { type: subject.type, name: subject.name },
    before: versions(before),
    after: versions(after),
    severity: levelOfFinding(worst),
    fixable: vulnerabilities.some(({ state }) => state === 'fixed'),
    kev: vulnerabilities.some(({ kev }) => kev),
    title: worst.title,
  };
}

function versions(entries: readonly Entry[]): string[] {
  const all = entries.flatMap(({ findings }) => findings.map(versionOf));
  return [...new Set(all.filter((version) => version !== ''))].sort();
}

function versionOf(finding: Finding): string {
  if (isVulnerability(finding)) return finding.installedVersion;
  const purl = packageOfFinding(finding);
  const version = /@([^?#@]*)/.exec(purl?.slice(purl.lastIndexOf('@')) ?? '')?.[1] ?? '';
  try {
    return decodeURIComponent(version);
  } catch {
    return version;
  }
}

function reason(
  { subject }: Entry,
  before: ReturnType<typeof versionsOf>,
  after: ReturnType<typeof versionsOf>,
): ChangeReason {
  const key = JSON.stringify([subject.type, subject.name]);
  const [old, now] = [before.get(key), after.get(key)];
  if (old === undefined && now !== undefined) return 'package_added';
  if (old !== undefined && now === undefined) return 'package_removed';
  if (old === undefined || now === undefined) return 'other';
  return old.versions.symmetricDifference(now.versions).size > 0 ? 'package_changed' : 'same_package';
}

function sideOf({ image, scan, advisories }: ScanReport): ComparedImage {
  const { reference, digest, platform } = image;
  return { reference, digest, platform, finishedAt: scan.finishedAt, state: scan.state, snapshot: advisories.snapshot };
}

function totals(findings: readonly ComparedFinding[]): LevelTotals {
  const numbers = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0 };
  for (const { severity } of findings) {
    numbers[severity === 'negligible' ? 'low' : severity]++;
    numbers.total++;
  }
  return numbers;
}
