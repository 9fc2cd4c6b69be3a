import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { rpmHeader, rpmNdb, rpmSqlite, type TestRpm } from '../../../test/support/rpm-database.ts';
import { digestOf } from '../../image/index.ts';
import type { OsRelease } from '../contract.ts';
import { rpmCataloger } from './catalog.ts';

const os: OsRelease = { id: 'almalinux', versionId: '9.4', codename: null, prettyName: null, path: 'etc/os-release' };
const path = 'usr/lib/sysimage/rpm/rpmdb.sqlite';

const sqlite = (...packages: TestRpm[]): Buffer => rpmSqlite(packages.map(rpmHeader)).database;

async function catalogue(...images: LayerFiles[]) {
  const { layers, view } = await factLayers(() => rpmCataloger.analysis.visitor(), images);
  // Facts come from a cache as JSON.
  const stored = layers.map((layer) => ({ ...layer, facts: JSON.parse(JSON.stringify(layer.facts)) }));
  const result = rpmCataloger.coalesce({ layers: stored, view, os });
  return {
    ...result,
    found: result.packages.map(({ name, version }) => `${name} ${version}`),
    problems: result.diagnostics.map(({ code, message }) => `${code}: ${message}`),
  };
}

test('catalog: a package belongs to the lowest layer from which it is in every later database', async () => {
  const { packages } = await catalogue(
    { [path]: sqlite({ name: 'bash' }, { name: 'curl', version: '1' }) },
    { [path]: sqlite({ name: 'bash' }, { name: 'curl', version: '2' }, { name: 'vim' }) },
    { [path]: sqlite({ name: 'bash' }, { name: 'curl', version: '2' }, { name: 'gcc' }) },
  );
  assert.deepEqual(
    packages.map(({ name, version, locations }) => [name, version, locations]),
    [
      ['bash', '1.0-1.el9', [{ path, layer: digestOf('layer 0') }]],
      ['curl', '2-1.el9', [{ path, layer: digestOf('layer 1') }]],
      ['gcc', '1.0-1.el9', [{ path, layer: digestOf('layer 2') }]],
    ],
  );
});

test('catalog: the places of the database may be links to each other', async () => {
  const { found, problems } = await catalogue(
    { 'usr/share/rpm/rpmdb.sqlite': sqlite({ name: 'bash' }) },
    { 'usr/lib/sysimage/rpm': { link: '../../share/rpm' }, 'var/lib/rpm': { link: '../../usr/lib/sysimage/rpm' } },
  );
  assert.deepEqual([found, problems], [['bash 1.0-1.el9'], []]);
});

test('catalog: of several formats in one place the newest counts, as for rpm', async () => {
  const { found } = await catalogue({
    'var/lib/rpm/rpmdb.sqlite': sqlite({ name: 'new' }),
    'var/lib/rpm/Packages.db': rpmNdb([rpmHeader({ name: 'old' })]),
  });
  assert.deepEqual(found, ['new 1.0-1.el9']);
  const ndb = await catalogue({ 'var/lib/rpm/Packages.db': rpmNdb([rpmHeader({ name: 'old' })]) });
  assert.deepEqual(ndb.found, ['old 1.0-1.el9']);
});

test('catalog: keys are no packages; two architectures are two', async () => {
  const { packages } = await catalogue({
    [path]: sqlite({ name: 'gpg-pubkey' }, { name: 'zlib' }, { name: 'zlib', arch: 'i686' }, { name: 'zlib' }),
  });
  assert.deepEqual(
    packages.map(({ name, arch }) => [name, arch]),
    [
      ['zlib', 'x86_64'],
      ['zlib', 'i686'],
    ],
  );
});

test('catalog: manifests of images without database, the longer one first', async () => {
  const line = 'zlib\t1.2.13-2.cm2\t1\t1\tMicrosoft\t(none)\t1\tx86_64\t0\tzlib-1.2.13-2.cm2.src.rpm\n';
  const { found, problems } = await catalogue({
    'var/lib/rpmmanifest/container-manifest-1': 'zlib-1.2.13-2.cm2.x86_64\nfilesystem-1.1-1.cm2.x86_64\n',
    'var/lib/rpmmanifest/container-manifest-2': `${line}\nnonsense\n`,
  });
  assert.deepEqual(found, ['zlib 1.2.13-2.cm2']);
  assert.deepEqual(problems, [
    'package_database_damaged: package database var/lib/rpmmanifest/container-manifest-2: it has lines that are no packages',
  ]);
});

test('catalog: the write-ahead log of the same layer is applied, wherever it stands', async () => {
  const { database, log } = rpmSqlite([rpmHeader({ name: 'a' })], { logged: [rpmHeader({ name: 'b' })] });
  const both = ['a 1.0-1.el9', 'b 1.0-1.el9'];
  for (const layer of [
    { [path]: database, [`${path}-wal`]: log },
    { [`${path}-wal`]: log, [path]: database },
  ]) {
    const { found, problems } = await catalogue(layer);
    assert.deepEqual([found, problems], [both, []]);
  }
  const apart = await catalogue({ [path]: database }, { [`${path}-wal`]: log });
  assert.deepEqual(apart.found, ['a 1.0-1.el9']);
  assert.match(apart.problems.join(), /write-ahead log of another layer/);
  const removed = await catalogue({ [path]: database, [`${path}-wal`]: log }, { [`${path}-wal`]: null });
  assert.match(removed.problems.join(), /a later layer removed its write-ahead log/);
  assert.ok(removed.diagnostics.every(({ partial }) => partial));
});

test('catalog: records that are no packages are told and left out', async () => {
  const { found, diagnostics } = await catalogue({
    [path]: sqlite({ name: '-oProxy' }, { name: 'odd', version: '1 2' }, { name: 'good' }),
  });
  assert.deepEqual(found, ['odd 1 2-1.el9', 'good 1.0-1.el9']);
  assert.deepEqual(
    diagnostics.map(({ code, partial }) => [code, partial]),
    [
      ['package_invalid_metadata', true],
      ['package_invalid_metadata', true],
    ],
  );
});

test('catalog: owners of files, in either spelling of merged directories', async () => {
  const { owners, packages } = await catalogue({
    [path]: sqlite({ name: 'python3', files: ['/lib64/libpython3.so', '/usr/bin/python3', '/usr/bin/pip3'] }),
    'usr/lib64/libpython3.so': 'x',
  });
  const purl = packages[0]?.purl;
  assert.equal(owners?.ownerOf('usr/lib64/libpython3.so'), purl);
  assert.equal(owners?.ownerOf('usr/bin/pip3'), purl);
  assert.equal(owners?.ownerOf('usr/bin/pip'), undefined);
});

test('catalog: a removed database has no packages', async () => {
  const { found, problems } = await catalogue({ [path]: sqlite({ name: 'bash' }) }, { [path]: null });
  assert.deepEqual([found, problems], [[], []]);
});

test('catalog: a database that is none is told', async () => {
  const { found, problems } = await catalogue({ 'var/lib/rpm/Packages': 'x'.repeat(5000) });
  assert.deepEqual(found, []);
  assert.deepEqual(problems, [
    'package_database_damaged: package database var/lib/rpm/Packages: it is no Berkeley DB hash file',
  ]);
});
