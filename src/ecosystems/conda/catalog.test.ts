import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult } from '../contract.ts';
import { condaCataloger } from './catalog.ts';

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => condaCataloger.analysis.visitor(), images);
  return condaCataloger.coalesce({ layers, view, os: undefined });
}

const record = {
  build: 'h5eee18b_0',
  channel: 'https://user:secret@conda.example/t/token/pkgs/main/linux-64',
  files: ['lib/libz.so'],
  name: 'zlib',
  subdir: 'linux-64',
  version: '1.2.13',
};

test('a package with everything that is known of it, without the account of its channel', async () => {
  const path = 'opt/conda/conda-meta/zlib-1.2.13-h5eee18b_0.json';
  const files = { [path]: JSON.stringify(record), 'opt/conda/conda-meta/history': '', 'x/conda-meta/y/z.json': '{}' };
  const { packages, diagnostics, owners } = await catalog(files);
  assert.deepEqual(diagnostics, []);
  // What Conda installed is judged as what it is: nobody would judge it otherwise.
  assert.equal(owners, undefined);
  assert.deepEqual(packages, [
    {
      purl: 'pkg:conda/zlib@1.2.13?build=h5eee18b_0&channel=main&subdir=linux-64',
      type: 'conda',
      name: 'zlib',
      version: '1.2.13',
      arch: 'linux-64',
      source: null,
      ownedBy: null,
      held: false,
      locations: [{ path, layer: digestOf('layer 0') }],
    },
  ]);
});

test('channels by name, by URL, or none', async () => {
  const channels = [
    'conda-forge',
    'https://conda.example/conda-forge',
    'https://conda.example/conda-forge/linux-64/',
    '<unknown>',
    '',
  ];
  const files = channels.map((channel, i) => [`conda-meta/${i}.json`, JSON.stringify({ ...record, channel })] as const);
  const { packages } = await catalog(Object.fromEntries(files));
  assert.deepEqual(
    packages.map(({ purl }) => /channel=([^&]+)/.exec(purl)?.[1]),
    ['conda-forge', 'conda-forge', 'conda-forge', undefined, undefined],
  );
});

test('removed with its record; records that are none are told', async () => {
  const files = {
    'conda-meta/a.json': JSON.stringify(record),
    'conda-meta/b.json': '{',
    'conda-meta/c.json': JSON.stringify({ name: '--force', version: '1' }),
    'conda-meta/d.json': JSON.stringify({ name: 'd' }),
  };
  const { packages, diagnostics } = await catalog(files, { 'conda-meta/a.json': null });
  assert.deepEqual(
    packages.map(({ name, scope }) => [name, scope]),
    [['zlib', 'removed']],
  );
  assert.deepEqual(
    diagnostics.map(({ path }) => path),
    ['conda-meta/b.json', 'conda-meta/c.json', 'conda-meta/d.json'],
  );
});
