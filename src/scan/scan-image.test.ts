import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeAdvisory, fakeAdvisories } from '../../test/support/fake-advisories.ts';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, type TestImage, type TestImageOptions, tar } from '../../test/support/test-image.ts';
import { ecosystems } from '../ecosystems/index.ts';
import type { ScanReport } from '../findings/index.ts';
import { vulnerabilitiesIn } from '../findings/index.ts';
import { defaultLayerLimits, type ImageHandle } from '../image/index.ts';
import { fixedClock, hasCode, noProgress } from '../kernel/index.ts';
import { noCache } from './no-cache.ts';
import type { AnalysisKey, LayerAnalysisCache } from './ports.ts';
import { type ScanInput, scanImage } from './scan-image.ts';

const osRelease = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';

function record(name: string, version: string, source = name, arch = 'amd64'): string {
  return `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nSource: ${source}\nVersion: ${version}\n\n`;
}

const base = tar({
  'etc/os-release': osRelease,
  'var/lib/dpkg/status': record('libssl3', '3.0.1-1', 'openssl') + record('zlib1g', '1.2-1', 'zlib'),
});
const top = tar({
  'var/lib/dpkg/status':
    record('libssl3', '3.0.1-1', 'openssl') +
    record('libssl3', '3.0.1-1', 'openssl', 'i386') +
    record('zlib1g', '1.3-1', 'zlib') +
    record('curl', '7-1'),
});

const advisories: FakeAdvisory[] = [
  { id: 'CVE-2026-0002', ecosystem: 'Debian:12', source: 'openssl', fixed: '3.0.2-1', level: 'critical' },
  { id: 'CVE-2026-0001', ecosystem: 'Debian:12', source: 'openssl', fixed: null, level: 'negligible' },
  { id: 'CVE-2026-0003', ecosystem: 'Debian:12', source: 'zlib', fixed: '1.3-1' },
  { id: 'CVE-2026-0004', ecosystem: 'Debian:12', source: 'curl', fixed: null, state: 'unimportant' },
];

function scan(image: ImageHandle | TestImage, more: Partial<ScanInput> = {}): Promise<ScanReport> {
  return scanImage({
    image: 'blobs' in image ? handleOf(image) : image,
    index: fakeAdvisories(advisories),
    ecosystems,
    cache: noCache,
    clock: fixedClock('2026-01-02T03:04:05Z'),
    signal: new AbortController().signal,
    progress: noProgress,
    toolVersion: '1.2.3',
    ...more,
  });
}

/** Values go through JSON, as in every real cache. */
function memoryCache(): LayerAnalysisCache & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  const name = ({ layer, visitor, version }: AnalysisKey): string => `${layer} ${visitor} ${version}`;
  return {
    entries,
    async get(key) {
      const text = entries.get(name(key));
      return text === undefined ? undefined : JSON.parse(text);
    },
    async put(key, value) {
      entries.set(name(key), JSON.stringify(value));
    },
  };
}

const codes = ({ diagnostics }: ScanReport): string[] => diagnostics.map(({ code }) => code);

test('the report of a small image, complete and sorted', async () => {
  const image = buildTestImage([base, top]);
  const handle = handleOf(image);
  const report = await scan(handle);
  assert.deepEqual(report.scan, {
    startedAt: '2026-01-02T03:04:05.000Z',
    finishedAt: '2026-01-02T03:04:05.000Z',
    layersRead: 2,
    layersCached: 0,
    bytesRead: report.image.size,
    state: 'complete',
    scanners: ['vuln'],
  });
  assert.equal(report.image.digest, image.digest);
  assert.equal(report.image.platform, 'linux/amd64');
  assert.deepEqual(report.image.os, {
    id: 'debian',
    versionId: '12',
    prettyName: 'Debian GNU/Linux 12 (bookworm)',
    endOfLife: null,
  });
  assert.deepEqual(
    report.image.layers.map(({ createdBy }) => createdBy),
    ['layer 0', 'layer 1'],
  );
  const distro = 'distro=debian-12';
  assert.deepEqual(
    report.packages.map(({ purl, locations }) => [purl, locations[0]?.layer]),
    [
      [`pkg:deb/debian/curl@7-1?arch=amd64&${distro}`, handle.layers[1]?.descriptor.digest],
      [`pkg:deb/debian/libssl3@3.0.1-1?arch=amd64&${distro}`, handle.layers[0]?.descriptor.digest],
      [`pkg:deb/debian/libssl3@3.0.1-1?arch=i386&${distro}`, handle.layers[1]?.descriptor.digest],
      [`pkg:deb/debian/zlib1g@1.3-1?arch=amd64&${distro}`, handle.layers[1]?.descriptor.digest],
    ],
  );
  assert.deepEqual(
    vulnerabilitiesIn(report).map(({ kind, package: purl, id, state, path }) => [
      kind,
      purl.slice(15, 22),
      id,
      state,
      path,
    ]),
    [
      ['cve', 'curl@7-', 'CVE-2026-0004', 'unimportant', 'var/lib/dpkg/status'],
      ['cve', 'libssl3', 'CVE-2026-0001', 'unfixed', 'var/lib/dpkg/status'],
      ['cve', 'libssl3', 'CVE-2026-0002', 'fixed', 'var/lib/dpkg/status'],
    ],
  );
  const cve = { critical: 1, high: 0, medium: 0, low: 1, unknown: 0, total: 2, fixable: 1 };
  assert.deepEqual(report.counts.cve, cve);
  assert.deepEqual(report.diagnostics, []);
});

test('nothing is read that is known; a new question reads once more, with that question only', async () => {
  const cache = memoryCache();
  const image = buildTestImage([base, top]);
  const first = await scan(image, { cache });
  const handle = handleOf(image);
  const second = await scan(handle, { cache });
  assert.deepEqual(handle.opened, []);
  assert.deepEqual([second.scan.layersRead, second.scan.layersCached, second.scan.bytesRead], [0, 2, 0]);
  assert.deepEqual({ ...second, scan: null }, { ...first, scan: null });

  const lost = handle.layers[0]?.descriptor.digest;
  for (const key of cache.entries.keys()) if (key === `${lost} dpkg 2`) cache.entries.delete(key);
  const third = handleOf(image);
  assert.deepEqual({ ...(await scan(third, { cache })), scan: null }, { ...first, scan: null });
  assert.deepEqual(third.opened, [lost]);
});

test('damaged cache entries are forgotten ones', async () => {
  const cache = memoryCache();
  const image = buildTestImage([base, top]);
  const first = await scan(image, { cache });
  for (const key of cache.entries.keys()) {
    if (key.includes('(tree)')) cache.entries.set(key, '{"tree":{"types":"ff"},"diffId":null,"diagnostics":[]}');
  }
  assert.deepEqual({ ...(await scan(image, { cache })), scan: null }, { ...first, scan: null });
});

test('the same layer twice is read once', async () => {
  const handle = handleOf(buildTestImage([base, top, top]));
  const report = await scan(handle);
  assert.equal(handle.opened.length, 2);
  assert.deepEqual([report.scan.layersRead, report.scan.layersCached], [2, 1]);
});

const wrongDiffId: TestImageOptions = {
  config: { rootfs: { type: 'layers', diff_ids: [`sha256:${'0'.repeat(64)}`] } },
};

test('a diff-id that lies ends the scan where it is checked', async () => {
  const gzip = buildTestImage([base], wrongDiffId);
  const cache = memoryCache();
  assert.equal((await scan(gzip, { cache })).scan.state, 'complete');
  const lie = (error: unknown): boolean => hasCode(error, 'digest_mismatch');
  await assert.rejects(scan(gzip, { cache, verifyDiffIds: true }), lie);
  // Another image with the same layer told the truth and left its verified diff-id in the cache.
  await scan(buildTestImage([base]), { cache, verifyDiffIds: true });
  const handle = handleOf(gzip);
  await assert.rejects(scan(handle, { cache, verifyDiffIds: true }), lie);
  assert.deepEqual(handle.opened, [], 'known without reading');
  await assert.rejects(scan(buildTestImage([base], { ...wrongDiffId, compression: 'none' })), lie);
});

test('a layer over its limits leaves a partial report, not a clean one', async () => {
  const limits = { ...defaultLayerLimits, entries: 1 };
  const report = await scan(buildTestImage([base]), { limits });
  assert.ok(codes(report).includes('too_many_entries'));
  assert.equal(report.scan.state, 'unsupported');
  const cache = memoryCache();
  await scan(buildTestImage([base]), { limits, cache });
  assert.equal(cache.entries.size, 0, 'what was not read to its end is not remembered');
});

test('what cannot be judged is never clean', async () => {
  const scratch = await scan(buildTestImage([tar({ app: 'x' })]));
  assert.equal(scratch.scan.state, 'unsupported');
  assert.deepEqual(codes(scratch), ['no_package_database']);
  assert.equal(scratch.checks.notApplicable[0]?.id, 'os-vulnerabilities');

  const alien = tar({ 'etc/os-release': 'ID=raspbian\nVERSION_ID=12', 'var/lib/dpkg/status': record('a', '1') });
  const derivative = await scan(buildTestImage([alien]));
  assert.equal(derivative.scan.state, 'unsupported');
  assert.deepEqual(codes(derivative), ['no_advisory_source', 'release_unknown']);

  const nameless = await scan(buildTestImage([tar({ 'var/lib/dpkg/status': record('a', '1') })]));
  assert.equal(nameless.image.os, null);
  assert.deepEqual(codes(nameless), ['os_unknown', 'no_advisory_source']);
});

test('end of life turns unfixed into final and is told', async () => {
  const old = tar({ 'etc/os-release': 'ID=debian\nVERSION_ID=10', 'var/lib/dpkg/status': record('a', '1') });
  const index = fakeAdvisories([{ id: 'CVE-1', ecosystem: 'Debian:10', source: 'a', fixed: null }]);
  const report = await scan(buildTestImage([old]), { index });
  assert.equal(report.image.os?.endOfLife, '2024-06-30');
  assert.equal(vulnerabilitiesIn(report)[0]?.state, 'end_of_life');
  assert.deepEqual(codes(report), ['end_of_life']);
  assert.equal(report.scan.state, 'complete');
});

test('old advisory data is told', async () => {
  const at = (createdAt: string) => scan(buildTestImage([base]), { index: fakeAdvisories(advisories, createdAt) });
  assert.deepEqual(codes(await at('2025-12-31T04:00:00Z')), []);
  const old = await at('2025-12-30T03:00:00Z');
  assert.deepEqual(codes(old), ['advisories_old']);
  assert.match(old.diagnostics[0]?.message ?? '', /^The advisory data is of 2025-12-30: /);
  assert.deepEqual(codes(await at('2025-12-01T00:00:00Z')), ['advisories_stale']);
});

test('an interrupted scan ends with the reason of its signal', async () => {
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(scan(buildTestImage([base]), { signal }), /enough/);
});
