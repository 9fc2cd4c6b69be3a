import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { algorithmOf, BlobError, type BlobStore, type Digest, finishDigest, hexOf } from '../../image/index.ts';
import { isProcessRunning } from '../../kernel/index.ts';
import { spoolToFile } from './spool.ts';
import { storageError } from './storage-error.ts';

/**
 * Blobs as files `<directory>/<algorithm>/<first two hex>/<hex>`. A blob is written to `<directory>/incoming`,
 * flushed, and renamed into place, so a crash leaves it whole or not at all; leftovers of dead processes are swept
 * by {@link sweepIncoming}.
 */
export function createFilesystemBlobs(directory: string): BlobStore {
  const incoming = join(directory, 'incoming');
  const temporaryName = (): string => join(incoming, `${process.pid}-${randomUUID()}`);
  const pathOf = (digest: Digest): string =>
    join(directory, algorithmOf(digest), hexOf(digest).slice(0, 2), hexOf(digest));

  const size = async (digest: Digest): Promise<number | undefined> => {
    try {
      return (await stat(pathOf(digest))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw storageError(error);
    }
  };

  return {
    size,

    async open(digest, signal) {
      if ((await size(digest)) === undefined) {
        throw new BlobError('blob_not_found', `no blob ${digest} in the local store`);
      }
      const file = createReadStream(pathOf(digest), { highWaterMark: 1 << 20, ...(signal && { signal }) });
      const verified = new VerifyTransform(digest);
      file.once('error', (error) => verified.destroy(error));
      verified.once('close', () => file.destroy());
      return file.pipe(verified);
    },

    async put(content, expect, signal) {
      await mkdir(incoming, { recursive: true });
      const temporary = temporaryName();
      try {
        const written = await writeFlushed(temporary, content, expect, signal);
        const target = pathOf(written.digest);
        await mkdir(join(target, '..'), { recursive: true });
        await rename(temporary, target);
        return written;
      } catch (error) {
        await rm(temporary, { force: true });
        throw storageError(error);
      }
    },

    async remove(digest) {
      await rm(pathOf(digest), { force: true });
    },

    async spool(content, signal) {
      await mkdir(incoming, { recursive: true });
      return spoolToFile(temporaryName(), content, signal);
    },
  };
}

async function writeFlushed(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  expect: { digest: Digest; size?: number } | undefined,
  signal: AbortSignal | undefined,
): Promise<{ digest: Digest; size: number }> {
  const algorithm = expect ? algorithmOf(expect.digest) : 'sha256';
  const hash = createHash(algorithm);
  let size = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of content) {
      signal?.throwIfAborted();
      size += chunk.length;
      if (expect?.size !== undefined && size > expect.size) {
        throw new BlobError('digest_mismatch', `expected ${expect.size} bytes for ${expect.digest}, got more`);
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  const digest = finishDigest(hash, algorithm);
  if (expect && (digest !== expect.digest || (expect.size !== undefined && size !== expect.size))) {
    throw new BlobError('digest_mismatch', `expected ${expect.digest}, got ${digest} (${size} bytes)`);
  }
  return { digest, size };
}

/** Fails at the end when what was read is not what the name promises (a damaged disk, a hand in the store). */
class VerifyTransform extends Transform {
  readonly #digest: Digest;
  readonly #hash;

  constructor(digest: Digest) {
    super({ highWaterMark: 1 << 20 });
    this.#digest = digest;
    this.#hash = createHash(algorithmOf(digest));
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#hash.update(chunk);
    done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const actual = finishDigest(this.#hash, algorithmOf(this.#digest));
    if (actual === this.#digest) {
      done();
      return;
    }
    done(
      new BlobError('digest_mismatch', `the stored blob ${this.#digest} is damaged (it hashes to ${actual})`, {
        hint: 'remove the file from the blob store; it will be fetched again',
      }),
    );
  }
}

/** Removes half-written blobs of processes that no longer run. Call once at the start of a long-lived command. */
export async function sweepIncoming(directory: string): Promise<number> {
  const incoming = join(directory, 'incoming');
  const names = await readdir(incoming).catch(() => []);
  let removed = 0;
  for (const name of names) {
    if (isProcessRunning(Number.parseInt(name, 10))) continue;
    await rm(join(incoming, name), { force: true });
    removed++;
  }
  return removed;
}
