import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';
import { CodedError, messageOf } from '../../../kernel/index.ts';
import { DebError } from './errors.ts';

/** Compressions of package members and package indexes. */
export type Compression = 'none' | 'gzip' | 'xz' | 'zstd';

/** Bounds of one decompression. */
export interface UnpackLimits {
  /** Unpacked bytes. */
  readonly bytes: number;
  /** Unpacked : packed, judged only after `ratioAfter` unpacked bytes. */
  readonly ratio: number;
  readonly ratioAfter: number;
}

const chunkSize = 256 * 1024;
const maxZstdWindow = 27;

/**
 * Unpacks a stream with backpressure. Ending the loop early ends the source too. Only one xz stream of the process
 * runs at a time, others wait for its end: never read two of them in turns.
 * @throws DebError `too_large`, or `invalid_package` for damaged data; errors of the source as they are.
 */
export async function* decompress(
  compression: Compression,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  const count = { packed: 0 };
  let failure: unknown;
  const counted = (async function* () {
    try {
      for await (const chunk of source) {
        count.packed += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  })();
  let unpacked = 0;
  try {
    for await (const chunk of unpack(compression, counted)) {
      unpacked += chunk.length;
      const bomb = unpacked > limits.ratioAfter && unpacked > limits.ratio * count.packed;
      if (unpacked > limits.bytes || bomb) {
        throw new DebError('too_large', `a compressed member unpacks to more than ${unpacked - chunk.length} bytes`);
      }
      if (chunk.length > 0) yield chunk;
    }
  } catch (cause) {
    if (failure !== undefined) throw failure;
    if (cause instanceof CodedError) throw cause;
    throw new DebError('invalid_package', `damaged ${compression} data: ${messageOf(cause)}`, { cause });
  }
}

function unpack(compression: Compression, source: AsyncGenerator<Uint8Array>): AsyncIterable<Uint8Array> {
  switch (compression) {
    case 'none':
      return source;
    case 'xz':
      return unpackXz(source);
    case 'gzip':
      return through(source, createGunzip({ chunkSize }));
    case 'zstd': {
      const params = { [constants.ZSTD_d_windowLogMax]: maxZstdWindow };
      return through(source, createZstdDecompress({ chunkSize, params }));
    }
  }
}

async function* through(source: AsyncGenerator<Uint8Array>, transform: Transform): AsyncGenerator<Uint8Array> {
  // The error reaches the reader through the transform; the promise only must not be left unobserved.
  const done = pipeline(Readable.from(source, { objectMode: false, highWaterMark: chunkSize }), transform);
  done.catch(() => {});
  try {
    for await (const chunk of transform) yield chunk as Uint8Array;
  } finally {
    transform.destroy();
    await done.catch(() => {});
  }
}

async function* unpackXz(source: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  const packed = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await source.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await source.return(undefined);
    },
  });
  const reader = new xz.XzReadableStream(packed as globalThis.ReadableStream<Uint8Array>).getReader();
  let open = true;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    open = false;
  } finally {
    // Gives the decoder back; after an error it has already done so itself, and cancelling would do it twice.
    if (open) await reader.cancel().catch(() => {});
    await source.return(undefined);
  }
}
