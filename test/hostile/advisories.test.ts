import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { AdvisoryService } from '../../src/advisories/index.ts';
import { ecosystems, type InstalledPackage } from '../../src/ecosystems/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { snapshotFile } from '../support/advisory-world.ts';
import { type ZipMember, zipArchive } from '../support/zip-archive.ts';

/** Groups 13 (regular expressions) and 44 (imports) of hostile-inputs.md, and records that lie. */

const root = mkdtempSync(join(tmpdir(), 'hostile-advisories-'));
after(() => rmSync(root, { recursive: true, force: true }));
const signal = new AbortController().signal;
let worlds = 0;

function world() {
  const base = join(root, String(++worlds));
  const from = join(base, 'osv');
  mkdirSync(join(from, 'Debian'), { recursive: true });
  const service = new AdvisoryService({
    directory: join(base, 'data'),
    bundled: join(import.meta.dirname, '..', '..', 'data', 'advisories'),
    ecosystems,
    http: { get: () => assert.fail('no network in this test') },
    clock: systemClock,
  });
  const load = (archive: Buffer) => {
    writeFileSync(join(from, 'Debian', 'all.zip'), archive);
    return service.update({ from, progress: noProgress, signal });
  };
  return { base, from, service, load };
}

function record(id: string, more: object = {}, name = 'p'): object {
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '5' }] }];
  const affected = [{ package: { ecosystem: 'Debian:12', name }, ranges }];
  return { id, modified: '2026-01-01T00:00:00Z', affected, ...more };
}

function member(id: string, more: object = {}): ZipMember {
  return { name: `${id}.json`, content: JSON.stringify(record(id, more)) };
}

const good = member('CVE-2024-0001');
const deep = `{"id":"CVE-2024-0002","modified":"2026-01-01T00:00:00Z","details":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;

/** One bad member beside a good one: counted and skipped, the good one loads. */
const badMembers: readonly { group: number; name: string; build(): ZipMember }[] = [
  { group: 44, name: 'path that leaves the directory', build: () => ({ ...good, name: '../../etc/x.json' }) },
  { group: 44, name: 'absolute path', build: () => ({ ...good, name: '/etc/x.json' }) },
  { group: 44, name: 'path with NUL', build: () => ({ ...good, name: 'CVE-2024-0002\0.json' }) },
  { group: 44, name: 'backslashes', build: () => ({ ...good, name: '..\\x.json' }) },
  {
    group: 44,
    name: 'member above 16 MiB',
    build: () => ({ name: 'big.json', content: Buffer.alloc(17 * 1024 * 1024, ' ') }),
  },
  {
    group: 44,
    name: 'claims one byte, unpacks to a megabyte',
    build: () => ({ name: 'b.json', content: Buffer.alloc(1 << 20), claimedSize: 1 }),
  },
  { group: 44, name: 'wrong checksum', build: () => ({ ...member('CVE-2024-0002'), claimedCrc: 1 }) },
  { group: 44, name: 'JSON nested 100,000 deep', build: () => ({ name: 'deep.json', content: deep }) },
  { group: 44, name: 'not JSON', build: () => ({ name: 'x.json', content: '{"id":' }) },
  { group: 44, name: 'not UTF-8', build: () => ({ name: 'x.json', content: Buffer.from([0x22, 0xff, 0xfe, 0x22]) }) },
  { group: 44, name: 'array instead of a record', build: () => ({ name: 'x.json', content: '[]' }) },
  { group: 44, name: 'id that is a path', build: () => ({ ...member('../../x'), name: 'x.json' }) },
  { group: 44, name: 'id of a megabyte', build: () => ({ ...member('A'.repeat(1 << 20)), name: 'x.json' }) },
];

for (const { group, name, build } of badMembers) {
  test(`group ${group}: ${name} is counted and skipped`, async () => {
    const { service, load, base } = world();
    const { snapshot } = await load(zipArchive([build(), good]));
    assert.deepEqual([snapshot.feeds[0]?.records, snapshot.feeds[0]?.bad], [1, 1]);
    using index = await service.open();
    assert.equal(index.covers('Debian:12'), true);
    assert.deepEqual(readdirSync(base).sort(), ['data', 'osv']);
  });
}

const badArchives: readonly { group: number; name: string; build(): Buffer; code: string }[] = [
  { group: 44, name: 'empty file', build: () => Buffer.alloc(0), code: 'feed_invalid' },
  { group: 44, name: 'text', build: () => Buffer.from('<html>not found</html>'), code: 'feed_invalid' },
  {
    group: 44,
    name: 'archive cut in the middle',
    build: () => zipArchive([good]).subarray(0, 120),
    code: 'feed_invalid',
  },
  { group: 44, name: 'bare deflate stream', build: () => deflateRawSync(Buffer.alloc(1 << 20)), code: 'feed_invalid' },
  {
    group: 44,
    name: 'only bad members',
    build: () => zipArchive([{ name: 'x.json', content: '{}' }]),
    code: 'feed_invalid',
  },
];

for (const { group, name, build, code } of badArchives) {
  test(`group ${group}: ${name} is refused, the active snapshot stays`, async () => {
    const { service, load, base } = world();
    const { snapshot } = await load(zipArchive([good]));
    await assert.rejects(load(build()), { code });
    assert.equal((await service.status()).active?.id, snapshot.id);
    assert.equal(readdirSync(join(base, 'data', 'snapshots')).length, 1);
  });
}

test('group 44: keys such as __proto__ are data', async () => {
  const { service, load } = world();
  const affected = JSON.stringify(record('CVE-2024-0001')).replace(
    '{"id"',
    '{"__proto__":{"withdrawn":"x"},"constructor":1,"id"',
  );
  await load(
    zipArchive([
      { name: 'a.json', content: affected },
      { name: 'b.json', content: JSON.stringify(record('CVE-2024-0002', {}, '__proto__')) },
    ]),
  );
  using index = await service.open();
  assert.deepEqual(idsOf(index.match([packageOf('p', '4')], debian)), ['CVE-2024-0001']);
  assert.deepEqual(idsOf(index.match([packageOf('__proto__', '4')], debian)), ['CVE-2024-0002']);
  assert.equal(({} as { withdrawn?: string }).withdrawn, undefined);
});

const longVersions = [
  '1.'.repeat(50_000),
  `${'a'.repeat(100_000)}!`,
  `1${'~'.repeat(100_000)}`,
  `1:${'9'.repeat(200_000)}`,
];

for (const version of longVersions) {
  test(`group 13: the version ${version.slice(0, 6)}… of ${version.length} characters is no version, at once`, async () => {
    const { service, load } = world();
    await load(zipArchive([good]));
    using index = await service.open();
    const started = performance.now();
    const result = index.match([packageOf('p', version)], debian);
    assert.ok(performance.now() - started < 200);
    assert.deepEqual([result.matches.length, result.unmatched[0]?.reason], [0, 'invalid_version']);
  });
}

test('group 13: long texts in records are left out in linear time', async () => {
  const { service, load } = world();
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '1.'.repeat(50_000) }] }];
  const affected = [{ package: { ecosystem: 'Debian:12', name: 'p' }, ranges, versions: ['a'.repeat(100_000)] }];
  const severity = [{ type: 'CVSS_V3', score: `CVSS:3.1/${'AV:N/'.repeat(50_000)}` }];
  const summary = `${' \t'.repeat(400_000)}x${'\u202e'.repeat(1_000)}`;
  const started = performance.now();
  await load(
    zipArchive([{ name: 'a.json', content: JSON.stringify(record('CVE-2024-0001', { affected, severity, summary })) }]),
  );
  assert.ok(performance.now() - started < 2_000);
  using index = await service.open();
  const [match] = index.match([packageOf('p', '4')], debian).matches;
  assert.deepEqual([match?.fixedVersion, match?.severity.level], [null, 'unknown']);
});

const tampering: readonly { name: string; change(bundle: Buffer): Buffer; code: string }[] = [
  { name: 'empty', change: () => Buffer.alloc(0), code: 'bundle_invalid' },
  {
    name: 'another format version',
    change: (bundle) => Buffer.from(bundle.toString('latin1').replace('advisories 1', 'advisories 9'), 'latin1'),
    code: 'bundle_invalid',
  },
  { name: 'header cut', change: (bundle) => bundle.subarray(0, 60), code: 'bundle_invalid' },
  { name: 'content cut', change: (bundle) => bundle.subarray(0, bundle.length - 200), code: 'bundle_invalid' },
  {
    name: 'one byte of the content changed',
    change: (bundle) => flipped(bundle, bundle.length - 400),
    code: 'bundle_invalid',
  },
  { name: 'header without index', change: () => Buffer.from('drydock-advisories 1\n{}\n-\n'), code: 'bundle_invalid' },
  {
    name: 'header of another size',
    change: (bundle) => Buffer.from(bundle.toString('latin1').replace(/"size":\d+/, '"size":1'), 'latin1'),
    code: 'bundle_invalid',
  },
  {
    name: 'header promises a petabyte',
    change: (bundle) =>
      Buffer.from(bundle.toString('latin1').replace(/"size":\d+/, '"size":999999999999999'), 'latin1'),
    code: 'bundle_invalid',
  },
  {
    name: 'later date in the header',
    change: (bundle) =>
      Buffer.from(bundle.toString('latin1').replace(/"createdAt":"\d{4}/, '"createdAt":"2099'), 'latin1'),
    code: 'bundle_invalid',
  },
];

for (const { name, change, code } of tampering) {
  test(`group 44: bundle, ${name}: refused, the active snapshot stays`, async () => {
    const exporting = world();
    await exporting.load(zipArchive([good, member('CVE-2024-0009')]));
    const file = join(exporting.base, 'x.bundle');
    await exporting.service.exportBundle(file);
    writeFileSync(file, change(readFileSync(file)));
    const { service, load, base } = world();
    const { snapshot } = await load(zipArchive([good]));
    await assert.rejects(service.importBundle(file, { allowRollback: true, signal }), { code });
    assert.equal((await service.status()).active?.id, snapshot.id);
    assert.equal(readdirSync(join(base, 'data', 'snapshots')).length, 1);
  });
}

test('group 44: an index with a trigger or view of its own is not opened', async () => {
  const { service, load, base } = world();
  const { snapshot } = await load(zipArchive([good]));
  const file = join(base, 'data', 'snapshots', snapshotFile(snapshot.id));
  const database = new DatabaseSync(file);
  database.exec('CREATE VIEW extra AS SELECT 1');
  database.close();
  await assert.rejects(service.open(), { code: 'index_invalid' });
});

const debian = { id: 'debian', versionId: '12', codename: 'bookworm', prettyName: null, path: 'etc/os-release' };

function packageOf(name: string, version: string): InstalledPackage {
  const place = { arch: 'amd64', locations: [], ownedBy: null, held: false };
  return { purl: `pkg:deb/debian/${name}`, type: 'deb', name, version, source: { name, version }, ...place };
}

function idsOf(result: { readonly matches: readonly { readonly id: string }[] }): string[] {
  return result.matches.map((match) => match.id);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}
