import type { AppliedChange, FixPlan, IntegrityReport } from '../ecosystems/index.ts';
import {
  appendToConfig,
  appendToManifest,
  createLayerWriter,
  type Digest,
  digestOf,
  extendImageView,
  patchLayerMediaType,
  replaceTopInConfig,
  type WrittenLayer,
} from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { BuiltRecord, FixDeps, FixRequest } from './contract.ts';
import { FixError } from './errors.ts';
import type { Ground } from './ground.ts';
import { type BuiltPart, parseBuilt } from './image.ts';
import type { FixPart } from './part.ts';
import { planBytes, type ReadyPart } from './plan.ts';
import type { FixTask } from './task.ts';

/** Files whose checksum differs are listed up to here; all are counted. */
const listedMismatches = 20;

/**
 * Writes the one new layer of a platform, checks it as the package manager would, and makes config and manifest of it
 * by splicing the original bytes (fix-engine.md §5). Everything is in the blob store afterwards.
 * @throws FixError `self_check_failed`
 */
export async function buildPart(
  task: FixTask,
  part: FixPart,
  ready: ReadyPart,
  request: FixRequest,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<BuiltPart> {
  const { plan, ground } = ready;
  const { layer, applied } = await task.effect('layer-stored', () => writeLayer(part, ready, deps, signal));
  const integrity = await selfCheck(plan, ground, layer, deps, signal);
  const assembled = assemble(part, ready, layer, request, deps);
  const [config, manifest] = await task.effect('image-stored', async () => {
    const put = (bytes: Uint8Array) => deps.blobs.put([bytes], { digest: digestOf(bytes), size: bytes.length }, signal);
    return [await put(assembled.config), await put(assembled.manifest)] as const;
  });
  const { mediaType } = part.image.document;
  const built: BuiltRecord = {
    layer,
    config,
    manifest: { ...manifest, mediaType },
    integrity: { files: integrity.files, mismatches: integrity.mismatches.length },
    changelogs: [...applied.changelogs].map(([name, ids]) => [name, [...ids].sort()] as const),
    diagnostics: [...ground.diagnostics, ...applied.diagnostics, ...assembled.diagnostics, ...describe(integrity)],
  };
  const origin = ground.replaces?.origin ?? part.image.document.digest;
  await task.effect('result-remembered', () =>
    deps.journal.addOwnResult({ manifest: manifest.digest, layer: layer.digest, origin }),
  );
  await task.updatePart(part.platform, { built });
  return { platform: part.platform, image: part.image, built, document: parseBuilt(assembled.manifest, mediaType) };
}

async function writeLayer(
  part: FixPart,
  { change, ground }: ReadyPart,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<{ layer: WrittenLayer; applied: AppliedChange }> {
  const writer = createLayerWriter({
    view: ground.view,
    store: deps.blobs,
    mediaType: patchLayerMediaType(part.image.document.content),
    signal,
  });
  try {
    const applied = await change.emit(writer, signal);
    return { layer: await writer.close(), applied };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** Looks at the image as it will be: the new layer is read again from the store, not taken from memory. */
async function selfCheck(
  plan: FixPlan,
  ground: Ground,
  layer: WrittenLayer,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<IntegrityReport> {
  const merged = await extendImageView(
    ground.view,
    {
      descriptor: { mediaType: layer.mediaType, digest: layer.digest, size: layer.size },
      diffId: layer.diffId,
      foreign: false,
      open: (innerSignal) => deps.blobs.open(layer.digest, innerSignal),
    },
    { interest: (path) => ground.fixer.interest(path), signal, computeDiffId: true },
  );
  const report = await ground.fixer.selfCheck(plan, merged, signal);
  if (report.problems.length === 0) return report;
  const shown = report.problems.slice(0, 5).join('; ');
  throw new FixError('self_check_failed', `the new layer would not leave a consistent system: ${shown}`);
}

function describe(integrity: IntegrityReport): readonly Diagnostic[] {
  const listed = integrity.mismatches.slice(0, listedMismatches);
  return listed.map(({ path, reason }) => ({ code: 'integrity_mismatch', path, message: reason }));
}

interface Assembled {
  readonly config: Uint8Array;
  readonly manifest: Uint8Array;
  readonly diagnostics: readonly Diagnostic[];
}

function assemble(
  part: FixPart,
  { plan, ground }: ReadyPart,
  layer: WrittenLayer,
  request: FixRequest,
  deps: FixDeps,
): Assembled {
  const { image } = part;
  const planDigest = digestOf(planBytes(plan));
  const labels = ownLabels(ground.replaces?.origin ?? image.document.digest, planDigest, request, deps);
  const added = {
    diffId: layer.diffId,
    historyEntry: { created: plan.plannedAt, created_by: historyText(plan) },
    created: plan.plannedAt,
    labels,
  };
  const replaceTop = ground.replaces !== undefined;
  const config = replaceTop ? replaceTopInConfig(image.configBytes, added) : appendToConfig(image.configBytes, added);
  const isOci = image.document.mediaType.startsWith('application/vnd.oci.');
  const manifest = appendToManifest(image.document.bytes, {
    config: { digest: digestOf(config.bytes), size: config.bytes.length },
    layer: {
      mediaType: layer.mediaType,
      digest: layer.digest,
      size: layer.size,
      ...(isOci && { annotations: { 'io.drydock.fix.layer': planDigest } }),
    },
    // Docker's manifest has no annotations; a strict reader would refuse them.
    annotations: isOci ? labels : {},
    replaceTop,
  });
  return { config: config.bytes, manifest, diagnostics: config.diagnostics };
}

/** The only keys of the image that name us (fix-engine.md §5.2). */
function ownLabels(origin: Digest, plan: Digest, request: FixRequest, deps: FixDeps): Readonly<Record<string, string>> {
  return {
    'io.drydock.fix.origin.digest': origin,
    'io.drydock.fix.origin.reference': publicReference(request.reference),
    'io.drydock.fix.plan': plan,
    'io.drydock.fix.engine': `drydock ${deps.version}`,
  };
}

/** A reference without directories of this machine: they are nobody's business who gets the image. */
function publicReference(reference: string): string {
  const local = /^(oci|archive|dir):/.exec(reference);
  if (!local) return reference;
  const path = reference.slice(local[0].length).replace(/\/+$/, '');
  return local[0] + path.slice(path.lastIndexOf('/') + 1);
}

function historyText(plan: FixPlan): string {
  const count = plan.upgrades.length;
  return `drydock fix: ${count} ${count === 1 ? 'package' : 'packages'} from signed ${plan.ecosystem} archives`;
}
