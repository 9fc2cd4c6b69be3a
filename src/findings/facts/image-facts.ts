import { chainIds, isDigest } from '../../image/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { ReportPackage, ScanReport } from '../report.ts';
import { type ScannedRisks, scannedRisks } from '../risks/scanned.ts';
import { type PackageIdentity, packageHash, type ReleaseIdentity } from './identity.ts';
import { encodeRecord } from './scan-record.ts';

/** Packages that one evidence of one layer yields. */
export interface EvidenceSet {
  readonly kind: 'cve' | 'sca';
  /** File that records the packages, `var/lib/dpkg/status`; empty where nothing is named. */
  readonly path: string;
  /** Digest of the layer that brought them; empty where none is named. */
  readonly layer: string;
  /** Positions in `packages`, each once. */
  readonly members: readonly number[];
}

/** What one scan teaches about one platform manifest. */
export interface ImageFacts {
  readonly digest: string;
  readonly release: ReleaseIdentity | null;
  /** ChainID of all layers; null where a layer has no diff-id. */
  readonly chain: string | null;
  /** Distinct. */
  readonly packages: readonly PackageIdentity[];
  /** In the order of kind, path, layer. */
  readonly sets: readonly EvidenceSet[];
  readonly image: {
    readonly configDigest: string;
    readonly os: string | null;
    readonly arch: string | null;
    readonly variant: string | null;
    readonly createdAt: number | null;
    readonly size: number;
    readonly scanState: 'matched' | 'partial' | 'unsupported';
    readonly reason: { readonly code: string; readonly message: string } | null;
    readonly distribution: {
      readonly id: string;
      readonly versionId: string | null;
      readonly name: string | null;
    } | null;
    /** End of the scan, ms. */
    readonly scannedAt: number;
  };
  /** What is no vulnerability. */
  readonly risks: ScannedRisks;
  /** The rest of the report, packed; see scan-record.ts. */
  readonly record: Uint8Array;
}

/**
 * Takes a report apart into facts that are stored once.
 * @param kinds of findings by purl type; others are application packages.
 */
export function imageFacts(report: ScanReport, kinds: ReadonlyMap<string, 'cve' | 'sca'>): ImageFacts {
  const release = releaseOf(report);
  const packages: PackageIdentity[] = [];
  const positions = new Map<string, number>();
  const sets = new Map<string, { kind: 'cve' | 'sca'; path: string; layer: string; members: Set<number> }>();
  for (const pkg of report.packages) {
    // The estate holds what counts; the rest is kept with the report.
    if (!isJudged(pkg) || pkg.guessed) continue;
    const identity = identityOf(pkg, kinds, release);
    const hash = Buffer.from(packageHash(identity)).toString('latin1');
    let position = positions.get(hash);
    if (position === undefined) {
      position = packages.push(identity) - 1;
      positions.set(hash, position);
    }
    for (const { path, layer } of pkg.locations.length > 0 ? pkg.locations : [{ path: '', layer: '' }]) {
      const key = JSON.stringify([identity.kind, path, layer]);
      const set = sets.get(key) ?? { kind: identity.kind, path, layer, members: new Set() };
      sets.set(key, set);
      set.members.add(position);
    }
  }
  const ordered = [...sets].sort(([a], [b]) => (a < b ? -1 : 1));
  const evidence = ordered.map(([, set]) => ({ ...set, members: [...set.members] }));
  const { risks, left } = scannedRisks(report);
  const whole = left.length === 0 ? report : { ...report, diagnostics: [...report.diagnostics, ...left] };
  return {
    digest: report.image.digest,
    release,
    chain: chainOf(report),
    packages,
    sets: evidence,
    image: imageOf(report),
    risks,
    record: encodeRecord(whole, locatedPackages(packages, evidence)),
  };
}

function chainOf({ image: { layers } }: ScanReport): string | null {
  const diffIds = layers.map(({ diffId }) => diffId).filter(isDigest);
  return diffIds.length === layers.length ? (chainIds(diffIds).at(-1) ?? null) : null;
}

function identityOf(
  pkg: ReportPackage,
  kinds: ReadonlyMap<string, 'cve' | 'sca'>,
  release: ReleaseIdentity | null,
): PackageIdentity {
  const { type, name, version, arch, source, purl } = pkg;
  const kind = kinds.get(type) ?? 'sca';
  return { type, kind, name, version, arch, source, purl, release: kind === 'cve' ? release : null };
}

/** The report leaves out the codename; the package URLs of releases without a number have it. */
function releaseOf({ image: { os }, packages }: ScanReport): ReleaseIdentity | null {
  if (os === null) return null;
  if (os.versionId !== null) return { id: os.id, versionId: os.versionId, codename: null };
  const prefix = `distro=${os.id}-`;
  for (const { purl } of packages) {
    const qualifier = purl
      .slice(purl.indexOf('?') + 1)
      .split('&')
      .find((text) => text.startsWith(prefix));
    const codename = qualifier && decodeURIComponent(qualifier.slice(prefix.length));
    if (codename) return { id: os.id, versionId: null, codename: codename === 'rolling' ? null : codename };
  }
  return { id: os.id, versionId: null, codename: null };
}

function imageOf(report: ScanReport): ImageFacts['image'] {
  const { image, scan } = report;
  const [os = '', arch = '', variant = ''] = image.platform.split('/');
  const gap = report.diagnostics.find(({ partial }) => partial === true) ?? report.diagnostics[0];
  return {
    configDigest: image.configDigest,
    os: os || null,
    arch: arch || null,
    variant: variant || null,
    createdAt: image.created === null ? null : Date.parse(image.created),
    size: image.size,
    scanState: scan.state === 'complete' ? 'matched' : scan.state,
    reason: scan.state === 'complete' || gap === undefined ? null : { code: gap.code, message: gap.message },
    distribution: image.os && { id: image.os.id, versionId: image.os.versionId, name: image.os.prettyName },
    scannedAt: Date.parse(scan.finishedAt),
  };
}

/** What reports say of a package that nothing special is known of. */
export const plainPackage = { scope: 'installed', confidence: 'high', guessed: false } as const;

/** Whether a package counts: it is installed and no other package speaks for its files. Others are only listed. */
export function isJudged({ scope, ownedBy }: Pick<ReportPackage, 'scope' | 'ownedBy'>): boolean {
  return scope === 'installed' && ownedBy === null;
}

/** The package list of a report as it follows from the sets, sorted as reports are. */
export function locatedPackages(
  packages: readonly PackageIdentity[],
  sets: readonly Pick<EvidenceSet, 'path' | 'layer' | 'members'>[],
): ReportPackage[] {
  const locations = packages.map((): { path: string; layer: string }[] => []);
  for (const { path, layer, members } of sets) {
    if (path === '' && layer === '') continue;
    for (const member of members) locations[member]?.push({ path, layer });
  }
  return packages
    .map(({ purl, type, name, version, arch, source }, index) => ({
      ...{ purl, type, name, version, arch, source, ownedBy: null },
      ...plainPackage,
      locations: locations[index] ?? [],
    }))
    .sort((a, b) => compareText(a.purl, b.purl) || compareText(a.locations[0]?.path ?? '', b.locations[0]?.path ?? ''));
}
