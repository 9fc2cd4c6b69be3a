import type { BlobStore, Digest } from '../image/index.ts';

/** Documents of ours in the blob store; plans and reports of huge images stay below this. */
const maxBytes = 256 * 1024 * 1024;

/** Reads a document of our own whole; the store verifies its digest. @throws RangeError when it is implausibly large */
export async function readBlobBytes(blobs: BlobStore, digest: Digest, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (await blobs.open(digest, signal)) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new RangeError(`the stored document ${digest} is too large`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
