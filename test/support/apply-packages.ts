import { Readable } from 'node:stream';
import { createDebReader } from '../../src/ecosystems/dpkg/deb/reader.ts';
import { prepareChange } from '../../src/ecosystems/dpkg/fix/apply/prepare.ts';
import { interest, readDatabase } from '../../src/ecosystems/dpkg/fix/database.ts';
import { selfCheckDpkg } from '../../src/ecosystems/dpkg/fix/self-check.ts';
import type { AppliedChange, FixPlan, IntegrityReport, Rejection, Upgrade } from '../../src/ecosystems/index.ts';
import {
  createLayerWriter,
  extendImageView,
  type LayerHandle,
  type OpenedImageView,
  openImageView,
} from '../../src/image/index.ts';
import { noProgress } from '../../src/kernel/index.ts';
import { buildDeb, type ToyPackage } from './deb-builder.ts';
import { layerOf, memoryBlobs } from './layers.ts';

/** The outcome of applying toy packages: a refusal, or the new image. */
export type ToyResult =
  | { readonly rejected: readonly Rejection[] }
  | {
      readonly applied: AppliedChange;
      /** The image with the new layer. */
      readonly view: OpenedImageView;
      /** Compressed bytes of the new layer. */
      readonly layer: Buffer;
      readonly check: IntegrityReport;
    };

const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** Opens a tar archive as an image of one layer, as the fix engine sees it. */
export function openToyImage(bytes: Uint8Array): Promise<OpenedImageView> {
  return openImageView({ layers: [layerOf(bytes)] }, { interest, signal: AbortSignal.timeout(30_000) });
}

/** Applies packages to the image in a tar archive and checks the result; nothing is downloaded. */
export async function applyToyPackages(base: Uint8Array, packages: readonly ToyPackage[]): Promise<ToyResult> {
  const signal = AbortSignal.timeout(30_000);
  const view = await openToyImage(base);
  const debs = new Map(packages.map((pkg) => [`${pkg.name}:${pkg.arch ?? 'all'}`, buildDeb(pkg)]));
  const plan = toyPlan(view, packages);
  const blobs = memoryBlobs();
  const open =
    ({ name, arch }: Upgrade) =>
    async () =>
      Readable.from([debs.get(`${name}:${arch}`)]);
  const prepared = await prepareChange({ plan, view, open }, { blobs, deb: createDebReader() }, signal, noProgress);
  if ('rejected' in prepared) return prepared;
  const out = createLayerWriter({ view, store: blobs, mediaType, signal });
  const applied = await prepared.change.emit(out, signal);
  await prepared.change.discard();
  const written = await out.close();
  const layer = blobs.blobs.get(written.digest) ?? Buffer.alloc(0);
  const handle: LayerHandle = layerOf(layer, { digest: written.digest, diffId: written.diffId });
  const next = await extendImageView(view, handle, { interest, signal });
  return { applied, view: next, layer, check: await selfCheckDpkg(plan, next, signal) };
}

/** A plan that brings exactly these packages to an image. */
export function toyPlan(view: OpenedImageView, packages: readonly ToyPackage[]): FixPlan {
  const database = readDatabase(view);
  const upgrades = packages.map(({ name, version, arch = 'all' }): Upgrade => {
    const from = database.find(name, arch)?.version ?? null;
    const origin = { repository: '', path: '', archive: '', sha256: '', size: 0 };
    return { name, arch, source: { name, version }, from, to: version, ...origin, reason: 'requested' };
  });
  return {
    schema: 1,
    ecosystem: 'dpkg',
    revision: 1,
    plannedAt: '2026-01-02T03:04:05Z',
    platform: { os: 'linux', architecture: 'amd64' },
    indexes: [],
    upgrades: upgrades.sort((a, b) => (`${a.name}:${a.arch}` < `${b.name}:${b.arch}` ? -1 : 1)),
    outcomes: [],
    estimate: { download: 0, layer: 0 },
    diagnostics: [],
  };
}
