import type { AdvisoryIndex, MatchResult } from '../advisories/index.ts';
import {
  type Ecosystem,
  type InstalledPackage,
  type OsRelease,
  type PackageScope,
  type ReleaseFacts,
  resolveOs,
  supportOf,
} from '../ecosystems/index.ts';
import { countFindings, type KnownImages, type ScanReport } from '../findings/index.ts';
import { buildUnionView, type ImageHandle, type LayerLimits } from '../image/index.ts';
import type { Clock, Progress } from '../kernel/index.ts';
import { findBase } from './base-image.ts';
import { analysesOf, type Catalog, catalogersOf, runCatalogers } from './catalogers.ts';
import { type CoverageInput, coverageDiagnostics, notApplicable, scanState } from './coverage.ts';
import { toFindings, toMaliciousFindings, toReportPackages } from './findings.ts';
import { type AnalysedLayer, analyseLayers } from './layers.ts';
import type { LayerAnalysisCache } from './ports.ts';
import { reportImage } from './report-image.ts';
import { mergePlaces, settleOwnership } from './settle-packages.ts';

/** Everything that a scan needs from outside. */
export interface ScanInput {
  readonly image: ImageHandle;
  readonly index: AdvisoryIndex;
  readonly ecosystems: readonly Ecosystem[];
  readonly cache: LayerAnalysisCache;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Version of Drydock, for the report. */
  readonly toolVersion: string;
  /** Compare the unpacked content of every layer with the config; a mismatch ends the scan. Default: false. */
  readonly verifyDiffIds?: boolean;
  readonly limits?: LayerLimits;
  /** Whose packages are judged and counted; all are listed. Lock files are read for `declared`. Default: `installed`. */
  readonly include?: readonly PackageScope[];
  /** Where base images are looked up; without it only the history tells of them. */
  readonly known?: KnownImages;
}

const imageMinutes = 30;

/**
 * Scans one image: reads the layers that are not known yet, finds the packages of the merged file system and matches
 * them against the advisories. The report is a pure function of the image's content, the advisory snapshot and the
 * clock.
 * @throws DigestError when content is not what its digest says; what the image source fails with; the signal's reason
 */
export async function scanImage(input: ScanInput): Promise<ScanReport> {
  const { image, index, ecosystems, clock, progress } = input;
  const startedAt = clock.now();
  progress({ kind: 'stage', stage: 'reading', detail: `${image.reference} (${image.layers.length} layers)` });
  const include: readonly PackageScope[] = input.include ?? ['installed'];
  const catalogers = catalogersOf(ecosystems, include.includes('declared'));
  const layers = await analyseLayers(image.layers, analysesOf(catalogers), {
    cache: input.cache,
    signal: AbortSignal.any([input.signal, AbortSignal.timeout(imageMinutes * 60_000)]),
    progress,
    verifyDiffIds: input.verifyDiffIds === true,
    ...(input.limits && { limits: input.limits }),
  });
  progress({ kind: 'stage', stage: 'matching', detail: image.reference });
  const view = buildUnionView(
    layers.map(({ tree }) => tree),
    layers.map(({ digest }) => digest),
  );
  const os = resolveOs(
    layers.map(({ facts }) => (facts.get('os-release') as ReleaseFacts | undefined) ?? { files: [] }),
    view,
  );
  const catalog = runCatalogers(catalogers, layers, view, os);
  const { packages, matches, unmatched, malicious } = judge(catalog, os, input, include);
  const now = clock.now();
  const support = os && supportOf(os, now);
  // What was not asked about was not judged: it is no reason to call an image judged.
  const asked = packages.filter(({ scope }) => include.includes(scope ?? 'installed'));
  const { snapshot } = index;
  const coverage: CoverageInput = { os, support, packages: asked, unmatched, snapshot, now, ecosystems };
  const diagnostics = [
    ...coverageDiagnostics(coverage),
    ...image.diagnostics,
    ...layers.flatMap((layer) => layer.diagnostics),
    ...view.diagnostics,
    ...catalog.diagnostics,
  ];
  const findings = [
    ...toFindings(matches, ecosystems, support?.state === 'ended'),
    ...toMaliciousFindings(malicious),
  ].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  const { id, createdAt, origin, sources } = snapshot;
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: input.toolVersion },
    scan: {
      startedAt: startedAt.toISOString(),
      finishedAt: now.toISOString(),
      ...effort(layers),
      state: scanState(coverage, diagnostics),
    },
    image: reportImage(image, os, support, await findBase(image, input.known)),
    advisories: { snapshot: id, createdAt, origin, sources },
    counts: countFindings(findings),
    packages: toReportPackages(packages),
    findings,
    checks: { passed: [], notApplicable: notApplicable(coverage) },
    diagnostics,
  };
}

/** What is in the image, with what the advisories say of it. */
interface Judgement extends MatchResult {
  readonly packages: readonly InstalledPackage[];
}

/** Operating-system packages first: whether they can be judged decides whether they speak for the files they own. */
function judge(
  { packages, owners }: Catalog,
  os: OsRelease | undefined,
  { index, ecosystems }: ScanInput,
  include: readonly PackageScope[],
): Judgement {
  const systemTypes = new Set(ecosystems.filter(({ kind }) => kind === 'cve').flatMap(({ types }) => types));
  const isIncluded = (pkg: InstalledPackage): boolean =>
    pkg.ownedBy === null && include.includes(pkg.scope ?? 'installed');
  const system = mergePlaces(packages.filter(({ type }) => systemTypes.has(type)));
  const first = index.match(system.filter(isIncluded), os);
  const unjudged = new Set(first.unmatched.map((entry) => entry.package.purl));
  const known = new Set(packages.map(({ purl }) => purl));
  const applications = mergePlaces(
    settleOwnership(
      packages.filter(({ type }) => !systemTypes.has(type)),
      owners,
      (purl) => known.has(purl) && !unjudged.has(purl),
    ),
  );
  const second = index.match(applications.filter(isIncluded), os);
  return {
    packages: [...system, ...applications],
    matches: [...first.matches, ...second.matches],
    unmatched: [...first.unmatched, ...second.unmatched],
    malicious: [...first.malicious, ...second.malicious],
  };
}

/** What the scan had to read. */
function effort(
  layers: readonly AnalysedLayer[],
): Pick<ScanReport['scan'], 'layersRead' | 'layersCached' | 'bytesRead'> {
  const count = (effort: AnalysedLayer['effort']): number => layers.filter((layer) => layer.effort === effort).length;
  return {
    layersRead: count('read'),
    layersCached: count('known'),
    bytesRead: layers.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
  };
}
