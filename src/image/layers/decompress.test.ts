import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { crc32, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { decompressLayer } from './decompress.ts';
import { LayerError } from './errors.ts';
import { defaultLayerLimits } from './limits.ts';

const limits = defaultLayerLimits;
const text = Buffer.from('some text that repeats itself, some text that repeats itself\n'.repeat(2000));
const zeros = Buffer.alloc(5000);
const garbage = Buffer.from('not compressed at all');

async function unpack(bytes: Buffer, options: { chunk?: number; limits?: typeof limits } = {}) {
  const { chunk = 65536 } = options;
  const open = async () =>
    Readable.from(
      (function* () {
        for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
      })(),
      { objectMode: false },
    );
  const result = await decompressLayer(open, { limits: options.limits ?? limits, signal: AbortSignal.timeout(5000) });
  const chunks: Uint8Array[] = [];
  for await (const part of result.chunks) chunks.push(part);
  return {
    bytes: Buffer.concat(chunks),
    compression: result.compression,
    stats: result.stats,
    codes: result.diagnostics.map(({ code }) => code),
  };
}

/** A skippable zstd frame with a body. */
function skippable(body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(0x184d2a53, 0);
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const gzip = gzipSync(text);
const allFields = Buffer.concat([
  Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7]),
  Buffer.from('name\0comment\0', 'latin1'),
]);
const headerChecksum = Buffer.from([crc32(allFields) & 0xff, (crc32(allFields) >> 8) & 0xff]);
const named = Buffer.concat([allFields, headerChecksum, gzip.subarray(10)]);
const zstd = zstdCompressSync(text);

describe('decompression', () => {
  const cases: { name: string; bytes: Buffer; expect: Buffer; compression: string; codes?: string[] }[] = [
    { name: 'nothing', bytes: Buffer.alloc(0), expect: Buffer.alloc(0), compression: 'none' },
    { name: 'plain', bytes: text, expect: text, compression: 'none' },
    { name: 'gzip', bytes: gzip, expect: text, compression: 'gzip' },
    { name: 'gzip with name, comment, extra field', bytes: named, expect: text, compression: 'gzip' },
    {
      name: 'two members',
      bytes: Buffer.concat([gzip, gzip]),
      expect: Buffer.concat([text, text]),
      compression: 'gzip',
    },
    { name: 'an empty member', bytes: Buffer.concat([gzipSync(''), gzip]), expect: text, compression: 'gzip' },
    { name: 'zeros behind gzip', bytes: Buffer.concat([gzip, zeros]), expect: text, compression: 'gzip' },
    {
      name: 'garbage behind gzip',
      bytes: Buffer.concat([gzip, garbage]),
      expect: text,
      compression: 'gzip',
      codes: ['trailing_data'],
    },
    {
      name: 'zeros and garbage behind gzip',
      bytes: Buffer.concat([gzip, zeros, garbage]),
      expect: text,
      compression: 'gzip',
      codes: ['trailing_data'],
    },
    {
      name: 'garbage behind two members, one of them with all header fields',
      bytes: Buffer.concat([gzip, named, garbage]),
      expect: Buffer.concat([text, text]),
      compression: 'gzip',
      codes: ['trailing_data'],
    },
    { name: 'zstd', bytes: zstd, expect: text, compression: 'zstd' },
    {
      name: 'zstd frames and skippable frames',
      bytes: Buffer.concat([skippable(garbage), zstd, skippable(Buffer.alloc(0)), zstd, skippable(zeros)]),
      expect: Buffer.concat([text, text]),
      compression: 'zstd',
    },
    {
      name: 'garbage behind zstd',
      bytes: Buffer.concat([zstd, garbage]),
      expect: text,
      compression: 'zstd',
      codes: ['trailing_data'],
    },
  ];
  for (const { name, bytes, expect, compression, codes = [] } of cases) {
    for (const chunk of [1 << 20, 100]) {
      it(`${name}, ${chunk} bytes at a time`, async () => {
        const result = await unpack(bytes, { chunk });
        assert.ok(result.bytes.equals(expect), `${result.bytes.length} bytes instead of ${expect.length}`);
        assert.equal(result.compression, compression);
        assert.deepEqual(result.codes, codes);
        assert.deepEqual(result.stats, { compressedBytes: bytes.length, uncompressedBytes: expect.length });
      });
    }
  }

  it('gives the same for any chunking of members and frames', async () => {
    const body = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    const parts = fc.array(body, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        parts,
        fc.constantFrom(gzipSync, zstdCompressSync),
        fc.integer({ min: 1, max: 200 }),
        async (list, pack, chunk) => {
          const result = await unpack(Buffer.concat(list.map((part) => pack(part))), { chunk });
          assert.ok(result.bytes.equals(Buffer.concat(list)));
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('decompression, damage and limits', () => {
  const small = { ...limits, layerBytes: 50_000, ratioAfter: 10_000, ratio: 20 };
  const cases: { name: string; bytes: Buffer; code: string; limits?: typeof limits }[] = [
    { name: 'gzip cut in the data', bytes: gzip.subarray(0, -20), code: 'corrupt_layer' },
    { name: 'gzip cut in the trailer', bytes: gzip.subarray(0, -5), code: 'corrupt_layer' },
    { name: 'gzip cut in the header', bytes: gzip.subarray(0, 7), code: 'corrupt_layer' },
    {
      name: 'gzip with a wrong checksum',
      bytes: Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8, 1)]),
      code: 'corrupt_layer',
    },
    {
      name: 'gzip with a wrong checksum and garbage',
      bytes: Buffer.concat([gzip, gzip.subarray(0, -8), Buffer.alloc(8, 1), garbage]),
      code: 'corrupt_layer',
    },
    { name: 'zstd cut off', bytes: zstd.subarray(0, -5), code: 'corrupt_layer' },
    {
      name: 'a skippable frame cut off',
      bytes: Buffer.concat([zstd, skippable(zeros).subarray(0, 100)]),
      code: 'corrupt_layer',
    },
    { name: 'over the absolute limit', bytes: text, code: 'too_large', limits: small },
    { name: 'over the ratio', bytes: gzipSync(Buffer.alloc(40_000)), code: 'too_large', limits: small },
    { name: 'xz', bytes: Buffer.from('fd377a585a000004', 'hex'), code: 'unsupported_compression' },
    { name: 'bzip2', bytes: Buffer.from('BZh91AY&SY'), code: 'unsupported_compression' },
  ];
  for (const { name, bytes, code, limits: own } of cases) {
    it(name, async () => {
      const failure = await unpack(bytes, own ? { limits: own } : {}).then(
        () => undefined,
        (error) => error,
      );
      assert.ok(failure instanceof LayerError, `${failure}`);
      assert.equal(failure.code, code);
    });
  }

  it('releases the source when it fails', async () => {
    const source = Readable.from([text], { objectMode: false });
    const result = await decompressLayer(async () => source, { limits: small, signal: AbortSignal.timeout(5000) });
    await assert.rejects(async () => {
      for await (const _ of result.chunks);
    });
    assert.ok(source.destroyed);
  });
});
