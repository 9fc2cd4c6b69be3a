import type { FixFinding, Outcome } from '../ecosystems/index.ts';
import {
  type ReportPackage,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../findings/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { FixSelection } from './contract.ts';

/** One requested (vulnerability, package, installed version) of one platform; ends in exactly one outcome. */
export interface Grain {
  readonly id: string;
  readonly aliases: readonly string[];
  /** null for an id that concerns no package of the image. */
  readonly package: string | null;
  readonly from: string | null;
  /** What the planner gets: one per architecture of the package; empty when the outcome is settled already. */
  readonly findings: readonly FixFinding[];
  /** Decided without a plan. */
  readonly settled: { readonly outcome: Outcome; readonly detail: string } | null;
}

/** The requested grains of one platform, sorted by id, then package. */
export interface Selection {
  readonly grains: readonly Grain[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Applies what was asked to what the scan found. An id that is not there is `not_affected`, never an error; in an image
 * that could not be judged it is `unsupported`.
 */
export function selectFindings(report: ScanReport, selection: FixSelection): Selection {
  const packages = new Map(report.packages.map((entry) => [entry.purl, entry]));
  switch (selection.kind) {
    case 'ids':
      return { grains: selectIds(report, packages, selection.ids), diagnostics: [] };
    case 'packages':
      return selectPackages(report, packages, selection.names);
    case 'severities': {
      const levels = new Set(selection.levels);
      return selectWhere(report, packages, (finding) => levels.has(finding.severity.level));
    }
    case 'all-fixable':
      return selectWhere(report, packages, (finding) => finding.state === 'fixed');
  }
}

function selectIds(
  report: ScanReport,
  packages: ReadonlyMap<string, ReportPackage>,
  ids: readonly string[],
): readonly Grain[] {
  const chosen = new Set<VulnerabilityFinding>();
  const unknown: Grain[] = [];
  for (const id of new Set(ids)) {
    const wanted = id.toUpperCase();
    const hits = vulnerabilitiesIn(report).filter(
      (finding) =>
        finding.id.toUpperCase() === wanted || finding.aliases.some((alias) => alias.toUpperCase() === wanted),
    );
    for (const hit of hits) chosen.add(hit);
    if (hits.length === 0) unknown.push(absent(id, report));
  }
  return sortGrains([...toGrains([...chosen], packages), ...unknown]);
}

function absent(id: string, report: ScanReport): Grain {
  const gap = unjudged(report);
  const detail = gap ?? 'no package of the image is affected according to the advisory data';
  const outcome = gap === undefined ? 'not_affected' : 'unsupported';
  return { id, aliases: [], package: null, from: null, findings: [], settled: { outcome, detail } };
}

/** Why a scan says nothing about the packages of its image; undefined when it judged some. Silence is no all-clear. */
export function unjudged({ scan, diagnostics }: ScanReport): string | undefined {
  if (scan.state !== 'unsupported') return undefined;
  return diagnostics.find(({ partial }) => partial === true)?.message ?? 'no package of the image could be judged';
}

function selectPackages(
  report: ScanReport,
  packages: ReadonlyMap<string, ReportPackage>,
  names: readonly string[],
): Selection {
  const known = new Set<string>();
  for (const { name, source } of packages.values()) {
    known.add(name);
    if (source) known.add(source.name);
  }
  const wanted = new Set(names);
  const diagnostics = names
    .filter((name) => !known.has(name))
    .map((name) => ({ code: 'package_absent', message: `the image has no package ${JSON.stringify(name)}` }));
  const { grains, diagnostics: more } = selectWhere(report, packages, (finding) => {
    const entry = packages.get(finding.package);
    return entry !== undefined && (wanted.has(entry.name) || (entry.source !== null && wanted.has(entry.source.name)));
  });
  return { grains, diagnostics: [...diagnostics, ...more] };
}

/** Selectors mean operating-system packages only, without what the vendor calls unimportant or the user ignores. */
function selectWhere(
  report: ScanReport,
  packages: ReadonlyMap<string, ReportPackage>,
  matches: (finding: VulnerabilityFinding) => boolean,
): Selection {
  const hits = vulnerabilitiesIn(report).filter(
    (finding) => finding.ignored === null && finding.state !== 'unimportant' && matches(finding),
  );
  const system = hits.filter((finding) => finding.kind === 'cve');
  const application = hits.length - system.length;
  const diagnostics: Diagnostic[] = [];
  if (application > 0) {
    const message = `${application} findings of application packages are left alone: they are repaired at their source`;
    diagnostics.push({ code: 'application_packages_skipped', message });
  }
  return { grains: sortGrains(toGrains(system, packages)), diagnostics };
}

function toGrains(
  findings: readonly VulnerabilityFinding[],
  packages: ReadonlyMap<string, ReportPackage>,
): readonly Grain[] {
  const grains = new Map<string, Grain>();
  for (const finding of findings) {
    const fixable = toFixFinding(finding, packages.get(finding.package));
    const key = JSON.stringify([finding.id, fixable.package, fixable.installedVersion]);
    const known = grains.get(key);
    if (finding.kind === 'sca') {
      const detail = 'an application package: change it in the source of the image, where its lock file is';
      grains.set(key, { ...grainOf(fixable, []), settled: { outcome: 'unsupported', detail } });
    } else {
      grains.set(key, grainOf(fixable, [...(known?.findings ?? []), fixable]));
    }
  }
  return [...grains.values()];
}

function grainOf(finding: FixFinding, findings: readonly FixFinding[]): Grain {
  const { id, aliases, package: name, installedVersion } = finding;
  return { id, aliases, package: name, from: installedVersion, findings, settled: null };
}

/** A scan finding in the planner's terms. */
export function toFixFinding(finding: VulnerabilityFinding, entry: ReportPackage | undefined): FixFinding {
  return {
    id: finding.id,
    aliases: finding.aliases,
    package: entry?.name ?? nameOf(finding.package),
    arch: entry?.arch ?? null,
    installedVersion: finding.installedVersion,
    source: entry?.source ?? null,
    fixedVersion: finding.fixedVersion,
    on: finding.match.on,
    state: finding.state,
    severity: finding.severity.level,
  };
}

/** The name inside a purl, for a finding whose package is missing from the list. */
function nameOf(purl: string): string {
  const path = purl.slice(0, indexOrEnd(purl, '?'));
  return path.slice(path.lastIndexOf('/') + 1, indexOrEnd(path, '@', path.lastIndexOf('/') + 1));
}

function indexOrEnd(text: string, part: string, from = 0): number {
  const index = text.indexOf(part, from);
  return index < 0 ? text.length : index;
}

function sortGrains(grains: readonly Grain[]): readonly Grain[] {
  const key = (grain: Grain): string => `${grain.id}\0${grain.package ?? ''}\0${grain.from ?? ''}`;
  return grains.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}
