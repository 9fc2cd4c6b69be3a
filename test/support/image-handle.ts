import { Readable } from 'node:stream';
import {
  type Digest,
  type ImageHandle,
  isForeignLayer,
  type LayerHandle,
  type Manifest,
  type ManifestDocument,
  parseConfig,
  parseManifestDocument,
} from '../../src/image/index.ts';
import type { TestImage } from './test-image.ts';

/** What a test may see of the use of a handle. */
export interface TestHandle extends ImageHandle {
  /** Digests of the layers that were opened, in order. */
  readonly opened: readonly Digest[];
}

/** Opens an image that lies in memory; its bytes are delivered as they are, without any check. */
export function handleOf(image: TestImage, reference = 'test.example/app:1'): TestHandle {
  const document = parseManifestDocument(image.manifest, image.mediaType) as ManifestDocument & {
    readonly content: Manifest;
  };
  const blob = (digest: string): Buffer => {
    const bytes = image.blobs.get(digest);
    if (bytes === undefined) throw new Error(`test image without blob ${digest}`);
    return bytes;
  };
  const configBytes = blob(document.content.config.digest);
  const config = parseConfig(configBytes);
  const opened: Digest[] = [];
  const layers = document.content.layers.map((descriptor, index): LayerHandle => {
    const diffId = config.diffIds[index];
    if (diffId === undefined) throw new Error('test image with too few diff-ids');
    return {
      descriptor,
      diffId,
      foreign: isForeignLayer(descriptor),
      async open() {
        opened.push(descriptor.digest);
        return Readable.from([blob(descriptor.digest)]);
      },
    };
  });
  const platform = { os: config.os, architecture: config.architecture };
  return {
    ...{ reference, document, indexDigest: undefined, config, configBytes, platform, layers, opened },
    diagnostics: [],
  };
}
