import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { ScanReport } from '../../src/findings/index.ts';
import { type E0Options, e0World } from '../support/e0.ts';
import * as hostile from '../support/hostile-layers.ts';
import { base, gnuNamed, layer, paxNamed, record, records } from '../support/hostile-layers.ts';
import { storedImage, writeLayout } from '../support/layout-files.ts';
import { paxBody, rawEntry, rawHeader } from '../support/raw-tar.ts';

/**
 * Groups 1–6, 9, 13 and 14 of hostile-inputs.md: one hostile layer on top of a harmless one, through the real
 * command line under the common expectation E0. The package of the harmless layer must always be reported.
 */
interface Row {
  readonly group: number;
  readonly name: string;
  readonly layer: () => Buffer;
  /** A further layer above. */
  readonly above?: () => Buffer;
  readonly mediaType?: string;
  readonly state: ScanReport['scan']['state'];
  /** Codes of diagnostics that must be there. */
  readonly codes?: readonly string[];
  /** Packages found besides the one below. */
  readonly packages?: readonly string[];
  readonly check?: (report: ScanReport) => void;
  readonly options?: E0Options;
}

const world = await e0World();
const canary = 'from-the-host';

before(async () => {
  await writeFile(join(world.host, 'etc/package'), record(canary));
});

const fine = { state: 'complete', codes: [] } as const;
const rejected = { state: 'partial', codes: ['suspicious_archive'] } as const;
const file =
  (name: string | Buffer, body = 'x'): (() => Buffer) =>
  () =>
    layer(rawEntry({ name }, body));
const link = (name: string, target: string, flag: '1' | '2' = '2'): Buffer => rawEntry({ name, flag, link: target });

const names: readonly Row[] = [
  { group: 1, name: 'path that leaves the root', layer: file('../../etc/cron.d/x'), ...rejected },
  { group: 1, name: 'path that leaves the root in its middle', layer: file('a/../../b'), ...rejected },
  {
    group: 1,
    name: 'absolute path is taken inside the root',
    layer: file(`/${records}/absolute`, record('absolute')),
    ...fine,
    packages: ['absolute'],
  },
  {
    group: 1,
    name: 'dots that stay inside the root',
    layer: file(`./a/../${records}//./dotted`, record('dotted')),
    ...fine,
    packages: ['dotted'],
  },
  {
    group: 1,
    name: 'backslashes are ordinary characters',
    layer: file(`${records}/..\\..\\etc\\x`, record('backslash')),
    ...fine,
    packages: ['backslash'],
    check: (report) => assert.ok(paths(report).includes(`${records}/..\\..\\etc\\x`)),
  },
  { group: 1, name: 'NUL in a name', layer: () => layer(paxNamed('etc/a\0b', 'x')), ...rejected },
  { group: 1, name: 'name of 64 KiB', layer: () => layer(gnuNamed(`etc/${'n'.repeat(65_536)}`, 'x')), ...rejected },
  {
    group: 1,
    name: 'name of 4,096 bytes',
    layer: () => layer(gnuNamed(`${records}/${'d/'.repeat(2000)}x`.padEnd(4096, 'x'), 'x')),
    ...fine,
  },
  {
    group: 1,
    name: 'name that is not UTF-8 keeps its bytes',
    layer: file(Buffer.concat([Buffer.from(`${records}/`), Buffer.from([0xff, 0xfe])]), record('bytes')),
    ...fine,
    packages: ['bytes'],
    check: (report) => assert.match(JSON.stringify(paths(report)), /udcff\\udcfe|xff\\\\xfe|\\\\xff/),
  },
  { group: 1, name: 'empty name, and the root as a file', layer: file('/'), ...rejected, codes: [] },
];

const links: readonly Row[] = [
  {
    group: 2,
    name: 'link to a directory of the host: the image root is meant',
    layer: () => layer(link(records, join(world.host, 'etc'))),
    state: 'unsupported',
    check: (report) => assert.deepEqual(report.packages, []),
  },
  {
    group: 2,
    name: 'a file below a link to /etc lands in the image',
    layer: () => layer(link('a', '/var/lib/dpkg'), rawEntry({ name: 'a/status.d/passwd' }, record('below-link'))),
    ...fine,
    packages: ['below-link'],
  },
  {
    group: 2,
    name: 'a file below a link that leaves the root stays inside, over two layers',
    layer: () => layer(link('a', '../../../../var/lib/dpkg')),
    above: () => layer(rawEntry({ name: 'a/status.d/b' }, record('clamped'))),
    ...fine,
    packages: ['clamped'],
  },
  {
    group: 2,
    name: 'chain of 1,000 links',
    layer: () =>
      layer(...Array.from({ length: 1000 }, (_, n) => link(`l${n}`, `l${n + 1}`)), rawEntry({ name: 'l0/x' }, 'x')),
    ...rejected,
  },
  {
    group: 2,
    name: 'loop of links',
    layer: () => layer(link('a', 'b'), link('b', 'a'), rawEntry({ name: 'a/x' }, 'x')),
    ...rejected,
  },
  { group: 2, name: 'hard link that leaves the root', layer: () => layer(link('h', '../../x', '1')), ...rejected },
  {
    group: 2,
    name: 'hard link to a symbolic link is one itself',
    layer: () => layer(link('s', join(world.host, 'etc/package')), link(`${records}/h`, 's', '1')),
    state: 'complete',
    codes: [],
    check: (report) => assert.ok(!report.packages.some(({ name }) => name === canary)),
  },
  {
    group: 2,
    name: 'hard link to nothing',
    layer: () => layer(link(`${records}/h`, 'nowhere', '1')),
    state: 'complete',
    codes: ['dangling_hardlink'],
  },
  {
    group: 2,
    name: 'drive-relative path leaves the root',
    layer: file('C:../x/../../../y'),
    ...rejected,
  },
  {
    group: 2,
    name: 'farm of links that fan out',
    layer: () =>
      layer(
        ...Array.from({ length: 39 }, (_, n) => link(`f${n}`, `f${n + 1}/../f${n + 1}`)),
        ...Array.from({ length: 2000 }, (_, n) => rawEntry({ name: `f0/${n}` }, '')),
      ),
    ...rejected,
  },
];

const eightExbibytes = Buffer.from('800000007fffffffffffffff', 'hex');
const special: readonly Row[] = [
  ...(['3', '4', '6'] as const).map(
    (flag): Row => ({
      group: 3,
      name: `${{ 3: 'character device', 4: 'block device', 6: 'fifo' }[flag]} where a record is looked for`,
      layer: () => layer(rawEntry({ name: `${records}/x`, flag, devMajor: 1, devMinor: 5 })),
      ...fine,
    }),
  ),
  {
    group: 3,
    name: 'socket, an entry kind that tar does not have',
    layer: () => layer(rawEntry({ name: 'run/sock', flag: 's' })),
    state: 'partial',
    codes: ['unsupported_entry'],
  },
  {
    group: 3,
    name: 'setuid program with file capabilities',
    layer: () =>
      layer(
        rawEntry({ name: 'pax', flag: 'x' }, paxBody({ 'SCHILY.xattr.security.capability': '\u0001\0\0\u0002' })),
        rawEntry({ name: 'bin/su', mode: 0o6755 }, 'x'),
      ),
    ...fine,
  },
  {
    group: 3,
    name: 'old GNU sparse file that claims 8 EiB',
    layer: () => layer(rawHeader({ name: `${records}/s`, flag: 'S', patch: [[483, eightExbibytes]] })),
    state: 'partial',
    codes: ['sparse_file'],
  },
  {
    group: 3,
    name: 'PAX sparse file that claims 8 EiB',
    layer: () =>
      layer(
        rawEntry(
          { name: 'pax', flag: 'x' },
          paxBody({ 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '9223372036854775807' }),
        ),
        rawEntry({ name: `${records}/s` }, ''),
      ),
    state: 'partial',
    codes: ['sparse_file'],
  },
  {
    group: 3,
    name: 'plain file that claims 8 EiB and is cut off',
    layer: () => gzipSync(rawHeader({ name: `${records}/s`, size: eightExbibytes })),
    state: 'partial',
    codes: ['truncated_tar'],
  },
];

const good = (): Buffer => Buffer.concat([rawEntry({ name: `${records}/good` }, record('good')), Buffer.alloc(1024)]);
const skippable = (bytes: number): Buffer => {
  const frame = Buffer.alloc(8 + bytes);
  frame.writeUInt32LE(0x184d2a50, 0);
  frame.writeUInt32LE(bytes, 4);
  return frame;
};
const zstd = 'application/vnd.oci.image.layer.v1.tar+zstd';
const quick = { wallLimit: 20_000 };
const compression: readonly Row[] = [
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

const structure: readonly Row[] = [
  {
    group: 5,
    name: 'more entries than a layer may have',
    layer: hostile.tooManyEntries,
    state: 'partial',
    codes: ['too_many_entries'],
    // Two million entries are allowed, and each is kept until the layer turns out to have more.
    options: { cap: 768 * 1024 * 1024, wallLimit: 60_000 },
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
const manyFiles: Row = {
  group: 5,
  name: '300,000 files in a heap of 96 MiB',
  layer: () => layer(Buffer.concat(Array.from({ length: 300_000 }, (_, n) => rawHeader({ name: `d/${n % 99}/${n}` })))),
  state: 'partial',
  codes: ['too_large'],
  options: { heap: 96 },
  check: ({ diagnostics }) => assert.match(JSON.stringify(diagnostics), /memory of this process/),
};

const whiteouts: readonly Row[] = [
  { group: 9, name: 'whiteout of a whiteout', layer: file('.wh..wh..wh.x', ''), ...fine },
  { group: 9, name: 'whiteout of nothing', layer: file('.wh.', ''), ...fine },
  { group: 9, name: 'whiteout of the root', layer: file('.wh..', ''), ...fine },
  { group: 9, name: 'whiteout of what is above the root', layer: file('etc/.wh...', ''), ...fine },
  { group: 9, name: 'whiteout of a path that never was', layer: file('no/where/.wh.x', ''), ...fine },
  {
    group: 9,
    name: 'opaque root: what this layer brings stays',
    layer: () => layer(rawEntry({ name: '.wh..wh..opq' }), rawEntry({ name: `${records}/new` }, record('new'))),
    state: 'unsupported',
    packages: ['new'],
    check: (report) =>
      assert.deepEqual(
        report.packages.map(({ name }) => name),
        ['new'],
      ),
  },
  {
    group: 9,
    name: 'directory replaced by a file',
    layer: file(records, 'no directory any more'),
    state: 'unsupported',
    check: (report) => assert.deepEqual(report.packages, []),
  },
  {
    group: 9,
    name: 'file replaced by a directory',
    layer: () =>
      layer(rawEntry({ name: `${records}/base/`, flag: '5' }), rawEntry({ name: `${records}/other` }, record('o2'))),
    ...fine,
    packages: ['o2'],
    check: (report) => assert.ok(!report.packages.some(({ name }) => name === 'base-files')),
  },
  {
    group: 9,
    name: 'package record overwritten above',
    layer: file(`${records}/base`, record('base-files', '99')),
    ...fine,
    check: (report) => assert.equal(report.packages[0]?.version, '99'),
  },
];

const metadata: readonly Row[] = [
  ...[`${'1.'.repeat(50_000)}`, `${'a'.repeat(100_000)}!`, `1${'~'.repeat(100_000)}`, '1+'.repeat(2000)].map(
    (version): Row => ({
      group: 13,
      name: `version of ${version.length} characters: ${version.slice(0, 6)}…`,
      layer: file(`${records}/v`, record('version', version)),
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
    options: { wallLimit: 60_000 },
  },
];

function paths(report: ScanReport): readonly string[] {
  return report.packages.flatMap(({ locations }) => locations.map(({ path }) => path));
}

for (const row of [
  ...names,
  ...links,
  ...special,
  ...compression,
  ...structure,
  manyFiles,
  ...whiteouts,
  ...metadata,
]) {
  test(`group ${row.group}: ${row.name}`, async () => {
    const directory = join(world.images, 'image');
    const stored = [{ stored: base }, { stored: row.layer(), ...(row.mediaType && { mediaType: row.mediaType }) }];
    if (row.above) stored.push({ stored: row.above() });
    await writeLayout(directory, storedImage(stored));
    const run = await world.run(['scan', `oci:${directory}:v1`, '--json', '-q'], row.options);
    assert.equal(run.code, 0, run.stderr);
    const report = JSON.parse(run.stdout) as ScanReport;
    const told = JSON.stringify(report.diagnostics.slice(0, 5), null, 1);
    assert.equal(report.scan.state, row.state, told);
    for (const code of row.codes ?? [])
      assert.ok(
        report.diagnostics.some((d) => d.code === code),
        `${code} in ${told}`,
      );
    const found = report.packages.map(({ name }) => name);
    for (const name of row.packages ?? []) assert.ok(found.includes(name), `${name} in ${found}`);
    if (row.check) row.check(report);
    else assert.ok(found.includes('base-files'), `the harmless package in ${found}`);
  });
}
