import type { AdvisoryIndex } from '../advisories/index.ts';
import {
  type CatalogResult,
  type Ecosystem,
  type OsRelease,
  type ReleaseFacts,
  releaseVisitor,
  resolveOs,
  supportOf,
} from '../ecosystems/index.ts';
import { countFindings, type ScanReport } from '../findings/index.ts';
import { buildUnionView, type ImageHandle, type LayerLimits, type UnionView } from '../image/index.ts';
import type { Clock, Diagnostic, Progress } from '../kernel/index.ts';
import { type CoverageInput, coverageDiagnostics, notApplicable, scanState } from './coverage.ts';
import { toFindings, toReportPackages } from './findings.ts';
import { type AnalysedLayer, type Analysis, analyseLayers } from './layers.ts';
import type { LayerAnalysisCache } from './ports.ts';
import { reportImage } from './report-image.ts';

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
  const layers = await analyseLayers(image.layers, analysesOf(ecosystems), {
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
  const catalog = runCatalogers(ecosystems, layers, view, os);
  const { matches, unmatched } = index.match(catalog.packages, os);
  const now = clock.now();
  const support = os && supportOf(os, now);
  const coverage: CoverageInput = { os, support, packages: catalog.packages, unmatched, snapshot: index.snapshot, now };
  const diagnostics = [
    ...coverageDiagnostics(coverage),
    ...image.diagnostics,
    ...layers.flatMap((layer) => layer.diagnostics),
    ...view.diagnostics,
    ...catalog.diagnostics,
  ];
  const findings = toFindings(matches, ecosystems, support?.state === 'ended');
  const { id, createdAt, origin, sources } = index.snapshot;
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: input.toolVersion },
    scan: {
      startedAt: startedAt.toISOString(),
      finishedAt: now.toISOString(),
      ...effort(layers),
      state: scanState(coverage, diagnostics),
    },
    image: reportImage(image, os, support),
    advisories: { snapshot: id, createdAt, origin, sources },
    counts: countFindings(findings),
    packages: toReportPackages(catalog.packages),
    findings,
    checks: { passed: [], notApplicable: notApplicable(coverage) },
    diagnostics,
  };
}

function analysesOf(ecosystems: readonly Ecosystem[]): Analysis[] {
  const catalogers = ecosystems.flatMap((ecosystem) => ecosystem.catalogers);
  const { id, version } = releaseVisitor();
  return [
    { id, version, visitor: releaseVisitor },
    ...catalogers.map((cataloger) => ({
      id: cataloger.id,
      version: cataloger.version,
      visitor: () => cataloger.visitor(),
    })),
  ];
}

function runCatalogers(
  ecosystems: readonly Ecosystem[],
  layers: readonly AnalysedLayer[],
  view: UnionView,
  os: OsRelease | undefined,
): CatalogResult {
  const results = ecosystems
    .flatMap(({ catalogers }) => catalogers)
    .map((cataloger) => {
      // A layer that could not be read has no facts: an empty visitor says what "nothing" is.
      const facts = (layer: AnalysedLayer): unknown => layer.facts.get(cataloger.id) ?? cataloger.visitor().finish();
      return cataloger.coalesce({
        layers: layers.map((layer, index) => ({
          layer: index,
          digest: layer.digest,
          tree: layer.tree,
          facts: facts(layer),
        })),
        view,
        os,
      });
    });
  const diagnostics: Diagnostic[] = results.flatMap((result) => [...result.diagnostics]);
  return { packages: results.flatMap((result) => [...result.packages]), diagnostics };
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
