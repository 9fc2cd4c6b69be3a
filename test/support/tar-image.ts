import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Digest, ImageHandle, LayerHandle } from '../../src/image/index.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage } from './test-image.ts';

const chunk = 1024 * 1024;

/** An image whose layers are tars on this machine, lowest first: they are read as they are, none is held in memory. */
export async function tarImage(
  tars: readonly string[],
  settings: Readonly<Record<string, unknown>> = {},
): Promise<ImageHandle> {
  const layers = await Promise.all(tars.map(layerOf));
  const config = { config: settings, rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } };
  // Everything but the layers comes from an image without any.
  return { ...handleOf(buildTestImage([], { config })), layers };
}

async function layerOf(tar: string): Promise<LayerHandle> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(tar, { highWaterMark: chunk })) hash.update(bytes as Buffer);
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const descriptor = { digest, size: (await stat(tar)).size, mediaType };
  return {
    descriptor,
    diffId: digest,
    foreign: false,
    open: async () => createReadStream(tar, { highWaterMark: chunk }),
  };
}
