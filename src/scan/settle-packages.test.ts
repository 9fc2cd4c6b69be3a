import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FakeAdvisory, fakeAdvisories } from '../../test/support/fake-advisories.ts';
import { handleOf } from '../../test/support/image-handle.ts';
import { buildTestImage, type TarMember, tar } from '../../test/support/test-image.ts';
import { type Ecosystem, ecosystems, type InstalledPackage, type PackageScope } from '../ecosystems/index.ts';
import { type ScanReport, vulnerabilitiesIn } from '../findings/index.ts';
import { fixedClock, noProgress } from '../kernel/index.ts';
import { noCache } from './no-cache.ts';
import { scanImage } from './scan-image.ts';
import { mergePlaces } from './settle-packages.ts';

const distPackages = 'usr/lib/python3/dist-packages/requests-2.28.1.egg-info/PKG-INFO';
const sitePackages = 'opt/venv/lib/python3.11/site-packages/requests-2.28.1.dist-info/METADATA';
const metadata = 'Metadata-Version: 2.1\nName: requests\nVersion: 2.28.1\n\n';
const deb = 'pkg:deb/debian/python3-requests@2.28.1%2Bdfsg-1?arch=all&distro=debian-12'.replace('%2B', '+');
const status =
  'Package: python3-requests\nStatus: install ok installed\nArchitecture: all\nSource: requests\nVersion: 2.28.1+dfsg-1\n\n';

/** The worlds of the product, with the system's packages owning one file of Python metadata. */
const worlds: readonly Ecosystem[] = ecosystems.map((world) =>
  world.id !== 'dpkg'
    ? world
    : {
        ...world,
        catalogers: world.catalogers.map((cataloger) => ({
          ...cataloger,
          coalesce: (input) => ({
            ...cataloger.coalesce(input),
            owners: { ownerOf: (path: string) => (path === distPackages ? deb : undefined) },
          }),
        })),
      },
);

const ofDebian: FakeAdvisory = { id: 'CVE-2023-32681', ecosystem: 'Debian:12', source: 'requests', fixed: null };
const ofPython: FakeAdvisory = { id: 'CVE-2023-32681', ecosystem: 'PyPI', source: 'requests', fixed: '2.31.0' };

function scan(
  layers: readonly Readonly<Record<string, TarMember | string>>[],
  advisories: readonly FakeAdvisory[],
  include?: readonly PackageScope[],
): Promise<ScanReport> {
  return scanImage({
    image: handleOf(buildTestImage(layers.map((files) => tar(files)))),
    index: fakeAdvisories(advisories),
    ecosystems: worlds,
    cache: noCache,
    clock: fixedClock('2026-01-02T03:04:05Z'),
    signal: new AbortController().signal,
    progress: noProgress,
    toolVersion: '1.2.3',
    ...(include && { include }),
  });
}

const system = { 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n', 'var/lib/dpkg/status': status };
const found = (report: ScanReport): string[] => vulnerabilitiesIn(report).map(({ kind, path }) => `${kind} ${path}`);
const python = ({ packages }: ScanReport) => packages.filter(({ type }) => type === 'pypi');

test('complaint 10: Python that the distribution packaged is listed with its owner and reported once', async () => {
  const report = await scan([{ ...system, [distPackages]: metadata }], [ofDebian, ofPython]);
  assert.deepEqual(found(report), ['cve var/lib/dpkg/status']);
  assert.deepEqual(
    python(report).map(({ purl, ownedBy, confidence }) => [purl, ownedBy, confidence]),
    [['pkg:pypi/requests@2.28.1', deb, 'high']],
  );
});

test('complaint 10: the same version in an environment beside it is reported for itself', async () => {
  const report = await scan([{ ...system, [distPackages]: metadata, [sitePackages]: metadata }], [ofDebian, ofPython]);
  assert.deepEqual(found(report), ['cve var/lib/dpkg/status', `sca ${sitePackages}`]);
  assert.deepEqual(
    python(report).map(({ ownedBy, locations }) => [ownedBy, locations.map(({ path }) => path)]),
    [
      [null, [sitePackages]],
      [deb, [distPackages]],
    ],
  );
});

test('complaint 10: an owner without advisories does not speak for its files', async () => {
  const report = await scan([{ ...system, [distPackages]: metadata }], [ofPython]);
  assert.deepEqual(found(report), [`sca ${distPackages}`]);
  assert.deepEqual(
    python(report).map(({ ownedBy, confidence }) => [ownedBy, confidence]),
    [[null, 'low']],
  );
});

test('a Conda package does not speak for the distribution that it brought, which is reported once', async () => {
  const site = 'opt/conda/lib/python3.11/site-packages/requests-2.28.1.dist-info/METADATA';
  const conda = { name: 'requests', version: '2.28.1', build: 'py_0', subdir: 'noarch', files: [site.slice(10)] };
  const files = { 'opt/conda/conda-meta/requests-2.28.1-py_0.json': JSON.stringify(conda), [site]: metadata };
  const report = await scan([files], [ofPython]);
  assert.deepEqual(found(report), [`sca ${site}`]);
  assert.deepEqual(
    report.packages.map(({ purl, ownedBy, confidence }) => [purl, ownedBy, confidence]),
    [
      ['pkg:conda/requests@2.28.1?build=py_0&subdir=noarch', null, 'high'],
      ['pkg:pypi/requests@2.28.1', null, 'high'],
    ],
  );
  assert.deepEqual(
    report.diagnostics.map(({ code }) => code),
    ['inventory_only'],
  );
});

test('complaint 17: modules that a later layer deleted are not in the image, whatever a lock file says', async () => {
  const module = (name: string): string => `app/node_modules/${name}/package.json`;
  const lock = {
    lockfileVersion: 3,
    packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '1.0.0' } },
  };
  const lower = {
    'app/package-lock.json': JSON.stringify(lock),
    [module('a')]: '{"name":"a","version":"1.0.0"}',
    [module('b')]: '{"name":"b","version":"1.0.0"}',
  };
  const advisories = ['a', 'b'].map((source) => ({ id: `CVE-${source}`, ecosystem: 'npm', source, fixed: null }));
  const layers = [lower, { 'app/node_modules/.wh.a': '' }];
  const plain = await scan(layers, advisories);
  assert.deepEqual(found(plain), [`sca ${module('b')}`]);
  assert.deepEqual(
    plain.packages.map(({ name, scope }) => `${name} ${scope}`),
    ['a removed', 'b installed'],
  );
  const asked = await scan(layers, advisories, ['installed', 'declared']);
  assert.deepEqual(
    asked.packages.map(({ name, scope }) => `${name} ${scope}`),
    ['a declared', 'b installed'],
  );
  assert.deepEqual(found(asked), ['sca app/package-lock.json', `sca ${module('b')}`]);
  const again = await scan([...layers, { [module('a')]: '{"name":"a","version":"1.0.0"}' }], advisories);
  assert.deepEqual(
    again.packages.map(({ name, scope }) => `${name} ${scope}`),
    ['a installed', 'b installed'],
  );
});

test('a hundred thousand places of one package are merged in one step', () => {
  const copy = (number: number): InstalledPackage => ({
    ...{
      purl: 'pkg:npm/a@1',
      type: 'npm',
      name: 'a',
      version: '1',
      arch: null,
      source: null,
      ownedBy: null,
      held: false,
    },
    locations: [{ path: `${number}/node_modules/a/package.json`, layer: 'sha256:0' }],
    ...(number % 2 === 0 ? { confidence: 'low' as const } : {}),
    ...(number % 5 === 0 && { scope: 'removed' as const }),
  });
  const started = performance.now();
  const [merged, ...others] = mergePlaces(Array.from({ length: 100_000 }, (_, number) => copy(number)));
  assert.ok(performance.now() - started < 5_000);
  assert.deepEqual(others, []);
  assert.deepEqual([merged?.locations.length, merged?.scope, merged?.confidence], [80_000, undefined, undefined]);
  assert.deepEqual(merged?.locations[0]?.path, '1/node_modules/a/package.json');
});
