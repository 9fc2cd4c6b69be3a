import type { FixState, VulnerabilityMatch } from '../advisories/index.ts';
import type { Ecosystem, InstalledPackage } from '../ecosystems/index.ts';
import type { ReportPackage, VulnerabilityFinding } from '../findings/index.ts';

/**
 * The findings of a report, sorted by kind, package and id: one per (vulnerability, package name, installed version),
 * so a package that is installed for two architectures counts once.
 */
export function toFindings(
  matches: readonly VulnerabilityMatch[],
  ecosystems: readonly Ecosystem[],
  endOfLife: boolean,
): VulnerabilityFinding[] {
  const kinds = new Map(ecosystems.flatMap(({ types, kind }) => types.map((type) => [type, kind] as const)));
  const sorted = matches.toSorted((a, b) => compareText(a.package.purl, b.package.purl) || compareText(a.id, b.id));
  const findings = new Map<string, VulnerabilityFinding>();
  for (const match of sorted) {
    const { package: pkg } = match;
    const grain = JSON.stringify([match.id, pkg.type, pkg.name, pkg.version]);
    if (findings.has(grain)) continue;
    const evidence = pkg.locations[0];
    findings.set(grain, {
      kind: kinds.get(pkg.type) ?? 'sca',
      id: match.id,
      aliases: match.aliases,
      package: pkg.purl,
      installedVersion: pkg.version,
      fixedVersion: match.fixedVersion,
      state: stateOf(match.state, endOfLife),
      severity: match.severity,
      kev: match.kev,
      epss: match.epss,
      priority: match.priority,
      priorityReason: match.priorityReason,
      title: match.title,
      layer: evidence?.layer ?? '',
      path: evidence?.path ?? '',
      ignored: null,
      match: match.match,
    });
  }
  return [...findings.values()].sort((a, b) => compareText(a.kind, b.kind));
}

/** A release without support gets no more fixes: what is unfixed there stays so (scanning.md §5.4). */
function stateOf(state: FixState, endOfLife: boolean): FixState {
  return endOfLife && state === 'unfixed' ? 'end_of_life' : state;
}

/** The inventory of a report, sorted by package URL. */
export function toReportPackages(packages: readonly InstalledPackage[]): ReportPackage[] {
  return packages
    .map(({ purl, type, name, version, arch, source, locations, ownedBy }) => ({
      ...{ purl, type, name, version, arch, source, ownedBy },
      locations: locations.map(({ path, layer }) => ({ path, layer })),
    }))
    .sort((a, b) => compareText(a.purl, b.purl) || compareText(a.locations[0]?.path ?? '', b.locations[0]?.path ?? ''));
}

/** By code units, so that no locale changes a report. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
