import type {
  BaselineResult,
  DetectedLayer,
  DetectionInput,
  Detector,
  DetectorId,
  MaliciousFile,
  SensitiveFile,
} from '../../detectors/index.ts';
import type { FileOwners, OsRelease } from '../../ecosystems/index.ts';
import type { ScanReport } from '../../findings/index.ts';
import type { ImageHandle, UnionView } from '../../image/index.ts';
import { type Diagnostic, messageOf } from '../../kernel/index.ts';
import type { Judgement } from '../judge.ts';
import type { AnalysedLayer } from '../layers.ts';

/** What detectors found; a part is undefined where its detector was not asked. */
export interface Detected {
  readonly asked: readonly DetectorId[];
  readonly baseline?: BaselineResult;
  readonly malicious?: readonly MaliciousFile[];
  readonly sensitive?: readonly SensitiveFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that detectors are told. */
export interface DetectInput {
  readonly detectors: readonly Detector[];
  readonly image: ImageHandle;
  readonly layers: readonly AnalysedLayer[];
  readonly view: UnionView;
  readonly os: OsRelease | undefined;
  /** The image part of the report. */
  readonly described: ScanReport['image'];
  readonly judgement: Judgement;
  /** False when vulnerabilities were not looked for. */
  readonly judged: boolean;
  readonly owners: readonly FileOwners[];
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** Runs the detectors in their order; one that fails leaves the findings of the others, and the scan is then partial. */
export async function runDetectors(input: DetectInput): Promise<Detected> {
  const asked = input.detectors.map(({ id }) => id);
  let found: Detected = { asked, diagnostics: [] };
  if (asked.length === 0) return found;
  const common = await detectionInput(input);
  for (const detector of input.detectors) {
    try {
      const { diagnostics, ...detection } = await detector.detect({ ...common, before: found });
      found = { ...found, ...detection, diagnostics: [...found.diagnostics, ...diagnostics] };
    } catch (error) {
      const message = `the scanner ${detector.id} failed: ${messageOf(error)}. Its findings are missing.`;
      const failure: Diagnostic = { code: 'detector_failed', message, partial: true };
      // What was not looked for to its end counts as not looked for: no number, and what was known before stays.
      const rest = found.asked.filter((id) => id !== detector.id);
      found = { ...found, asked: rest, diagnostics: [...found.diagnostics, failure] };
    }
  }
  return found;
}

async function detectionInput(input: DetectInput): Promise<Omit<DetectionInput, 'before'>> {
  // Loaded only now: a scan for vulnerabilities alone starts without detectors and their rules.
  const { readImageSettings } = await import('../../detectors/index.ts');
  const { image, layers, view, os, described, judgement, judged, owners, now } = input;
  return {
    image: {
      reference: image.reference,
      digest: image.document.digest,
      settings: readImageSettings(image.configBytes, image.layers.length),
      baseDigest: described.base?.digest ?? null,
      signed: await signedOf(input),
      immutableTag: null,
    },
    layers: layers.map(({ digest, tree, facts }, index): DetectedLayer => {
      const layer = described.layers[index];
      return { digest, tree, facts, createdBy: layer?.createdBy ?? null, base: layer?.base ?? null };
    }),
    view,
    os,
    endOfLife: described.os?.endOfLife ?? null,
    packages: judgement.packages,
    owners: { ownerOf: (path, type) => first(owners, path, type) },
    fixableCriticals: judged
      ? judgement.matches.filter(({ severity, state }) => severity.level === 'critical' && state === 'fixed').length
      : null,
    now,
  };
}

/** Asked only for the baseline. A registry that cannot say leaves the check without an answer. */
async function signedOf({ detectors, image, signal }: DetectInput): Promise<boolean | null> {
  if (image.signed === undefined || !detectors.some(({ id }) => id === 'baseline')) return null;
  try {
    return await image.signed(signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return null;
  }
}

function first(owners: readonly FileOwners[], path: string, type: string | undefined): string | undefined {
  for (const owner of owners) {
    const purl = owner.ownerOf(path, type);
    if (purl !== undefined) return purl;
  }
  return undefined;
}
