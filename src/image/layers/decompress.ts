import type { Readable } from 'node:stream';
import type { Diagnostic } from '../../kernel/index.ts';
import type { LayerLimits } from './contract.ts';
import { LayerError } from './errors.ts';
import {
  gunzip,
  gunzipMembers,
  isGzipMember,
  isSkippableFrame,
  isZstdFrame,
  TrailingGarbage,
  unzstd,
} from './inflate.ts';
import { InputQueue } from './input-queue.ts';

/** How the bytes of a layer are compressed, judged by what they start with and not by the media type. */
export type Compression = 'none' | 'gzip' | 'zstd';

/** Limits on what decompression may produce. */
export type DecompressionLimits = Pick<LayerLimits, 'layerBytes' | 'ratio' | 'ratioAfter'>;

/** What decompression is told. */
export interface DecompressionOptions {
  readonly limits: DecompressionLimits;
  readonly signal: AbortSignal;
  /** Called with the compressed bytes read so far. */
  readonly onBytes?: ((compressed: number) => void) | undefined;
}

/** The uncompressed bytes of a layer. */
export interface Decompressed {
  readonly compression: Compression;
  /**
   * Ends only after the source was read to its end, so that the source's own digest check has spoken.
   * @throws LayerError `too_large`, `corrupt_layer`; whatever the source fails with
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Final when `chunks` has ended. */
  readonly stats: { readonly compressedBytes: number; readonly uncompressedBytes: number };
  readonly diagnostics: readonly Diagnostic[];
}

/** Names of what other programs compress with, and the bytes that it starts with. */
const unsupported: readonly (readonly [string, Buffer])[] = [
  ['xz', Buffer.from('fd377a585a00', 'hex')],
  ['bzip2', Buffer.from('BZh')],
];

/**
 * Opens a layer and decompresses it while it is read.
 * @param open may be called a second time, when data behind the last gzip member asks for a slower way of reading
 * @throws LayerError `unsupported_compression`; whatever `open` fails with
 */
export async function decompressLayer(
  open: () => Promise<Readable>,
  options: DecompressionOptions,
): Promise<Decompressed> {
  const input = new InputQueue(await open(), options.onBytes);
  const compression = await compressionOf(input);
  const stats = { compressedBytes: 0, uncompressedBytes: 0 };
  const diagnostics: Diagnostic[] = [];

  async function* chunks(): AsyncGenerator<Uint8Array> {
    let current = input;
    try {
      try {
        yield* metered(inflated(current, compression), current);
      } catch (error) {
        if (!(error instanceof TrailingGarbage)) throw error;
        current.close();
        current = new InputQueue(await open());
        yield* metered(withoutFirst(gunzipMembers(current), stats.uncompressedBytes), current);
      }
      if (await current.drain()) {
        diagnostics.push({
          code: 'trailing_data',
          message: 'there is data behind the end of the compressed layer; it was not looked at',
        });
      }
      stats.compressedBytes = current.bytesRead;
    } finally {
      current.close();
    }
  }

  async function* metered(produced: AsyncIterable<Buffer>, from: InputQueue): AsyncGenerator<Buffer> {
    for await (const chunk of produced) {
      options.signal.throwIfAborted();
      stats.uncompressedBytes += chunk.length;
      checkSize(stats.uncompressedBytes, from.bytesRead, options.limits);
      yield chunk;
    }
  }

  return { compression, chunks: chunks(), stats, diagnostics };
}

async function compressionOf(input: InputQueue): Promise<Compression> {
  const head = await input.peek(8);
  if (isGzipMember(head)) return 'gzip';
  if (isZstdFrame(head) || isSkippableFrame(head)) return 'zstd';
  const other = unsupported.find(([, magic]) => head.subarray(0, magic.length).equals(magic));
  if (other === undefined) return 'none';
  input.close();
  throw new LayerError('unsupported_compression', `the layer is compressed with ${other[0]}`, {
    hint: 'build the image with gzip or zstd layers, as the OCI image specification asks for',
  });
}

function inflated(input: InputQueue, compression: Compression): AsyncIterable<Buffer> {
  if (compression === 'gzip') return gunzip(input);
  if (compression === 'zstd') return unzstd(input);
  return plain(input);
}

async function* plain(input: InputQueue): AsyncGenerator<Buffer> {
  while (input.length > 0 || (await input.fill())) {
    const chunk = input.chunk(0);
    input.consume(chunk.length);
    yield chunk;
  }
}

async function* withoutFirst(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

function checkSize(produced: number, consumed: number, limits: DecompressionLimits): void {
  if (produced > limits.layerBytes) {
    throw new LayerError('too_large', `the layer unpacks to more than ${limits.layerBytes} bytes`);
  }
  if (produced > limits.ratioAfter && produced > consumed * limits.ratio) {
    throw new LayerError('too_large', `the layer unpacks to more than ${limits.ratio} times its size`);
  }
}
