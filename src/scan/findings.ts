import type { FixState, MaliciousMatch, VulnerabilityMatch } from '../advisories/index.ts';
import type { Ecosystem, InstalledPackage } from '../ecosystems/index.ts';
import type { MaliciousFinding, ReportPackage, VulnerabilityFinding } from '../findings/index.ts';
import { compareText } from '../kernel/index.ts';

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
      ...(match.reachability && { reachability: match.reachability }),
    });
  }
  return [...findings.values()].sort((a, b) => compareText(a.kind, b.kind));
}

/** Packages that are themselves malicious, as findings of the rule MW-15; sorted by package and record. */
export function toMaliciousFindings(matches: readonly MaliciousMatch[]): MaliciousFinding[] {
  const sorted = matches.toSorted((a, b) => compareText(a.package.purl, b.package.purl) || compareText(a.id, b.id));
  return sorted.map(({ id, package: pkg, title }) => ({
    ...{ kind: 'malicious', id: 'MW-15', key: 'MALPKG_IMG', level: 'serious', engine: 'advisories', rule: id },
    title: title ?? `${pkg.name} ${pkg.version} is a malicious package`,
    path: pkg.locations[0]?.path ?? '',
    layer: pkg.locations[0]?.layer ?? '',
    ...{
      md5: null,
      sha256: null,
      size: null,
      matches: [],
      excerpt: null,
      ruleNumber: null,
      family: null,
      member: null,
    },
    ...{ package: pkg.purl, owner: pkg.ownedBy, present: true, inBase: false, uncounted: null, ignored: null },
  }));
}

/** A release without support gets no more fixes: what is unfixed there stays so (scanning.md §5.4). */
function stateOf(state: FixState, endOfLife: boolean): FixState {
  return endOfLife && state === 'unfixed' ? 'end_of_life' : state;
}

/** The inventory of a report, sorted by package URL. */
export function toReportPackages(packages: readonly InstalledPackage[]): ReportPackage[] {
  return packages
    .map(({ purl, type, name, version, arch, source, locations, ownedBy, scope, confidence, guessed }) => ({
      ...{ purl, type, name, version, arch, source, ownedBy },
      locations: locations.map(({ path, layer }) => ({ path, layer })),
      ...{ scope: scope ?? 'installed', confidence: confidence ?? 'high', guessed: guessed ?? false },
    }))
    .sort((a, b) => compareText(a.purl, b.purl) || compareText(a.locations[0]?.path ?? '', b.locations[0]?.path ?? ''));
}
