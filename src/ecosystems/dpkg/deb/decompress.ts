import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { CodedError, messageOf } from '../../../kernel/index.ts';
import { DebError } from './errors.ts';
import { unpackXz } from './xz.ts';

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
 * Unpacks a stream with backpressure. Ending the loop early ends the source too. Only a few xz streams of
 * the process run at a time, others wait for the end of one: never open a second one while reading a first.
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
