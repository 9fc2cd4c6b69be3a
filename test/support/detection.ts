import {
  createDetectors,
  type Detection,
  type Detector,
  type DetectorId,
  type DetectorOptions,
  defaultBaselineSettings,
} from '../../src/detectors/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { ImageHandle } from '../../src/image/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { type Examined, examineImage } from '../../src/scan/examine-image.ts';
import { type LayerAnalysisCache, noAdvisories, noCache } from '../../src/scan/index.ts';
import { emptyRules } from './empty-rules.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage, type TarMember, tar } from './test-image.ts';

/** Files of one layer of an image under test; `.wh.` names are whiteouts. */
export type LayerFiles = Readonly<Record<string, TarMember | string | Uint8Array>>;

/** What an image under test is made of. */
export interface FragmentOptions {
  /** The `config` object of the image config: User, Env, Cmd … */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Other keys of the image config: history, created … */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly reference?: string;
  readonly now?: Date;
  /** What is remembered of layers; nothing unless given. */
  readonly cache?: typeof noCache;
}

/** Options for detectors under test: full policy, no outside engine. */
export function detectorOptions(asked: readonly DetectorId[], change: Partial<DetectorOptions> = {}): DetectorOptions {
  return {
    asked: new Set(asked),
    policy: { name: 'full', asks: () => true, settings: defaultBaselineSettings },
    rules: async () => emptyRules,
    engines: [],
    secretKey: Buffer.from('key of the tests'),
    secrets: { off: [], on: [] },
    ...change,
  };
}

/** Builds an image of these layers, lowest first, and lets detectors look at it the way a scan does. */
export async function detect(
  detectors: readonly Detector[] | DetectorOptions,
  layers: readonly LayerFiles[],
  {
    settings,
    config,
    reference = 'test.example/app:1',
    now = new Date('2026-06-01T00:00:00Z'),
    cache = noCache,
  }: FragmentOptions = {},
): Promise<Detection> {
  const image = buildTestImage(
    layers.map((files) => tar(files)),
    { config: { ...config, ...(settings && { config: settings }) } },
  );
  return detectImage(detectors, handleOf(image, reference), now, cache);
}

/** Lets detectors look at an image the way a scan does. */
export async function detectImage(
  detectors: readonly Detector[] | DetectorOptions,
  image: ImageHandle,
  now: Date,
  cache: LayerAnalysisCache = noCache,
): Promise<Detection> {
  const list = 'asked' in detectors ? await createDetectors(detectors) : detectors;
  return (await examineWith(list, image, now, cache)).detected;
}

/** Looks at an image with detectors, without advisories; whole systems take a minute on a machine with other work. */
export function examineWith(
  detectors: readonly Detector[],
  image: ImageHandle,
  now: Date,
  cache: LayerAnalysisCache = noCache,
): Promise<Examined> {
  return examineImage({
    ...{ image, ecosystems, detectors, index: noAdvisories(now), cache },
    ...{ clock: fixedClock(now), signal: AbortSignal.timeout(600_000), progress() {} },
  });
}

/** The outcome of one check on an image fragment: `pass`, `not_applicable`, `unknown:<code>` or `fail:<level>`. */
export async function checkOutcome(
  check: string,
  layers: readonly LayerFiles[],
  options: FragmentOptions & {
    readonly detectors?: Partial<DetectorOptions>;
    readonly asked?: readonly DetectorId[];
  } = {},
): Promise<string> {
  const asked = options.asked ?? ['baseline'];
  const { baseline } = await detect(detectorOptions(asked, options.detectors), layers, options);
  if (baseline === undefined) throw new Error('the baseline was not looked at');
  const failed = baseline.failed.find((entry) => entry.check === check);
  if (failed !== undefined) return `fail:${failed.level}`;
  if (baseline.passed.includes(check)) return 'pass';
  if (baseline.notApplicable.some((entry) => entry.check === check)) return 'not_applicable';
  const unknown = baseline.unknown.find((entry) => entry.check === check);
  if (unknown !== undefined) return `unknown:${unknown.code}`;
  if (baseline.disabled.includes(check)) return 'disabled';
  throw new Error(`no check ${check}`);
}
