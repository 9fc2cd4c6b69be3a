import type { AdvisoryIndex } from '../advisories/index.ts';
import { type Ecosystem, type PackageScope, type ReleaseFacts, resolveOs, supportOf } from '../ecosystems/index.ts';
import type { KnownImages, ScanReport } from '../findings/index.ts';
import { buildUnionView, type ImageHandle, type LayerLimits } from '../image/index.ts';
import type { Clock, Progress } from '../kernel/index.ts';
import { findBase } from './base-image.ts';
import { analysesOf, catalogersOf, runCatalogers } from './catalogers.ts';
import { composeReport } from './compose-report.ts';
import { judge } from './judge.ts';
import { type AnalysedLayer, analyseLayers } from './layers.ts';
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
  const judgement = judge(catalog, os, { index, ecosystems, include });
  const now = clock.now();
  const support = os && supportOf(os, now);
  const diagnostics = [
    ...image.diagnostics,
    ...layers.flatMap((layer) => layer.diagnostics),
    ...view.diagnostics,
    ...catalog.diagnostics,
  ];
  const base = await findBase(image, input.known);
  return composeReport({
    ...{ image: reportImage(image, os, support, base), os, support, judgement, diagnostics, effort: effort(layers) },
    ...{ startedAt, now, include, index, ecosystems, toolVersion: input.toolVersion },
  });
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
