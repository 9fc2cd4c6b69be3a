import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { zipArchive } from '../../../test/support/zip-archive.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult } from '../contract.ts';
import { npmCataloger } from './catalog.ts';
import { isInstalledManifest } from './facts.ts';

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => npmCataloger.analysis.visitor(), images);
  return npmCataloger.coalesce({ layers, view, os: undefined });
}

const manifest = (name: string, version: string): string => JSON.stringify({ name, version, main: 'index.js' });
const rows = ({ packages }: CatalogResult): string[] =>
  packages.map(({ name, version, scope, locations }) => `${name}@${version} ${scope ?? ''} ${locations[0]?.path}`);

test('a package with everything that is known of it', async () => {
  const path = 'app/node_modules/@babel/core/package.json';
  const { packages, diagnostics } = await catalog({ [path]: manifest('@babel/core', '7.0.0') });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(packages, [
    {
      purl: 'pkg:npm/%40babel/core@7.0.0',
      type: 'npm',
      name: '@babel/core',
      version: '7.0.0',
      arch: null,
      source: null,
      ownedBy: null,
      held: false,
      locations: [{ path, layer: digestOf('layer 0') }],
    },
  ]);
});

test('only direct children of node_modules are packages', () => {
  const yes = [
    'node_modules/a/package.json',
    'usr/lib/node_modules/npm/package.json',
    'node_modules/a/node_modules/b/package.json',
    'node_modules/@s/a/package.json',
    'x/node_modules/.pnpm/a@1.0.0/node_modules/a/package.json',
  ];
  const no = [
    'package.json',
    'node_modules/package.json',
    'node_modules/a/lib/package.json',
    'node_modules/@s/package.json/x',
    'node_modules/@s/a/lib/package.json',
    'node_modules/.cache/package.json',
    'node_modules/.bin/@s/package.json',
    'my_node_modules/a/package.json',
    'node_modules/s/a/package.json',
    'node_modules/a/xpackage.json',
  ];
  assert.deepEqual([...yes, ...no].filter(isInstalledManifest), yes);
});

test('identity is what the manifest says: aliases, and directories that belong to nobody', async () => {
  const result = await catalog({
    'node_modules/old/package.json': manifest('lodash', '4.17.15'),
    'node_modules/private/package.json': JSON.stringify({ name: 'private' }),
    'node_modules/odd/package.json': JSON.stringify({ name: 'odd', version: 7 }),
    'node_modules/a/node_modules/bundled/package.json': manifest('bundled', '1.0.0'),
  });
  assert.deepEqual(result.diagnostics, []);
  assert.deepEqual(rows(result), [
    'lodash@4.17.15  node_modules/old/package.json',
    'bundled@1.0.0  node_modules/a/node_modules/bundled/package.json',
  ]);
});

test('complaint 17: deleted, replaced and re-created modules', async () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => `app/node_modules/${name}/package.json`) as [string, string, string];
  const result = await catalog(
    { [a]: manifest('a', '1.0.0'), [b]: manifest('b', '1.0.0'), [c]: manifest('c', '1.0.0') },
    { 'app/node_modules/a': null, [b]: manifest('b', '2.0.0'), 'app/node_modules/c': null },
    { [c]: manifest('c', '1.0.0') },
  );
  assert.deepEqual(rows(result).sort(), [
    `a@1.0.0 removed ${a}`,
    `b@1.0.0 removed ${b}`,
    `b@2.0.0  ${b}`,
    `c@1.0.0  ${c}`,
    `c@1.0.0 removed ${c}`,
  ]);
  const [layer] = result.packages.filter(({ name, scope }) => name === 'c' && scope === undefined);
  assert.equal(layer?.locations[0]?.layer, digestOf('layer 2'));
});

test('a tree behind a link counts where it is', async () => {
  const result = await catalog(
    { 'opt/v1/node_modules/a/package.json': manifest('a', '1.0.0') },
    { app: { link: 'opt/v1' }, 'app/node_modules/b/package.json': manifest('b', '1.0.0') },
  );
  assert.deepEqual(rows(result), [
    'a@1.0.0  opt/v1/node_modules/a/package.json',
    'b@1.0.0  opt/v1/node_modules/b/package.json',
  ]);
});

test('what the installer put there for development only', async () => {
  const lock = {
    packages: {
      'node_modules/a': { version: '1.0.0', dev: true },
      'node_modules/b': { version: '1.0.0', dev: true },
      'node_modules/c': { version: '1.0.0', devOptional: true },
      'node_modules/a/node_modules/d': { version: '1.0.0', dev: true },
      'node_modules/__proto__': { version: '1.0.0', dev: true },
    },
  };
  const files = {
    'app/node_modules/.package-lock.json': JSON.stringify(lock),
    'app/node_modules/a/package.json': manifest('a', '1.0.0'),
    'app/node_modules/b/package.json': manifest('b', '2.0.0'),
    'app/node_modules/c/package.json': manifest('c', '1.0.0'),
    'app/node_modules/a/node_modules/d/package.json': manifest('d', '1.0.0'),
    'other/node_modules/a/package.json': manifest('a', '1.0.0'),
  };
  const scopes = (result: CatalogResult): string[] =>
    result.packages.map(({ name, scope }) => `${name} ${scope ?? ''}`);
  // Another version than the installer noted is not what it spoke of.
  assert.deepEqual(scopes(await catalog(files)), ['a dev', 'b ', 'c ', 'd dev', 'a ']);
  const gone = await catalog(files, { 'app/node_modules/.package-lock.json': null });
  assert.deepEqual(scopes(gone), ['a ', 'b ', 'c ', 'd ', 'a ']);
});

test("packages in Yarn's archives, with what they bundle", async () => {
  const archive = zipArchive([
    { name: 'node_modules/@s/a/package.json', content: manifest('@s/a', '1.0.0') },
    { name: 'node_modules/@s/a/lib/package.json', content: manifest('no', '1.0.0') },
    { name: 'node_modules/@s/a/node_modules/b/package.json', content: manifest('b', '2.0.0') },
  ]);
  const path = 'app/.yarn/cache/@s-a-npm-1.0.0-0123456789-0123456789.zip';
  const result = await catalog({ [path]: archive, 'app/other.zip': archive, 'root/.yarn/berry/cache/x.zip': 'no zip' });
  assert.deepEqual(rows(result), [`@s/a@1.0.0  ${path}`, `b@2.0.0  ${path}`]);
  assert.deepEqual(
    result.diagnostics.map(({ code, path }) => [code, path]),
    [['package_invalid_metadata', 'root/.yarn/berry/cache/x.zip']],
  );
});

test('manifests that are none are told, unless they are gone', async () => {
  const bad = {
    'node_modules/a/package.json': '{',
    'node_modules/b/package.json': manifest('../b', '1.0.0'),
    'node_modules/c/package.json': manifest('c', '1 0'),
    'node_modules/d/package.json': `{"name":"d","version":"1.0.0"${' '.repeat(2 ** 20)}}`,
  };
  const { packages, diagnostics } = await catalog(bad);
  assert.deepEqual(packages, []);
  assert.deepEqual(
    diagnostics.map(({ code, path, partial }) => [code, path, partial]),
    Object.keys(bad).map((path) => ['package_invalid_metadata', path, true]),
  );
  const gone = await catalog(bad, { node_modules: null });
  assert.deepEqual(gone.diagnostics, []);
});
