import type { AdvisoryIndex } from '../advisories/index.ts';
import type { Detector } from '../detectors/index.ts';
import {
  type Analysis,
  type Ecosystem,
  type OsRelease,
  type PackageScope,
  type ReleaseFacts,
  resolveOs,
  supportOf,
} from '../ecosystems/index.ts';
import type { KnownImages, ScanReport } from '../findings/index.ts';
import { buildUnionView, type ImageHandle, type LayerLimits } from '../image/index.ts';
import type { Clock, Diagnostic, Progress } from '../kernel/index.ts';
import { findBase } from './base-image.ts';
import { binaryDiagnostics } from './binaries.ts';
import { analysesOf, catalogersOf, runCatalogers } from './catalogers.ts';
import { type Detected, runDetectors } from './detection/detect.ts';
import { type Judgement, judge } from './judge.ts';
import { type AnalysedLayer, analyseLayers } from './layers.ts';
import type { LayerAnalysisCache, VisitorThread } from './ports.ts';
import { reportImage } from './report-image.ts';

/** Everything that looking at an image needs from outside. */
export interface ExamineInput {
  readonly image: ImageHandle;
  readonly index: AdvisoryIndex;
  readonly ecosystems: readonly Ecosystem[];
  readonly cache: LayerAnalysisCache;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Compare the unpacked content of every layer with the config; a mismatch ends the scan. Default: false. */
  readonly verifyDiffIds?: boolean;
  readonly limits?: LayerLimits;
  /** Whose packages are judged and counted; all are listed. Lock files are read for `declared`. Default: `installed`. */
  readonly include?: readonly PackageScope[];
  /** Where base images are looked up; without it only the history tells of them. */
  readonly known?: KnownImages;
  /** What else is looked for, in the order of `createDetectors`; none unless given. */
  readonly detectors?: readonly Detector[];
  /** Shares the work of detectors; without it everything runs in this thread. */
  readonly thread?: VisitorThread;
  /** False leaves vulnerabilities out: packages are listed and not judged. Default: true. */
  readonly vulnerabilities?: boolean;
}

/** Everything that was found in an image. */
export interface Examined {
  /** The image part of the report. */
  readonly described: ScanReport['image'];
  readonly os: OsRelease | undefined;
  readonly support: ReturnType<typeof supportOf> | undefined;
  readonly judgement: Judgement;
  readonly detected: Detected;
  readonly diagnostics: readonly Diagnostic[];
  readonly layers: readonly AnalysedLayer[];
}

const imageMinutes = 30;

/**
 * Looks at one image: reads the layers that are not known yet, finds the packages of the merged file system, matches them
 * against the advisories, and lets the detectors look.
 * @throws DigestError when content is not what its digest says; what the image source fails with; the signal's reason
 */
export async function examineImage(input: ExamineInput): Promise<Examined> {
  const { image, index, ecosystems, clock, progress } = input;
  progress({ kind: 'stage', stage: 'reading', detail: `${image.reference} (${image.layers.length} layers)` });
  const include: readonly PackageScope[] = input.include ?? ['installed'];
  const catalogers = catalogersOf(ecosystems, include.includes('declared'));
  const { detectors = [], vulnerabilities = true } = input;
  const analyses = [...analysesOf(catalogers), ...detectorAnalyses(detectors)];
  const layers = await analyseLayers(image.layers, analyses, {
    cache: input.cache,
    signal: AbortSignal.any([input.signal, AbortSignal.timeout(imageMinutes * 60_000)]),
    progress,
    verifyDiffIds: input.verifyDiffIds === true,
    ...(input.limits && { limits: input.limits }),
    ...(input.thread && { thread: input.thread }),
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
  const judgement = judge(catalog, os, { index, ecosystems, include: vulnerabilities ? include : [] });
  const now = clock.now();
  const support = os && supportOf(os, now);
  const diagnostics = [
    ...image.diagnostics,
    ...layers.flatMap((layer) => layer.diagnostics),
    ...view.diagnostics,
    ...catalog.diagnostics,
    ...binaryDiagnostics(catalog, judgement.packages),
  ];
  const described = reportImage(image, os, support, await findBase(image, input.known));
  if (detectors.length > 0) progress({ kind: 'stage', stage: 'detecting', detail: image.reference });
  const detected = await runDetectors({
    ...{ detectors, image, layers, view, os, described, judgement, judged: vulnerabilities, now },
    owners: catalog.owners,
    signal: input.signal,
  });
  return { described, os, support, judgement, detected, diagnostics, layers };
}

/** Analyses of all detectors; what several of them ask is asked once. */
function detectorAnalyses(detectors: readonly Detector[]): readonly Analysis[] {
  const analyses = detectors.flatMap((detector) => detector.analyses);
  return [...new Map(analyses.map((analysis) => [analysis.id, analysis])).values()];
}
