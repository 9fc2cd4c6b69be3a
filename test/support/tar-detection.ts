import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Detection, Detector } from '../../src/detectors/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { type Digest, parseConfig } from '../../src/image/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { examineImage } from '../../src/scan/examine-image.ts';
import { noAdvisories, noCache } from '../../src/scan/index.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage, tar } from './test-image.ts';

/** Lets detectors look at an image of one uncompressed layer, which is read from a file: for whole systems. */
export async function detectTar(detectors: readonly Detector[], path: string, now: Date): Promise<Detection> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  const digest: Digest = `sha256:${hash.digest('hex')}`;
  const mediaType = 'application/vnd.oci.image.layer.v1.tar';
  const descriptor = { digest, size: (await stat(path)).size, mediaType };
  const empty = handleOf(buildTestImage([tar({})]), 'test.example/system:1');
  // The config of an image of another layer, with this one in its place.
  const config = JSON.parse(empty.configBytes.toString());
  config.rootfs.diff_ids = [digest];
  const configBytes = Buffer.from(JSON.stringify(config));
  const layer = { descriptor, diffId: digest, foreign: false, open: async () => createReadStream(path) };
  const image = { ...empty, config: parseConfig(configBytes), configBytes, layers: [layer] };
  const { detected } = await examineImage({
    ...{ image, ecosystems, detectors },
    ...{ index: noAdvisories(now), cache: noCache, clock: fixedClock(now), signal: AbortSignal.timeout(120_000) },
    progress() {},
  });
  return detected;
}
