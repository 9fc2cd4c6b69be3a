import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { apkDatabase } from '../../test/support/apk-database.ts';
import { type FakeAdvisory, fakeAdvisories } from '../../test/support/fake-advisories.ts';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, tar } from '../../test/support/test-image.ts';
import { ecosystems } from '../ecosystems/index.ts';
import { type ScanReport, vulnerabilitiesIn } from '../findings/index.ts';
import { fixedClock, noProgress } from '../kernel/index.ts';
import { noCache } from './no-cache.ts';
import { scanImage } from './scan-image.ts';

const advisories: FakeAdvisory[] = [
  { id: 'CVE-2026-0001', ecosystem: 'Debian:10', source: 'openssl', fixed: null },
  { id: 'CVE-2026-0002', ecosystem: 'Debian:12', source: 'openssl', fixed: '3.0.2-1' },
  { id: 'CVE-2026-0003', ecosystem: 'Alpine:v3.18', source: 'openssl', fixed: '3.1.9-r0' },
  { id: 'CVE-2026-0004', ecosystem: 'Wolfi', source: 'libssl3', fixed: '3.1.9-r0' },
  { id: 'CVE-2026-0005', ecosystem: 'Ubuntu:24.04:LTS', source: 'openssl', fixed: '3.0.14-1' },
];

function scan(files: Readonly<Record<string, string | Uint8Array>>): Promise<ScanReport> {
  return scanImage({
    ...{ image: handleOf(buildTestImage([tar(files)])), index: fakeAdvisories(advisories), ecosystems, cache: noCache },
    ...{ clock: fixedClock('2026-01-02T00:00:00Z'), signal: new AbortController().signal, progress: noProgress },
    toolVersion: '1',
  });
}

const codes = ({ diagnostics }: ScanReport): string[] => diagnostics.map(({ code }) => code);
const ids = (report: ScanReport): string[] => vulnerabilitiesIn(report).map(({ id, state }) => `${id} ${state}`);

const release = (id: string, version: string | null, more = ''): string =>
  `ID=${id}\n${version === null ? '' : `VERSION_ID="${version}"\n`}${more}`;
const record =
  'Package: libssl3\nStatus: install ok installed\nArchitecture: amd64\nSource: openssl\nVersion: 3.0.1-1\n';
const debian = (osRelease: string) => ({ 'etc/os-release': osRelease, 'var/lib/dpkg/status': record });
const apk = (osRelease: string) => ({
  'etc/os-release': osRelease,
  'lib/apk/db/installed': apkDatabase([{ name: 'libssl3', version: '3.1.4-r0', origin: 'openssl' }]),
});

test('complaint 8: a release whose support ended says so, on the image and on what stays unfixed', async () => {
  const ended = await scan(debian(release('debian', '10')));
  assert.equal(ended.image.os?.endOfLife, '2024-06-30');
  assert.deepEqual(codes(ended), ['end_of_life']);
  assert.deepEqual(ids(ended), ['CVE-2026-0001 end_of_life']);
  const alpine = await scan(apk(release('alpine', '3.18.4')));
  assert.deepEqual(
    [alpine.image.os?.endOfLife, codes(alpine), ids(alpine)],
    [...['2025-05-09', ['end_of_life'], ['CVE-2026-0003 fixed']]],
  );
});

test('complaint 8: no findings are never plain for a release without data, unknown, derived or rolling', async () => {
  const table: [string, Readonly<Record<string, string>>, readonly string[]][] = [
    ['a release that is not in the table', debian(release('debian', '99')), ['no_advisory_source', 'release_unknown']],
    ['a release of the table without data', apk(release('alpine', '3.23.0')), ['no_advisory_source']],
    ['edge', apk(release('alpine', '3.24_alpha20251224')), ['no_advisory_source', 'distro_unsupported']],
    [
      'a derivative that names its parent',
      debian(release('raspbian', '12', 'ID_LIKE=debian\n')),
      ['no_advisory_source', 'release_unknown'],
    ],
    [
      'a derivative of Alpine',
      apk(release('postmarketos', '3.18', 'ID_LIKE=alpine\n')),
      ['no_advisory_source', 'release_unknown'],
    ],
    ['no version at all', apk(release('alpine', null)), ['no_advisory_source', 'release_unknown']],
    ['no os-release', { 'var/lib/dpkg/status': record }, ['os_unknown', 'no_advisory_source']],
    ['a database that is gone', { 'etc/os-release': release('alpine', '3.18.4') }, ['no_package_database']],
    ['nothing', { 'srv/app': 'x' }, ['no_package_database']],
  ];
  for (const [name, files, expected] of table) {
    const report = await scan(files);
    assert.deepEqual(codes(report).sort(), expected.toSorted(), name);
    assert.equal(report.findings.length, 0, name);
    assert.equal(report.scan.state, 'unsupported', name);
  }
});

test('complaint 8: a rolling distribution is supported by definition and judged by its own data', async () => {
  const wolfi = await scan(apk(release('wolfi', '20230201')));
  assert.deepEqual([codes(wolfi), ids(wolfi), wolfi.scan.state], [[], ['CVE-2026-0004 fixed'], 'complete']);
});

test('complaint 24: distroless images are read from status.d', async () => {
  const report = await scan({
    'usr/lib/os-release': release('debian', '12'),
    'var/lib/dpkg/status.d/libssl3': record.replace(/^Status: .*\n/m, ''),
  });
  assert.deepEqual([codes(report), ids(report), report.scan.state], [[], ['CVE-2026-0002 fixed'], 'complete']);
});

test('complaint 24: chiselled images are read from their manifest, and say what it does not tell', async () => {
  const manifest = ['openssl', 'libssl3t64']
    .map((name) => `{"kind":"package","name":"${name}","version":"3.0.13-0ubuntu3","arch":"amd64"}\n`)
    .join('');
  const report = await scan({
    'etc/os-release': release('ubuntu', '24.04'),
    'var/lib/chisel/manifest.wall': zstdCompressSync(Buffer.from(`{"jsonwall":"1.0"}\n${manifest}`)),
  });
  assert.deepEqual(report.packages.map(({ name }) => name).sort(), ['libssl3t64', 'openssl']);
  assert.deepEqual([codes(report), ids(report)], [['source_packages_unknown'], ['CVE-2026-0005 fixed']]);
  assert.equal(report.scan.state, 'partial');
});

test('complaint 24: an image without any packages is not applicable, not clean', async () => {
  const report = await scan({ 'srv/app': 'x' });
  assert.deepEqual(
    report.checks.notApplicable.map(({ id }) => id),
    ['os-vulnerabilities'],
  );
  assert.equal(report.scan.state, 'unsupported');
});
