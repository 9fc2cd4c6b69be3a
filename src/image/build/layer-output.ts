import { createHash } from 'node:crypto';
import type { Transform } from 'node:stream';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { BlobStore } from '../blob-store.ts';
import { type Digest, finishDigest } from '../digest.ts';
import { LayerWriteError } from './errors.ts';

/** Compressed bytes in the store, and the digest of what they unpack to. */
export interface StoredOutput {
  readonly digest: Digest;
  readonly size: number;
  readonly diffId: Digest;
}

const chunkSize = 256 * 1024;

/**
 * Smaller blocks suit the mix of binaries and texts in packages: on the layer of a Debian 11 fix (29.6 MB) 14.17 MB
 * instead of 14.27 MB with the default of 8, for a tenth more time.
 */
const gzipOptions = { level: 6, memLevel: 6, chunkSize };

/**
 * The way of a layer's bytes: hashed, compressed, hashed again by the store, never held whole. Destroying it makes
 * the store forget what it has.
 */
export class LayerOutput {
  readonly #compressor: Transform;
  readonly #diffId = createHash('sha256');
  readonly #stored: Promise<{ digest: Digest; size: number }>;
  readonly #stopListening: () => void;
  #failure: unknown;

  constructor(store: BlobStore, compression: 'gzip' | 'zstd', signal: AbortSignal) {
    this.#compressor = compression === 'zstd' ? createZstdCompress({ chunkSize }) : createGzip(gzipOptions);
    // The reader hears of a failure by itself, but it may not have begun to read.
    this.#compressor.on('error', () => {});
    const content = compression === 'zstd' ? this.#compressor : withoutSystem(this.#compressor);
    this.#stored = store.put(content, undefined, signal);
    this.#stored.catch((error) => this.#fail(error));
    const abort = (): void => this.#fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', abort);
    if (signal.aborted) abort();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#compressor.destroy(error instanceof Error ? error : new Error(String(error)));
  }

  /** Waits when the store is slower than the writer. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (bytes.length === 0) return;
    this.#diffId.update(bytes);
    if (!this.#compressor.write(bytes)) await this.#writable();
    if (this.#failure !== undefined) throw this.#failure;
  }

  #writable(): Promise<void> {
    const compressor = this.#compressor;
    return new Promise((resolve) => {
      const wake = (): void => {
        compressor.off('drain', wake).off('close', wake);
        resolve();
      };
      compressor.on('drain', wake).on('close', wake);
      if (compressor.destroyed) wake();
    });
  }

  async close(): Promise<StoredOutput> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#compressor.end();
    try {
      const { digest, size } = await this.#stored;
      return { digest, size, diffId: finishDigest(this.#diffId, 'sha256') };
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      this.#stopListening();
    }
  }

  async abort(): Promise<void> {
    this.#stopListening();
    this.#fail(new LayerWriteError('writer_closed', 'the layer was given up'));
    await this.#stored.catch(() => {});
  }
}

/** The gzip header names the operating system of the writer; 255 is "unknown", so the bytes are the same everywhere. */
async function* withoutSystem(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    if (first) chunk[9] = 255;
    first = false;
    yield chunk;
  }
}
