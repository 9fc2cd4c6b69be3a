import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { rpmCataloger } from '../../src/ecosystems/rpm/catalog.ts';
import { rpmVersions } from '../../src/ecosystems/rpm/versions.ts';
import type { ScanReport } from '../../src/findings/index.ts';
import { fixedClock, noProgress } from '../../src/kernel/index.ts';
import { noCache, scanImage } from '../../src/scan/index.ts';
import { factLayers } from '../support/fact-layers.ts';
import { fakeAdvisories } from '../support/fake-advisories.ts';
import { handleOf } from '../support/image-handle.ts';
import { rpmHeader, rpmNdb, rpmSqlite, type TestRpm } from '../support/rpm-database.ts';
import { buildTestImage, type TarMember, tar } from '../support/test-image.ts';

/** What an image's rpm database may try, and what must come of it. */
interface Row {
  readonly name: string;
  readonly files: () => Readonly<Record<string, TarMember | string | Uint8Array>>;
  readonly packages: readonly string[];
  /** What the one diagnostic about the database says; undefined when all is well. */
  readonly problem?: RegExp;
  readonly state?: ScanReport['scan']['state'];
}

const sqlitePath = 'var/lib/rpm/rpmdb.sqlite';
const ndbPath = 'usr/lib/sysimage/rpm/Packages.db';
const bdbPath = 'var/lib/rpm/Packages';
const bdb = (order: 'little' | 'big'): Buffer =>
  Buffer.from(readFileSync(new URL(`../support/testdata/rpm-bdb-${order}-endian`, import.meta.url)));

const honest: TestRpm = { name: 'openssl-libs', epoch: 1, version: '1.1.1k', release: '9.el8_7' };
const big = (name: string): TestRpm => ({
  name,
  files: Array.from({ length: 2000 }, (_, index) => `/usr/share/${name}/${index}`),
});
const headers = [rpmHeader(honest), rpmHeader(big('big-one')), rpmHeader(big('big-two'))];
const names = ['big-one', 'big-two', 'openssl-libs'];
const database = (sql?: string): Buffer => rpmSqlite(headers, sql === undefined ? {} : { sql }).database;

/** A copy in which one 32-bit number is another. */
function forged(content: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(content);
  copy.writeUInt32BE(value, at);
  return copy;
}

/** Page after page of a database, with the offset of each. */
function* pagesOf(content: Buffer, size: number): Generator<[page: Buffer, at: number]> {
  for (let at = 0; at < content.length; at += size) yield [content.subarray(at, at + size), at];
}

/** All overflow pages lead to the same one. */
function withCycle(): Buffer {
  const content = Buffer.from(database());
  for (const [page, at] of pagesOf(content, 4096)) {
    // An overflow page begins with the number of the next one, which is a small number here.
    if (at > 0 && page.readUInt32BE(0) === at / 4096 + 2) page.writeUInt32BE(at / 4096 + 1, 0);
  }
  return content;
}

/** The page of the packages is full of pointers to the same row. */
function withRepeatedRows(): Buffer {
  const content = Buffer.from(rpmSqlite([rpmHeader(honest)], { pageSize: 65_536 }).database);
  for (const [page] of pagesOf(content, 65_536)) {
    if (page[0] !== 0x0d || !page.includes('openssl-libs')) continue;
    const cell = page.readUInt16BE(8);
    page.writeUInt16BE(30_000, 3);
    for (let pointer = 0; pointer < 30_000; pointer++) page.writeUInt16BE(cell, 8 + pointer * 2);
  }
  return content;
}

const rows: Row[] = [
  { name: 'an honest database', files: () => ({ [sqlitePath]: database() }), packages: names },
  ...[50, 100, 1000, 5000, 20_000].map(
    (length): Row => ({
      name: `sqlite cut off after ${length} bytes`,
      files: () => ({ [sqlitePath]: database().subarray(0, length) }),
      packages: length < 20_000 ? [] : ['openssl-libs'],
      problem: /cut off|does not have|no table/,
    }),
  ),
  {
    name: 'sqlite whose pages form a cycle',
    files: () => ({ [sqlitePath]: withCycle() }),
    packages: ['openssl-libs'],
    problem: /cycle/,
  },
  {
    name: 'sqlite with 30,000 pointers to one row',
    files: () => ({ [sqlitePath]: withRepeatedRows() }),
    packages: ['openssl-libs'],
    problem: /damaged pages|no packages/,
  },
  {
    name: 'sqlite with triggers, views and a virtual table beside the packages',
    files: () => ({
      [sqlitePath]: database(
        'CREATE VIRTUAL TABLE evil USING fts5(a); CREATE VIEW sqlite_x AS SELECT 1;'.replace('sqlite_x', 'pkgs') +
          "CREATE TABLE t (a); CREATE TRIGGER boom AFTER INSERT ON t BEGIN SELECT load_extension('x'); END;",
      ),
    }),
    packages: names,
  },
  {
    name: 'sqlite where a virtual table has the name of the packages',
    files: () => ({ [sqlitePath]: database('CREATE VIRTUAL TABLE Packages USING fts5(blob);') }),
    packages: [],
    problem: /no table of packages/,
  },
  {
    name: 'sqlite whose schema says that page 0 or 2^31 holds the packages',
    files: () => {
      const content = Buffer.from(database());
      const sql = content.indexOf('CREATE TABLE Packages');
      // The page number stands right before the text of the table's creation.
      content[sql - 1] = 0x7f;
      return { [sqlitePath]: content };
    },
    packages: [],
    problem: /does not have/,
  },
  {
    name: 'sqlite with a missing write-ahead log: what it held is in no file, so the database alone counts',
    files: () => ({ [sqlitePath]: rpmSqlite([rpmHeader(honest)], { logged: [rpmHeader(big('x'))] }).database }),
    packages: ['openssl-libs'],
  },
  {
    name: 'sqlite with a damaged write-ahead log',
    files: () => {
      const files = rpmSqlite([rpmHeader(honest)], { logged: [rpmHeader(big('x'))] });
      return { [sqlitePath]: files.database, [`${sqlitePath}-wal`]: forged(files.log, files.log.length - 100, 1) };
    },
    packages: ['openssl-libs'],
    problem: /write-ahead log is damaged/,
  },
  {
    name: 'header count of 2^31',
    files: () => ({ [sqlitePath]: rpmSqlite([forged(rpmHeader(honest), 0, 2 ** 31), ...headers.slice(1)]).database }),
    packages: ['big-one', 'big-two'],
    problem: /damaged package headers/,
  },
  {
    name: 'header whose data is longer than its blob',
    files: () => ({ [ndbPath]: rpmNdb([forged(rpmHeader(honest), 4, 2 ** 31), ...headers.slice(1)]) }),
    packages: ['big-one', 'big-two'],
    problem: /damaged package headers/,
  },
  {
    name: 'blob that claims 4 GiB',
    files: () => {
      const content = rpmNdb(headers);
      content.writeUInt32LE(0xffffffff, 4096 + 12);
      return { [ndbPath]: content };
    },
    packages: ['big-one', 'big-two'],
    problem: /damaged blobs/,
  },
  {
    name: 'ndb cut off',
    files: () => ({ [ndbPath]: rpmNdb(headers).subarray(0, 6000) }),
    packages: ['openssl-libs'],
    problem: /damaged blobs/,
  },
  ...(['little', 'big'] as const).flatMap((order): Row[] => [
    {
      name: `bdb cut off, ${order}-endian`,
      files: () => ({ [bdbPath]: bdb(order).subarray(0, 1024) }),
      packages: [],
      problem: /cut off|damaged values/,
    },
    {
      name: `bdb whose overflow pages form a cycle, ${order}-endian`,
      files: () => {
        const content = bdb(order);
        for (const [page, at] of pagesOf(content, 512)) {
          if (page[25] === 7) page[order === 'little' ? 'writeUInt32LE' : 'writeUInt32BE'](at / 512, 16);
        }
        return { [bdbPath]: content };
      },
      packages: ['tiny'],
      problem: /damaged values/,
    },
    {
      name: `bdb with a page size of 1, ${order}-endian`,
      files: () => {
        const content = bdb(order);
        content[order === 'little' ? 'writeUInt32LE' : 'writeUInt32BE'](1, 20);
        return { [bdbPath]: content };
      },
      packages: [],
      problem: /page size/,
    },
  ]),
  {
    name: 'names that are options, commands and paths',
    files: () => ({
      [sqlitePath]: rpmSqlite(
        ['-oProxy=x', '--force', '$(id)', ';reboot', 'a/../b', 'a\nb', '<img>', '\u202e'].map((name) =>
          rpmHeader({ name }),
        ),
      ).database,
    }),
    packages: [],
    problem: /package record/,
  },
  {
    name: 'a database that is a link out of the image stays inside',
    files: () => ({
      [sqlitePath]: { type: 'symlink', link: '../../../../../../srv/rpm/rpmdb.sqlite' },
      'srv/rpm/rpmdb.sqlite': database(),
    }),
    packages: names,
  },
];

const index = fakeAdvisories([{ id: 'CVE-2026-1', ecosystem: 'AlmaLinux:8', source: 'openssl-libs', fixed: null }]);

for (const row of rows) {
  test(`group 11: ${row.name}`, async () => {
    const layer = tar({ 'etc/os-release': 'ID=almalinux\nVERSION_ID=8.9\n', ...row.files() });
    const report = await scanImage({
      ...{ image: handleOf(buildTestImage([layer], { compression: 'none' })), index, ecosystems, cache: noCache },
      ...{ clock: fixedClock('2026-01-02T00:00:00Z'), signal: AbortSignal.timeout(30_000) },
      ...{ progress: noProgress, toolVersion: '0' },
    });
    assert.deepEqual(report.packages.map(({ name }) => name).sort(), row.packages);
    const told = report.diagnostics.filter(({ code }) => code !== 'no_package_database');
    for (const { message, partial } of told) {
      assert.ok(partial && message.length < 2000, message);
      assert.match(message, row.problem ?? /nothing is wrong/);
    }
    assert.equal(told.length > 0, row.problem !== undefined, JSON.stringify(told));
    const expected = row.packages.length === 0 ? 'unsupported' : row.problem ? 'partial' : 'complete';
    assert.equal(report.scan.state, expected);
    assert.equal(report.findings.length, row.packages.includes('openssl-libs') ? 1 : 0);
  });
}

const manifest = 'zlib\t1.2.13-2.cm2\t1\t1\tMicrosoft\t(none)\t1\tx86_64\t0\tzlib-1.2.13-2.cm2.src.rpm\n'.repeat(20);
const logged = rpmSqlite(headers.slice(0, 1), { logged: headers.slice(1) });
const originals: readonly (readonly [name: string, path: string, content: Buffer, beside?: Buffer])[] = [
  ['sqlite', sqlitePath, rpmSqlite(headers, { pageSize: 512 }).database],
  ['write-ahead log', `${sqlitePath}-wal`, logged.log, logged.database],
  ['ndb', ndbPath, rpmNdb(headers)],
  ['bdb', bdbPath, bdb('little')],
  ['bdb of the other byte order', bdbPath, bdb('big')],
  ['manifest', 'var/lib/rpmmanifest/container-manifest-2', Buffer.from(manifest)],
];

/** Bytes changed at some places, more often near the beginning, where the structure is; then cut or repeated. */
function mutationsOf(content: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.oneof(fc.nat(Math.min(content.length - 1, 300)), fc.nat(content.length - 1));
  const change = fc.tuple(place, fc.constantFrom(0, 1, 2, 5, 7, 13, 0x7f, 0x80, 0xff));
  return fc
    .tuple(fc.array(change, { minLength: 1, maxLength: 12 }), fc.double({ min: 0, max: 2, noNaN: true }))
    .map(([changes, end]) => {
      const copy = Buffer.from(content);
      for (const [at, value] of changes) copy[at] = value;
      return end <= 1 ? copy.subarray(0, Math.ceil(copy.length * end)) : copy;
    });
}

for (const [name, path, content, beside] of originals) {
  test(`group 11: mutated files: ${name}`, async () => {
    await fc.assert(
      fc.asyncProperty(mutationsOf(content), async (mutated) => {
        const started = performance.now();
        const files = { [path]: mutated, ...(beside && { [sqlitePath]: beside }) };
        const { layers, view } = await factLayers(() => rpmCataloger.analysis.visitor(), [files]);
        const { packages, diagnostics, owners } = rpmCataloger.coalesce({ layers, view, os: undefined });
        owners?.ownerOf('usr/bin/x');
        assert.ok(packages.length <= 100 && diagnostics.length <= 1000);
        assert.ok(JSON.stringify(layers[0]?.facts).length < 20 * content.length + 1000, 'facts stay small');
        assert.ok(performance.now() - started < 2000, 'in linear time');
      }),
      { numRuns: 120 },
    );
  });
}

test('group 13: versions that would exhaust a backtracking matcher', () => {
  const started = performance.now();
  for (const version of ['1.'.repeat(50_000), `${'a'.repeat(100_000)}!`, `1-${'~^'.repeat(50_000)}`]) {
    assert.equal(rpmVersions.valid(version), false);
  }
  const long = '1.'.repeat(500);
  assert.ok(rpmVersions.compare(`${long}1`, `${long}2`) < 0);
  assert.ok(performance.now() - started < 500);
});
