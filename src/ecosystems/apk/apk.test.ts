import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ApkPackage, apkDatabase } from '../../../test/support/apk-database.ts';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult, OsRelease } from '../contract.ts';
import { apkCataloger } from './catalog.ts';
import { apk } from './index.ts';
import { filePaths, InstalledReader, installedLimits } from './installed.ts';

const alpine: OsRelease = {
  id: 'alpine',
  versionId: '3.19.1',
  codename: null,
  prettyName: null,
  path: 'etc/os-release',
};

async function catalog(images: LayerFiles[], os: OsRelease | undefined = alpine): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => apkCataloger.analysis.visitor(), images);
  return apkCataloger.coalesce({ layers, view, os });
}

const installed = 'lib/apk/db/installed';
const names = ({ packages }: CatalogResult): string[] => packages.map(({ name }) => name);
const codes = ({ diagnostics }: CatalogResult): string[] => diagnostics.map(({ code }) => code);
const plain = (name: string, version = '1-r0'): ApkPackage => ({ name, version });

test('a package with everything that a record says', async () => {
  const database = apkDatabase([
    { name: 'libssl3', version: '3.1.4-r2', origin: 'openssl', files: ['lib/libssl.so.3', 'usr/lib/libssl.so.3'] },
  ]);
  const { packages, diagnostics } = await catalog([{ [installed]: database }]);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(packages, [
    {
      purl: 'pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.1',
      type: 'apk',
      name: 'libssl3',
      version: '3.1.4-r2',
      arch: 'x86_64',
      source: { name: 'openssl', version: '3.1.4-r2' },
      ownedBy: null,
      held: false,
      locations: [{ path: installed, layer: digestOf('layer 0') }],
    },
  ]);
});

test('without origin a package is its own source; names are in lower case in package URLs only', async () => {
  const { packages } = await catalog([
    { [installed]: apkDatabase([{ name: 'R', version: '4.3.2-r0', origin: null }]) },
  ]);
  assert.deepEqual(
    packages.map(({ name, purl, source }) => [name, purl.split('@')[0], source]),
    [['R', 'pkg:apk/alpine/r', { name: 'R', version: '4.3.2-r0' }]],
  );
});

test('names for dependencies are no packages, unless files hang on them', async () => {
  const result = await catalog([
    {
      [installed]: apkDatabase([
        plain('.build-deps', '20240101.1'),
        { ...plain('.evil'), files: ['bin/x'] },
        plain('zlib'),
      ]),
    },
  ]);
  assert.deepEqual(names(result), ['zlib']);
  assert.deepEqual(codes(result), ['package_invalid_metadata']);
});

test('a package belongs to the lowest layer from which it stays', async () => {
  const { packages } = await catalog([
    { [installed]: apkDatabase([plain('stays'), plain('upgraded'), plain('returns')]) },
    { 'etc/unrelated': 'x' },
    { [installed]: apkDatabase([plain('stays'), plain('upgraded', '2-r0')]) },
    { [installed]: apkDatabase([plain('stays'), plain('upgraded', '2-r0'), plain('returns'), plain('new')]) },
  ]);
  const layerOf = Object.fromEntries(packages.map(({ name, locations }) => [name, locations[0]?.layer]));
  const expected = { stays: 0, upgraded: 2, returns: 3, new: 3 };
  for (const [name, layer] of Object.entries(expected)) assert.equal(layerOf[name], digestOf(`layer ${layer}`), name);
});

test('the database in usr, with and without a link from its old place', async () => {
  const moved = { 'usr/lib/apk/db/installed': apkDatabase([plain('musl')]) };
  assert.deepEqual(names(await catalog([moved])), ['musl']);
  const linked = await catalog([{ ...moved, lib: { link: 'usr/lib' } }]);
  assert.deepEqual(names(linked), ['musl']);
  assert.equal(linked.packages[0]?.locations[0]?.path, 'usr/lib/apk/db/installed');
});

test('only the merged file system counts', async () => {
  const one = { [installed]: apkDatabase([plain('a'), plain('b')]) };
  assert.deepEqual(names(await catalog([one, { [installed]: apkDatabase([plain('b')]) }])), ['b']);
  assert.deepEqual(names(await catalog([one, { [installed]: null }])), []);
  assert.deepEqual(names(await catalog([{ 'srv/app/installed': apkDatabase([plain('a')]) }])), []);
});

test('files belong to packages, by either spelling of merged directories', async () => {
  const { owners, packages } = await catalog([
    {
      [installed]: apkDatabase([
        { ...plain('nodejs'), files: ['usr/bin/node'] },
        { ...plain('npm'), files: ['usr/lib/node_modules/npm/package.json', 'lib/top'] },
        { ...plain('root'), files: ['.profile'] },
      ]),
      'usr/lib/node_modules/npm/package.json': '{}',
    },
  ]);
  const purlOf = (name: string) => packages.find((pkg) => pkg.name === name)?.purl;
  assert.equal(owners?.ownerOf('usr/bin/node'), purlOf('nodejs'));
  assert.equal(owners?.ownerOf('usr/lib/node_modules/npm/package.json'), purlOf('npm'));
  assert.equal(owners?.ownerOf('usr/lib/top'), purlOf('npm'));
  assert.equal(owners?.ownerOf('.profile'), purlOf('root'));
  assert.equal(owners?.ownerOf('usr/lib/node_modules'), undefined);
  assert.equal((await catalog([{ [installed]: apkDatabase([plain('a')]) }])).owners, undefined);
});

test('advisory keys: Alpine by branch and origin, rolling distributions by package and origin', () => {
  const pkg = {
    ...{
      purl: '',
      type: 'apk',
      name: 'libssl3',
      version: '3.1-r0',
      arch: null,
      locations: [],
      ownedBy: null,
      held: false,
    },
    source: { name: 'openssl', version: '3.1-r0' },
  };
  const keys = (id: string, versionId: string | null): string[] =>
    apk
      .advisoryKeys(pkg, { ...alpine, id, versionId })
      .map((key) => `${key.ecosystem} ${key.on} ${key.name} ${key.version}`);
  assert.deepEqual(keys('alpine', '3.19.1'), ['Alpine:v3.19 source openssl 3.1-r0']);
  assert.deepEqual(keys('alpine', '3.9'), ['Alpine:v3.9 source openssl 3.1-r0']);
  assert.deepEqual(keys('alpine', 'edge'), []);
  assert.deepEqual(keys('alpine', '3.190x'), []);
  assert.deepEqual(keys('alpine', null), []);
  const wolfi = ['Wolfi binary libssl3 3.1-r0', 'Wolfi source openssl 3.1-r0'];
  assert.deepEqual(keys('wolfi', '20230201'), wolfi);
  assert.deepEqual(keys('chainguard', null).length, 2);
  assert.deepEqual(keys('minimos', null).length, 2);
  for (const other of ['postmarketos', 'openwrt', '__proto__', 'constructor'])
    assert.deepEqual(keys(other, '3.19'), []);
  assert.deepEqual(apk.advisoryKeys(pkg, undefined), []);
});

test('Alpine edge and mixtures with it are said', async () => {
  const database = { [installed]: apkDatabase([plain('musl')]) };
  const edge = await catalog([database], { ...alpine, versionId: 'edge' });
  assert.deepEqual(
    edge.diagnostics.map(({ code, partial }) => [code, partial]),
    [['distro_unsupported', true]],
  );
  const mirror = 'https://mirror.example/alpine';
  const list = (text: string) => catalog([{ ...database, 'etc/apk/repositories': text }]);
  assert.deepEqual(codes(await list(`${mirror}/v3.19/main\n${mirror}/edge/testing\n`)), ['mixed_release']);
  assert.deepEqual(codes(await list(`${mirror}/v3.19/main\n@edge ${mirror}/edge/testing\n`)), []);
});

test('what is over the limits or no field is said', () => {
  const read = (text: string, limits: Partial<typeof installedLimits>) => {
    const reader = new InstalledReader({ ...installedLimits, ...limits });
    // Three bytes at a time: no line is whole in any chunk.
    for (let at = 0; at < text.length; at += 3) reader.push(Buffer.from(text.slice(at, at + 3)));
    return { ...reader.finish(), names: reader.records.map(({ name }) => name) };
  };
  const two = 'P:a\nV:1\nF:usr\nR:x\n\nP:b\nV:1';
  assert.deepEqual(read(two, {}), { truncated: false, malformed: 0, names: ['a', 'b'] });
  assert.deepEqual(read(two, { records: 1 }), { truncated: true, malformed: 0, names: ['a'] });
  assert.deepEqual(read(two, { bytes: 24 }).truncated, true);
  assert.deepEqual(read(two, { fileNames: 5 }).truncated, true);
  assert.deepEqual(read(`P:a\nT:${'x'.repeat(100)}\nnonsense\n`, { lineBytes: 50 }), {
    ...{ truncated: false, malformed: 2, names: ['a'] },
  });
  assert.deepEqual(read('V:1\nF:usr\n\n', {}).names, []);
});

test('paths of a record', () => {
  assert.deepEqual([...filePaths('/\n.profile\n/usr/bin\na\nb\n/etc')], ['.profile', 'usr/bin/a', 'usr/bin/b']);
  assert.deepEqual([...filePaths('')], []);
});
