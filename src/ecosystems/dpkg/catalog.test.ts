import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult, InstalledPackage, OsRelease } from '../contract.ts';
import { dpkgCataloger } from './catalog.ts';
import { dpkg } from './index.ts';

const debian: OsRelease = { id: 'debian', versionId: '12', codename: null, prettyName: null, path: 'etc/os-release' };

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => dpkgCataloger.analysis.visitor(), images);
  return dpkgCataloger.coalesce({ layers, view, os: debian });
}

function record(name: string, version: string, more = '', status = 'install ok installed'): string {
  return `Package: ${name}\nStatus: ${status}\nArchitecture: amd64\nVersion: ${version}\n${more}\n`;
}

const status = 'var/lib/dpkg/status';
const names = ({ packages }: CatalogResult): string[] => packages.map(({ name }) => name);

test('a package with everything that a record says', async () => {
  const { packages, diagnostics } = await catalog({
    [status]: record('libssl3', '3.0.11-1~deb12u2+b1', 'Source: openssl (3.0.11-1~deb12u2)\n', 'hold ok installed'),
  });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(packages, [
    {
      purl: 'pkg:deb/debian/libssl3@3.0.11-1~deb12u2+b1?arch=amd64&distro=debian-12',
      type: 'deb',
      name: 'libssl3',
      version: '3.0.11-1~deb12u2+b1',
      arch: 'amd64',
      source: { name: 'openssl', version: '3.0.11-1~deb12u2' },
      ownedBy: null,
      held: true,
      locations: [{ path: status, layer: digestOf('layer 0') }],
    },
  ]);
});

test('installed is every state but not-installed and config-files', async () => {
  const states = ['installed', 'half-installed', 'unpacked', 'half-configured', 'triggers-pending', 'triggers-awaited'];
  const gone = ['not-installed', 'config-files'];
  const text = [...states, ...gone].map((state) => record(state, '1', '', `install ok ${state}`)).join('\n');
  assert.deepEqual(names(await catalog({ [status]: text })), states);
});

test('several architectures of a name are several packages', async () => {
  const i386 = record('libc6', '2.36-9').replace('amd64', 'i386');
  const { packages } = await catalog({ [status]: `${record('libc6', '2.36-9')}\n${i386}` });
  assert.deepEqual(
    packages.map(({ arch }) => arch),
    ['amd64', 'i386'],
  );
});

test('only the merged file system counts', async () => {
  const one = { [status]: `${record('a', '1')}\n${record('b', '1')}` };
  assert.deepEqual(names(await catalog(one, { [status]: record('b', '1') })), ['b']);
  assert.deepEqual(names(await catalog(one, { [status]: null })), []);
  assert.deepEqual(names(await catalog(one, { 'var/lib/dpkg': null })), []);
});

test('a package belongs to the lowest layer from which it stays', async () => {
  const { packages } = await catalog(
    { [status]: `${record('stays', '1')}\n${record('upgraded', '1')}\n${record('returns', '1')}` },
    { 'etc/unrelated': 'x' },
    {
      [status]: `${record('stays', '1')}\n${record('upgraded', '2')}\n${record('returns', '1', '', 'deinstall ok config-files')}`,
    },
    {
      [status]: `${record('stays', '1')}\n${record('upgraded', '2')}\n${record('returns', '1')}\n${record('new', '1')}`,
    },
  );
  const layerOf = Object.fromEntries(packages.map(({ name, locations }) => [name, locations[0]?.layer]));
  const expected = { stays: 0, upgraded: 2, returns: 3, new: 3 };
  for (const [name, layer] of Object.entries(expected)) assert.equal(layerOf[name], digestOf(`layer ${layer}`), name);
});

test('a database behind links, spelled differently in each layer', async () => {
  const { packages } = await catalog(
    { 'usr/data/dpkg/status': record('a', '1'), 'var/lib/dpkg': { link: '/usr/data/dpkg' } },
    { 'var/lib/dpkg/status': `${record('a', '1')}\n${record('b', '1')}` },
  );
  assert.deepEqual(
    packages.map(({ name, locations }) => [name, locations[0]]),
    [
      ['a', { path: 'usr/data/dpkg/status', layer: digestOf('layer 0') }],
      ['b', { path: 'usr/data/dpkg/status', layer: digestOf('layer 1') }],
    ],
  );
});

test('distroless: one record per file, named by its content, without status', async () => {
  const { packages } = await catalog(
    {
      'var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 12\nArchitecture: amd64\n',
      'var/lib/dpkg/status.d/base.md5sums': 'Package: not-this\nVersion: 1\n',
    },
    { 'var/lib/dpkg/status.d/netbase': 'Package: netbase\nVersion: 6.4\nArchitecture: all\nSource: netbase' },
  );
  assert.deepEqual(
    packages.map(({ name, locations }) => [name, locations[0]?.path]),
    [
      ['base-files', 'var/lib/dpkg/status.d/base'],
      ['netbase', 'var/lib/dpkg/status.d/netbase'],
    ],
  );
});

test('other files called status are no databases', async () => {
  assert.deepEqual(await catalog({ 'srv/app/status': record('a', '1'), 'srv/status': 'all is well\n' }), {
    packages: [],
    diagnostics: [],
  });
});

test('advisory keys: source names, by release; derivatives have none', () => {
  const pkg = {
    ...({ name: 'libssl3', version: '3-1+b1', source: { name: 'openssl', version: '3-1' } } as InstalledPackage),
  };
  const keys = (id: string, versionId: string | null, version = '3-1'): string[] =>
    dpkg
      .advisoryKeys({ ...pkg, source: { name: 'openssl', version } }, { ...debian, id, versionId })
      .map((key) => `${key.ecosystem} ${key.on} ${key.name} ${key.version}`);
  assert.deepEqual(keys('debian', '12'), ['Debian:12 source openssl 3-1']);
  assert.deepEqual(keys('debian', null), ['Debian:sid source openssl 3-1']);
  assert.deepEqual(keys('ubuntu', '22.04'), ['Ubuntu:22.04:LTS source openssl 3-1']);
  assert.deepEqual(keys('ubuntu', '23.10'), ['Ubuntu:23.10 source openssl 3-1']);
  assert.deepEqual(keys('ubuntu', '16.04', '1+esm2').length, 2);
  assert.deepEqual(keys('echo', '13'), ['Echo source openssl 3-1']);
  assert.deepEqual(keys('raspbian', '12'), []);
  assert.deepEqual(dpkg.advisoryKeys(pkg, undefined), []);
});
