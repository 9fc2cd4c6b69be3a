import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  BlobError,
  type BlobStore,
  type Digest,
  digestOf,
  type LayerHandle,
  type LayerTree,
} from '../../src/image/index.ts';
import { walkLayer } from '../../src/image/layers/walk.ts';
import { MemorySpool } from './memory-spool.ts';

/** A layer in memory whose stream fails at its end when `digest` is not the one of the bytes, as real sources do. */
export function layerOf(
  bytes: Uint8Array,
  options: { digest?: Digest; diffId?: Digest; chunk?: number } = {},
): LayerHandle {
  const digest = options.digest ?? digestOf(bytes);
  return {
    descriptor: { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size: bytes.length },
    diffId: options.diffId ?? digest,
    foreign: false,
    open: async () => Readable.from(verified(bytes, digest, options.chunk ?? 65536), { objectMode: false }),
  };
}

async function* verified(bytes: Uint8Array, digest: Digest, size: number): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = Buffer.from(bytes.subarray(at, at + size));
    hash.update(chunk);
    yield chunk;
  }
  if (`sha256:${hash.digest('hex')}` !== digest) throw new BlobError('digest_mismatch', 'not the bytes of the layer');
}

/** The tree of a tar archive in memory. */
export async function treeOf(bytes: Uint8Array): Promise<LayerTree> {
  return (await walkLayer(layerOf(bytes), [], { signal: AbortSignal.timeout(20_000) })).tree;
}

/** A blob store in memory. */
export function memoryBlobs(): BlobStore & {
  readonly blobs: ReadonlyMap<Digest, Buffer>;
  /** Everything that was spooled, given back or not. */
  readonly spools: readonly MemorySpool[];
} {
  const blobs = new Map<Digest, Buffer>();
  const spools: MemorySpool[] = [];
  return {
    blobs,
    spools,
    size: async (digest) => blobs.get(digest)?.length,
    async open(digest) {
      const bytes = blobs.get(digest);
      if (bytes === undefined) throw new BlobError('blob_not_found', digest);
      return Readable.from([bytes]);
    },
    async put(content) {
      const parts: Uint8Array[] = [];
      for await (const chunk of content) parts.push(chunk);
      const bytes = Buffer.concat(parts);
      blobs.set(digestOf(bytes), bytes);
      return { digest: digestOf(bytes), size: bytes.length };
    },
    async remove(digest) {
      blobs.delete(digest);
    },
    async spool(content) {
      const spooled = await MemorySpool.of(content);
      spools.push(spooled);
      return spooled;
    },
  };
}
