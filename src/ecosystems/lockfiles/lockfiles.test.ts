import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { lockfileSamples } from '../../../test/support/lockfile-samples.data.ts';
import { condaLockfiles } from '../conda/lockfiles/index.ts';
import type { CatalogResult } from '../contract.ts';
import { npmLockfiles } from '../npm/lockfiles/index.ts';

type Lockfiles = typeof npmLockfiles;

async function catalog(cataloger: Lockfiles, ...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => cataloger.analysis.visitor(), images);
  return cataloger.coalesce({ layers, view, os: undefined });
}

async function declared(cataloger: Lockfiles, name: string, content: string): Promise<string[]> {
  const { packages, diagnostics } = await catalog(cataloger, { [`app/${name}`]: content });
  assert.deepEqual(diagnostics, [], name);
  for (const { scope } of packages) assert.equal(scope, 'declared');
  return packages.map((pkg) => `${pkg.name}@${pkg.version}`);
}

for (const [index, { cataloger, name, content, expected }] of lockfileSamples.entries()) {
  test(`lock file ${index}: ${name} (${cataloger.id})`, async () => {
    assert.deepEqual(await declared(cataloger, name, content), expected);
    // Files of Windows.
    const lines = content.replaceAll('\n', '\r\n');
    if (!name.endsWith('.json') && !content.startsWith('{'))
      assert.deepEqual(await declared(cataloger, name, lines), expected);
  });
}

test('build and channel of a declared Conda package', async () => {
  const url = 'https://conda.example/t/token/conda-forge/linux-64/zlib-1.2.13-h1_4.conda';
  const { packages } = await catalog(condaLockfiles, { 'conda-linux-64.lock': `@EXPLICIT\n${url}\n` });
  assert.equal(packages[0]?.purl, 'pkg:conda/zlib@1.2.13?build=h1_4&channel=conda-forge&subdir=linux-64');
});

test('complaint 17: a lock file that a later layer deleted or replaced declares nothing any more', async () => {
  const lock = (name: string): string =>
    JSON.stringify({ packages: { [`node_modules/${name}`]: { version: '1.0.0' } } });
  const gone = await catalog(npmLockfiles, { 'app/package-lock.json': lock('a') }, { 'app/package-lock.json': null });
  assert.deepEqual(gone.packages, []);
  const now = await catalog(npmLockfiles, { 'package-lock.json': lock('a') }, { 'package-lock.json': lock('b') });
  assert.deepEqual(
    now.packages.map(({ name, scope }) => [name, scope]),
    [['b', 'declared']],
  );
});

test('lock files inside installed packages are about the making of these', async () => {
  const lock = JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } });
  const files = { 'node_modules/x/package-lock.json': lock, 'lib/site-packages/x/package-lock.json': lock };
  assert.deepEqual((await catalog(npmLockfiles, files)).packages, []);
});

test('what is no such file is told with its path, and what was read before is kept', async () => {
  const { packages, diagnostics } = await catalog(npmLockfiles, {
    'a/package-lock.json': '[]',
    'b/package-lock.json': `{"packages":${'['.repeat(1000)}`,
    'c/bun.lock': 'x',
    'd/package-lock.json': `"${'x'.repeat(17 * 2 ** 20)}"`,
    'e/package-lock.json': JSON.stringify({
      packages: { 'node_modules/../x': { version: '1.0.0' }, 'node_modules/y': { version: '1' } },
    }),
  });
  assert.deepEqual(
    packages.map(({ name }) => name),
    ['y'],
  );
  assert.deepEqual(
    diagnostics.map(({ path, code, partial }) => [path?.[0], code, partial]),
    ['a', 'b', 'c', 'd', 'e'].map((path) => [path, 'package_invalid_metadata', true]),
  );
});
