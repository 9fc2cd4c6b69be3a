import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Detection, Detector } from '../../src/detectors/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import type { Digest, ImageHandle } from '../../src/image/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { examineImage } from '../../src/scan/examine-image.ts';
import { noAdvisories, noCache } from '../../src/scan/index.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage } from './test-image.ts';

/** Lets detectors look at an image of one layer that is a tar file on this machine, the way a scan does. */
export async function detectTar(detectors: readonly Detector[], tar: string): Promise<Detection> {
  const now = new Date('2026-06-01T00:00:00Z');
  const { detected } = await examineImage({
    ...{ image: await handleOfTar(tar), ecosystems, detectors, index: noAdvisories(now), cache: noCache },
    ...{ clock: fixedClock(now), signal: AbortSignal.timeout(600_000), progress() {} },
  });
  return detected;
}

/** An image around a tar file; its config and manifest are those of an image without layers. */
async function handleOfTar(tar: string): Promise<ImageHandle> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(tar)) hash.update(chunk as Buffer);
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const layer = {
    descriptor: { digest, size: (await stat(tar)).size, mediaType },
    diffId: digest,
    foreign: false,
    open: async () => createReadStream(tar, { highWaterMark: 1024 * 1024 }),
  };
  return { ...handleOf(buildTestImage([])), layers: [layer] };
}
