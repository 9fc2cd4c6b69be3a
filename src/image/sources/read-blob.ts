import type { Readable } from 'node:stream';
import type { Digest } from '../digest.ts';
import { ImageError } from '../errors.ts';
import type { Descriptor, ManifestDocument } from '../model.ts';

/** What every source can do: give manifests and blobs by digest. An `ImageRepository` is one. */
export interface ImageContent {
  manifest(digest: Digest, signal: AbortSignal): Promise<ManifestDocument | undefined>;
  /** The stream fails with `digest_mismatch` when the bytes are not those of the descriptor. */
  openBlob(descriptor: Pick<Descriptor, 'digest' | 'size'>, signal: AbortSignal): Promise<Readable>;
}

/** Reads a small blob whole, such as a config. @throws ImageError `invalid_config` above `limit` bytes */
export async function readBlob(
  content: ImageContent,
  descriptor: Descriptor,
  limit: number,
  signal: AbortSignal,
): Promise<Buffer> {
  if (descriptor.size > limit) {
    throw new ImageError('invalid_config', `${descriptor.digest} has ${descriptor.size} bytes; the limit is ${limit}`);
  }
  const parts: Buffer[] = [];
  for await (const part of (await content.openBlob(descriptor, signal)) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
