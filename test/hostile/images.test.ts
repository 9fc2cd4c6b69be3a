import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { ScanReport } from '../../src/findings/index.ts';
import { e0World } from '../support/e0.ts';
import { gnuNamed, layer, paxNamed, record, records } from '../support/hostile-layers.ts';
import { fine, type ImageRow, imageTests, rejected } from '../support/image-rows.ts';
import { paxBody, rawEntry, rawHeader } from '../support/raw-tar.ts';

/** Groups 1–3 and 9 of hostile-inputs.md: names, links, special entries and whiteouts, through the real command line. */

const world = await e0World();
const canary = 'from-the-host';

before(async () => {
  await writeFile(join(world.host, 'etc/package'), record(canary));
});

const file =
  (name: string | Buffer, body = 'x'): (() => Buffer) =>
  () =>
    layer(rawEntry({ name }, body));
const link = (name: string, target: string, flag: '1' | '2' = '2'): Buffer => rawEntry({ name, flag, link: target });

const names: readonly ImageRow[] = [
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

const links: readonly ImageRow[] = [
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
const special: readonly ImageRow[] = [
  ...(['3', '4', '6'] as const).map(
    (flag): ImageRow => ({
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

const whiteouts: readonly ImageRow[] = [
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

function paths(report: ScanReport): readonly string[] {
  return report.packages.flatMap(({ locations }) => locations.map(({ path }) => path));
}

imageTests([...names, ...links, ...special, ...whiteouts], world);
