import type { AdvisorySnapshot, MatchResult } from '../advisories/index.ts';
import type { Ecosystem, InstalledPackage, OsRelease, supportOf } from '../ecosystems/index.ts';
import type { ScanReport } from '../findings/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

/** What a verdict on coverage is made of. */
export interface CoverageInput {
  readonly os: OsRelease | undefined;
  readonly support: ReturnType<typeof supportOf> | undefined;
  readonly packages: readonly InstalledPackage[];
  readonly unmatched: MatchResult['unmatched'];
  readonly snapshot: AdvisorySnapshot;
  readonly now: Date;
  readonly ecosystems: readonly Ecosystem[];
}

const hour = 3_600_000;
const warnHours = 48;
const staleHours = 7 * 24;

/**
 * Says what a scan did not or could not know (scanning.md: "say what was not looked at"), so that zero findings are
 * claimed only for an image that was really judged.
 */
export function coverageDiagnostics(input: CoverageInput): Diagnostic[] {
  return [...packageGaps(input), ...supportGaps(input), ...ageGaps(input)];
}

/** `unsupported` when no package could be judged, `partial` when something was left out. */
export function scanState(input: CoverageInput, diagnostics: readonly Diagnostic[]): ScanReport['scan']['state'] {
  const judged = input.packages.length - withReason(input, 'no_advisory_source').length;
  if (judged <= 0) return 'unsupported';
  return diagnostics.some(({ partial }) => partial === true) ? 'partial' : 'complete';
}

/** Why the axis of operating-system vulnerabilities says nothing about an image, if so. */
export function notApplicable(input: CoverageInput): ScanReport['checks']['notApplicable'] {
  if (input.packages.some((pkg) => isSystem(pkg, input))) return [];
  const why =
    input.os === undefined && input.packages.length > 0
      ? 'the image has no operating system'
      : 'no package database that this version reads is in the image';
  return [{ id: 'os-vulnerabilities', why }];
}

type Reason = MatchResult['unmatched'][number]['reason'];

function withReason({ unmatched }: CoverageInput, wanted: Reason): readonly InstalledPackage[] {
  return unmatched.filter(({ reason }) => reason === wanted).map((entry) => entry.package);
}

function worldOf({ type }: InstalledPackage, { ecosystems }: CoverageInput): Ecosystem | undefined {
  return ecosystems.find(({ types }) => types.includes(type));
}

/** Only what a package database names: system packages that an SBOM in the image claims prove no database. */
function isSystem(pkg: InstalledPackage, input: CoverageInput): boolean {
  return worldOf(pkg, input)?.kind === 'cve' && pkg.scope !== 'declared' && pkg.scope !== 'removed';
}

function packageGaps(input: CoverageInput): Diagnostic[] {
  const { os, packages } = input;
  const system = packages.filter((pkg) => isSystem(pkg, input));
  const gaps: Diagnostic[] = [];
  if (system.length === 0 && (os !== undefined || packages.length === 0)) {
    const where = os === undefined ? 'The image names no operating system' : `The image says it is ${nameOf(os)}`;
    const message = `${where} and has no package database that this version reads: its packages were not judged.`;
    gaps.push({ code: 'no_package_database', message, partial: true });
  }
  if (os === undefined && system.length > 0) {
    const message = 'There is a package database, but nothing tells which distribution it belongs to.';
    gaps.push({ code: 'os_unknown', message, partial: true });
  }
  return [...gaps, ...sourceGaps(input), ...identityGaps(input)];
}

/** Packages that no advisories of the snapshot are about. */
function sourceGaps(input: CoverageInput): Diagnostic[] {
  const { os } = input;
  const missing = withReason(input, 'no_advisory_source');
  const system = missing.filter((pkg) => isSystem(pkg, input));
  const others = missing.filter((pkg) => !isSystem(pkg, input));
  const known = others.filter((pkg) => (worldOf(pkg, input)?.advisoryNames ?? []).length > 0);
  const gaps: Diagnostic[] = [];
  if (system.length > 0) {
    const release = os === undefined ? 'an unknown distribution' : nameOf(os);
    const message = `There is no advisory data for ${system.length} packages of ${release}: they are neither affected nor clean.`;
    gaps.push({ code: 'no_advisory_source', message, partial: true });
  }
  if (known.length > 0) {
    const message = `The advisory data has nothing on ${typesOf(known)}: ${known.length} packages were not judged. Load more with \`drydock db update\`.`;
    gaps.push({ code: 'no_advisory_source', message, partial: true });
  }
  if (others.length > known.length) {
    const unknown = others.filter((pkg) => !known.includes(pkg));
    const message = `Nobody publishes advisories for ${typesOf(unknown)}: ${unknown.length} packages are listed and not judged.`;
    gaps.push({ code: 'inventory_only', message });
  }
  return gaps;
}

/** Packages whose name or version is not sure enough to be matched. */
function identityGaps(input: CoverageInput): Diagnostic[] {
  const gaps: Diagnostic[] = [];
  const guessed = withReason(input, 'guessed_identity');
  if (guessed.length > 0) {
    const message = `The names of ${guessed.length} packages (${typesOf(guessed)}) are guesses: they are listed and not judged.`;
    gaps.push({ code: 'guessed_identity', message });
  }
  const invalid = withReason(input, 'invalid_version');
  if (invalid.length > 0) {
    const message = `The versions of ${invalid.length} packages (${typesOf(invalid)}) cannot be compared: they are neither affected nor clean.`;
    gaps.push({
      code: 'unmatched_version',
      message,
      ...(invalid.some((pkg) => isSystem(pkg, input)) && { partial: true }),
    });
  }
  return gaps;
}

function typesOf(packages: readonly InstalledPackage[]): string {
  return [...new Set(packages.map(({ type }) => type))].sort().join(', ');
}

function supportGaps({ os, support, packages }: CoverageInput): Diagnostic[] {
  if (os === undefined || packages.length === 0) return [];
  if (support?.state === 'ended') {
    const message = `${nameOf(os)} got its last security fixes on ${support.on}; later vulnerabilities stay open.`;
    return [{ code: 'end_of_life', path: os.path, message }];
  }
  if (support?.state !== 'unknown') return [];
  const message = `It is not known whether ${nameOf(os)} still gets security fixes.`;
  return [{ code: 'release_unknown', path: os.path, message }];
}

/** A few new records do not make bundled facts current: their bulk counts, of those that may be about the packages. */
function ageGaps(input: CoverageInput): Diagnostic[] {
  const { snapshot, now } = input;
  const names = new Set(
    input.packages.flatMap((pkg) => worldOf(pkg, input)?.advisoryNames ?? []).map((name) => `osv/${name}`),
  );
  const about = snapshot.sources.filter(({ id }) => names.has(id));
  const times = (about.length > 0 ? about : snapshot.sources).flatMap(({ bulk }) => bulk ?? []);
  const bulk = snapshot.origin === 'bundled' ? times.sort()[0] : undefined;
  const date = bulk ?? snapshot.createdAt;
  const age = (now.getTime() - Date.parse(date)) / hour;
  if (!(age > warnHours)) return [];
  const which = bulk === undefined ? 'The advisory data is' : 'Most of the bundled advisory data is';
  // The date and not the age: two scans of one image with one snapshot say the same on any day.
  const message = `${which} of ${date.slice(0, 10)}: newer vulnerabilities and fixes are not known to it.`;
  return [{ code: age > staleHours ? 'advisories_stale' : 'advisories_old', message }];
}

/** For a sentence; the texts of the image are checked identifiers. */
function nameOf(os: OsRelease): string {
  return [os.id, os.versionId ?? os.codename].filter((part) => part !== null).join(' ');
}
