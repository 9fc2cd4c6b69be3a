import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { algorithmOf, DigestError, finishDigest } from '../digest.ts';
import type { Descriptor } from '../model.ts';

/**
 * Passes bytes on while hashing them. The stream fails with `digest_mismatch` as soon as there are too many, or at
 * its end when they are too few or other ones; a reader must therefore not trust anything before the end.
 * @param close releases what the source holds, also when the reader gives up early
 */
export function verifyStream(
  source: AsyncIterable<Uint8Array>,
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  close: () => void | Promise<void> = () => {},
): Readable {
  return Readable.from(verified(source, descriptor, close), { objectMode: false, highWaterMark: 1024 * 1024 });
}

async function* verified(
  source: AsyncIterable<Uint8Array>,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  close: () => void | Promise<void>,
): AsyncGenerator<Uint8Array> {
  const algorithm = algorithmOf(digest);
  const hash = createHash(algorithm);
  let seen = 0;
  try {
    for await (const chunk of source) {
      seen += chunk.length;
      if (seen > size) throw new DigestError('digest_mismatch', `${digest}: more than the promised ${size} bytes`);
      hash.update(chunk);
      yield chunk;
    }
    if (seen < size) throw new DigestError('digest_mismatch', `${digest}: ${seen} bytes instead of ${size}`);
    const actual = finishDigest(hash, algorithm);
    if (actual !== digest) throw new DigestError('digest_mismatch', `${digest}: the content hashes to ${actual}`);
  } finally {
    await close();
  }
}
