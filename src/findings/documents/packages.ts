import type { ReportPackage, ScanReport, VulnerabilityFinding } from '../report.ts';

/** The packages of a report by purl, for findings that name them. */
export function packagesByPurl(report: ScanReport): ReadonlyMap<string, ReportPackage> {
  return new Map(report.packages.map((pkg) => [pkg.purl, pkg]));
}

/** What people call the thing to upgrade: the source package where there is one. */
export function upgradeName(finding: VulnerabilityFinding, packages: ReadonlyMap<string, ReportPackage>): string {
  const pkg = packages.get(finding.package);
  if (pkg === undefined) return finding.package;
  return finding.match.on === 'source' ? (pkg.source?.name ?? pkg.name) : pkg.name;
}

/** Groups values by a key, in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const name = key(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
