import { prioritise, type VulnerabilityMatch } from '../../advisories/index.ts';
import { type Ecosystem, type InstalledPackage, supportOf } from '../../ecosystems/index.ts';
import {
  countFindings,
  decodeRecord,
  type EstateRule,
  type Finding,
  type ImageDecider,
  type ImageView,
  ignoredRisk,
  installedPackage,
  locatedPackages,
  osRelease,
  plainPackage,
  type ReportPackage,
  type RiskDecider,
  type RiskFinding,
  type ScanReport,
  type StoredPackage,
  type VulnerabilityFinding,
  vulnerabilityKey,
} from '../../findings/index.ts';
import type { Digest } from '../../image/index.ts';
import { compareText } from '../../kernel/index.ts';
import { toFindings } from '../../scan/index.ts';

/** Diagnostics about the age of the advisories that the scan used: of no meaning for later ones. */
const ageCodes: ReadonlySet<string> = new Set(['advisories_old', 'advisories_stale']);

/**
 * The report of an image as a scan would make it now: what the scan found in the image, with the matches, decisions and
 * end of support of today.
 * @param options `decide` and `decideRisk` are the decisions that reach the image that is asked for, see `decisionsFor` and
 *   `riskDecisionsFor`.
 */
export function currentReport(
  view: ImageView,
  options: {
    readonly ecosystems: readonly Ecosystem[];
    readonly decide: ImageDecider;
    readonly decideRisk: RiskDecider;
    readonly now: Date;
  },
): ScanReport {
  const { ecosystems, decide, decideRisk, now } = options;
  const record = decodeRecord(view.record);
  const packages =
    // Reports that were stored by earlier versions say less.
    record.packages?.map((pkg) => ({ ...plainPackage, ...pkg })) ?? locatedPackages(view.packages, view.sets);
  const support = supportFor(view, record.report.image.os, now);
  const found = toFindings(matchesOf(view, packages), ecosystems, support?.state === 'ended');
  const findings: Finding[] = [...withDecisions(found, view, decide), ...risksOf(view, decideRisk)].sort(byKind);
  const { id, createdAt, origin, sources } = view.snapshot;
  const { image, diagnostics, scan, checks, ...rest } = record.report;
  const endOfLife = support?.state === 'ended' ? support.on : null;
  return {
    ...rest,
    // Reports that were stored by earlier versions do not tell how they knew the base, and knew no detectors.
    scan: { ...scan, scanners: scan.scanners ?? ['vuln'] },
    checks: { ...checks, unknown: checks.unknown ?? [], disabled: checks.disabled ?? [] },
    image: { ...image, base: image.base ?? null, os: image.os && { ...image.os, endOfLife } },
    advisories: { snapshot: id, createdAt, origin, sources },
    counts: countFindings(findings),
    packages,
    findings,
    diagnostics: record.snapshot === id ? diagnostics : diagnostics.filter(({ code }) => !ageCodes.has(code)),
  };
}

function supportFor(
  { packages }: ImageView,
  os: ScanReport['image']['os'],
  now: Date,
): ReturnType<typeof supportOf> | undefined {
  const stated = os && { id: os.id, versionId: os.versionId, codename: null };
  const release = osRelease(packages.find((pkg) => pkg.release !== null)?.release ?? stated);
  return release && supportOf(release, now);
}

/** Evidence of a package is where the report says that it lies. */
function matchesOf(view: ImageView, listed: readonly ReportPackage[]): VulnerabilityMatch[] {
  const located = new Map<string, InstalledPackage['locations']>();
  for (const { purl, locations } of listed) {
    if (!located.has(purl))
      located.set(
        purl,
        locations.map(({ path, layer }) => ({ path, layer: layer as Digest })),
      );
  }
  const packages = new Map(
    view.packages.map((pkg) => [pkg.id, { ...installedPackage(pkg), locations: located.get(pkg.purl) ?? [] }]),
  );
  return view.matches.flatMap(({ packageId, ...match }) => {
    const pkg = packages.get(packageId);
    if (pkg === undefined) return [];
    const { id, aliases, fixedVersion, state, severity, kev, epss, title, match: basis } = match;
    const facts = { id, aliases, fixedVersion, state, severity, kev, epss, title, match: basis };
    const { priorityReason } = prioritise({ package: pkg, state, fixedVersion, severity, kev, epss });
    return [{ ...facts, priority: match.priority, priorityReason, package: pkg }];
  });
}

function withDecisions(
  findings: readonly VulnerabilityFinding[],
  { packages }: ImageView,
  decide: ImageDecider,
): VulnerabilityFinding[] {
  const byPurl = new Map<string, StoredPackage>(packages.map((pkg) => [pkg.purl, pkg]));
  return findings.map((finding) => {
    const pkg = byPurl.get(finding.package);
    if (pkg === undefined) return finding;
    const { kind, id, aliases, state } = finding;
    const rule = decide({
      kind,
      id,
      aliases,
      key: vulnerabilityKey(pkg, id),
      packageName: pkg.name,
      purl: pkg.purl,
      state,
    });
    return rule === null ? finding : { ...finding, ignored: ignoredBy(rule) };
  });
}

/** The findings of detectors with what was decided on them. */
function risksOf({ risks }: ImageView, decide: RiskDecider): readonly RiskFinding[] {
  return risks.map((finding) => ({ ...finding, ignored: ignoredRisk(decide(finding)) }));
}

function byKind(a: Finding, b: Finding): number {
  return compareText(a.kind, b.kind);
}

function ignoredBy({ reason, by, expiresAt }: EstateRule): VulnerabilityFinding['ignored'] {
  return { reason, by, until: expiresAt === null ? null : new Date(expiresAt).toISOString() };
}
