import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult, OsRelease } from '../contract.ts';
import { opkgCataloger } from './catalog.ts';
import { opkg } from './index.ts';

const openwrt: OsRelease = {
  id: 'openwrt',
  versionId: '23.05.3',
  codename: null,
  prettyName: null,
  path: 'etc/os-release',
};

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => opkgCataloger.analysis.visitor(), images);
  return opkgCataloger.coalesce({ layers, view, os: openwrt });
}

/** A record as opkg writes it. */
const record = (name: string, version: string, status = 'install user installed'): string =>
  `Package: ${name}\nVersion: ${version}\nDepends: libc\nStatus: ${status}\nArchitecture: aarch64_cortex-a53\nInstalled-Time: 1711459200\n\n`;

test('packages of the database in usr, listed and never matched', async () => {
  const { packages, diagnostics, owners } = await catalog({
    'usr/lib/opkg/status': record('busybox', '1.36.1-1') + record('gone', '1', 'deinstall ok not-installed'),
    'usr/lib/opkg/info/busybox.list': '/bin/busybox\n/bin/sh\n',
  });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(
    packages.map(({ purl, arch, source, locations }) => [purl, arch, source, locations]),
    [
      [
        'pkg:opkg/openwrt/busybox@1.36.1-1?arch=aarch64_cortex-a53&distro=openwrt-23.05.3',
        'aarch64_cortex-a53',
        null,
        [{ path: 'usr/lib/opkg/status', layer: digestOf('layer 0') }],
      ],
    ],
  );
  assert.equal(owners?.ownerOf('usr/bin/busybox'), packages[0]?.purl);
  const [pkg] = packages;
  assert.ok(pkg);
  assert.deepEqual(opkg.advisoryKeys(pkg, openwrt), []);
});

test('a database in var, a package from the lowest layer from which it stays, records outside the grammar', async () => {
  const path = 'var/lib/opkg/status';
  const { packages, diagnostics } = await catalog(
    { [path]: record('a', '1') },
    { [path]: record('a', '1') + record('b', '2') + record('$(id)', '1') + record('c', '1 2') },
  );
  assert.deepEqual(
    packages.map(({ name, locations }) => [name, locations[0]?.layer]),
    [
      ['a', digestOf('layer 0')],
      ['b', digestOf('layer 1')],
    ],
  );
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['package_invalid_metadata', 'package_invalid_metadata'],
  );
});

test('a dpkg database is none of opkg, nor the other way round', async () => {
  assert.deepEqual((await catalog({ 'var/lib/dpkg/status': record('a', '1') })).packages, []);
});
