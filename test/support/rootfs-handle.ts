import { createReadStream, statSync } from 'node:fs';
import type { ImageHandle } from '../../src/image/index.ts';
import { handleOf } from './image-handle.ts';
import { buildTestImage, tar } from './test-image.ts';

/** A root file system (an uncompressed tar on this machine) as an image of one layer; its bytes are streamed. */
export function rootfsHandle(file: string, reference = 'test.example/clean:1'): ImageHandle {
  const handle = handleOf(buildTestImage([tar({})], { compression: 'none' }), reference);
  const layers = handle.layers.map((layer) => ({
    ...layer,
    descriptor: { ...layer.descriptor, size: statSync(file).size },
    open: async () => createReadStream(file, { highWaterMark: 256 * 1024 }),
  }));
  return { ...handle, layers };
}
