import assert from 'node:assert/strict';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { e0World } from '../support/e0.ts';
import * as hostile from '../support/hostile-layers.ts';
import { layer, record, records } from '../support/hostile-layers.ts';
import { fine, type ImageRow, imageTests, quick, rejected } from '../support/image-rows.ts';
import { paxBody, rawEntry, rawHeader } from '../support/raw-tar.ts';

/** Groups 4, 5, 13 and 14 of hostile-inputs.md: compression, archive structure and sizes, through the real command line. */

const world = await e0World();

const good = (): Buffer => Buffer.concat([rawEntry({ name: `${records}/good` }, record('good')), Buffer.alloc(1024)]);
const skippable = (bytes: number): Buffer => {
  const frame = Buffer.alloc(8 + bytes);
  frame.writeUInt32LE(0x184d2a50, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};
const zstd = 'application/vnd.oci.image.layer.v1.tar+zstd';
const compression: readonly ImageRow[] = [
  {
    group: 4,
    name: 'gzip 10 MB to 10 GiB',
    layer: hostile.gzipBomb,
    state: 'partial',
    codes: ['too_large'],
    options: quick,
  },
  {
    group: 4,
    name: 'gzip inside gzip is content, not unpacked again',
    layer: () => gzipSync(gzipSync(good())),
    state: 'partial',
    codes: [],
  },
  {
    group: 4,
    name: 'zstd 1:30,000',
    layer: () => hostile.zstdRuns(27, 1_000_000),
    mediaType: zstd,
    state: 'partial',
    codes: ['too_large'],
    options: quick,
  },
  {
    group: 4,
    name: 'zstd with a window of 2 GiB',
    layer: () => hostile.zstdRuns(31, 100_000),
    mediaType: zstd,
    state: 'partial',
    codes: ['corrupt_layer'],
    options: quick,
  },
  {
    group: 4,
    name: 'zstd:chunked with its skippable frames',
    layer: () => Buffer.concat([skippable(100), zstdCompressSync(good()), skippable(10_000)]),
    mediaType: zstd,
    ...fine,
    packages: ['good'],
  },
  {
    group: 4,
    name: 'gzip cut off',
    layer: () => gzipSync(good()).subarray(0, -12),
    state: 'partial',
    codes: ['corrupt_layer'],
  },
  {
    group: 4,
    name: 'zstd cut off',
    layer: () => zstdCompressSync(good()).subarray(0, -4),
    mediaType: zstd,
    state: 'partial',
    codes: ['corrupt_layer'],
  },
  {
    group: 4,
    name: 'concatenated members are one layer',
    layer: () => Buffer.concat([gzipSync(good().subarray(0, 700)), gzipSync(good().subarray(700))]),
    ...fine,
    packages: ['good'],
  },
  {
    group: 4,
    name: 'garbage behind the gzip data',
    layer: () => Buffer.concat([gzipSync(good()), Buffer.from('garbage that is no member')]),
    state: 'complete',
    codes: ['trailing_data'],
    packages: ['good'],
  },
  {
    group: 4,
    name: 'xz, which images may not use',
    layer: () => Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(100)]),
    state: 'partial',
    codes: ['unsupported_compression'],
  },
];

const structure: readonly ImageRow[] = [
  {
    group: 5,
    name: 'more entries than a layer may have',
    layer: hostile.tooManyEntries,
    state: 'partial',
    codes: ['too_many_entries'],
    // Two million entries are allowed, and each is kept until the layer turns out to have more.
    options: { cap: 768 * 1024 * 1024, wallLimit: 120_000 },
  },
  {
    group: 5,
    name: 'PAX header that claims 1 GiB',
    layer: () => gzipSync(rawHeader({ name: 'pax', flag: 'x', size: 2 ** 30 })),
    state: 'partial',
    codes: ['truncated_tar'],
  },
  {
    group: 5,
    name: 'PAX header above 1 MiB: its entry is rejected, the next one read',
    layer: () =>
      layer(
        rawEntry({ name: 'pax', flag: 'x' }, paxBody({ comment: 'c'.repeat(1_100_000) })),
        rawEntry({ name: `${records}/lost` }, record('lost')),
        rawEntry({ name: `${records}/next` }, record('next')),
      ),
    ...rejected,
    packages: ['next'],
  },
  {
    group: 5,
    name: 'duplicate names: the last one counts',
    layer: () =>
      layer(
        rawEntry({ name: `${records}/twice` }, record('first')),
        rawEntry({ name: `./${records}/twice` }, record('second')),
      ),
    ...fine,
    packages: ['second'],
  },
  {
    group: 5,
    name: 'GNU long names without end',
    layer: () => gzipSync(hostile.repeated(rawEntry({ name: '././@LongLink', flag: 'L' }, 'x'), 100_000)),
    ...fine,
    codes: ['truncated_tar'],
  },
  {
    group: 5,
    name: 'bad checksum: what follows is not read',
    layer: () => layer(rawEntry({ name: 'x', checksumError: 1 }, 'x'), rawEntry({ name: `${records}/y` }, record('y'))),
    state: 'partial',
    codes: ['invalid_tar'],
  },
  {
    group: 5,
    name: 'missing end blocks',
    layer: () => gzipSync(rawEntry({ name: `${records}/good` }, record('good'))),
    state: 'complete',
    codes: ['truncated_tar'],
    packages: ['good'],
  },
  {
    group: 5,
    name: 'cut in the middle of a file',
    layer: () => gzipSync(rawEntry({ name: 'x' }, 'x'.repeat(2000)).subarray(0, 1500)),
    state: 'partial',
    codes: ['truncated_tar'],
  },
  {
    group: 5,
    name: '200,000 entries in one directory, without a quadratic step',
    layer: () => layer(Buffer.concat(Array.from({ length: 200_000 }, (_, n) => rawHeader({ name: `d/${n}` })))),
    ...fine,
    options: quick,
  },
];

/** More files than a small process can hold: it must say so before its heap is exhausted. */
const manyFiles: ImageRow = {
  group: 5,
  name: '300,000 files in a heap of 96 MiB',
  layer: () => layer(Buffer.concat(Array.from({ length: 300_000 }, (_, n) => rawHeader({ name: `d/${n % 99}/${n}` })))),
  state: 'partial',
  codes: ['too_large'],
  options: { heap: 96 },
  check: ({ diagnostics }) => assert.match(JSON.stringify(diagnostics), /memory of this process/),
};

const metadata: readonly ImageRow[] = [
  ...[`${'1.'.repeat(50_000)}`, `${'a'.repeat(100_000)}!`, `1${'~'.repeat(100_000)}`, '1+'.repeat(2000)].map(
    (version): ImageRow => ({
      group: 13,
      name: `version of ${version.length} characters: ${version.slice(0, 6)}…`,
      layer: () => layer(rawEntry({ name: `${records}/v` }, record('version', version))),
      state: version.length > 5000 ? 'partial' : 'complete',
      options: quick,
    }),
  ),
  {
    group: 14,
    name: 'file of 4 GiB: streams through, what follows is read',
    layer: hostile.fourGibFile,
    ...fine,
    packages: ['behind-the-big-file'],
    options: { wallLimit: 120_000 },
  },
];

imageTests([...compression, ...structure, manyFiles, ...metadata], world);
