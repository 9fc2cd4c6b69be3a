import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import { digestOf } from '../../image/index.ts';
import type { CatalogResult } from '../contract.ts';
import { pypiCataloger } from './catalog.ts';
import { pypi } from './index.ts';

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => pypiCataloger.analysis.visitor(), images);
  return pypiCataloger.coalesce({ layers, view, os: undefined });
}

const metadata = (name: string, version: string): string =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nSummary: x\n\nName: body\n`;
const rows = ({ packages }: CatalogResult): string[] =>
  packages.map(({ name, version, scope, confidence, locations }) =>
    [`${name} ${version}`, scope, confidence, locations[0]?.path].filter((part) => part !== undefined).join(' | '),
  );
const site = 'usr/lib/python3.11/site-packages';

test('a package with everything that is known of it', async () => {
  const path = `${site}/Zope.Interface-5.0.dist-info/METADATA`;
  const { packages, diagnostics } = await catalog({ [path]: metadata('Zope._Interface', '5.0+local.1') });
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(packages, [
    {
      purl: 'pkg:pypi/zope-interface@5.0+local.1',
      type: 'pypi',
      name: 'zope-interface',
      version: '5.0+local.1',
      arch: null,
      source: null,
      ownedBy: null,
      held: false,
      locations: [{ path, layer: digestOf('layer 0') }],
    },
  ]);
  const [pkg] = packages;
  assert.deepEqual(pkg && pypi.advisoryKeys(pkg, undefined), [
    { ecosystem: 'PyPI', on: 'binary', name: 'zope-interface', version: '5.0' },
  ]);
});

test('every form of metadata, and nothing that only looks like it', async () => {
  const zip = 'PK\u0003\u0004rest';
  const result = await catalog({
    [`${site}/a-1.dist-info/METADATA`]: metadata('a', '1'),
    [`${site}/b.egg-info/PKG-INFO`]: metadata('b', '2'),
    [`${site}/c-3-py3.11.egg-info`]: metadata('c', '3'),
    [`${site}/d-4-py3.11.egg/EGG-INFO/PKG-INFO`]: metadata('d', '4'),
    'wheels/e_e-5-py3-none-any.whl': zip,
    'wheels/torch-2.0.0+cu118-cp311-cp311-linux_x86_64.whl': zip,
    [`${site}/f-6-py3.11.egg`]: zip,
    'app/__pypackages__/3.11/lib/g-7.dist-info/METADATA': metadata('g', '7'),
    'src/h-8/PKG-INFO': metadata('no', '1'),
    'src/METADATA': metadata('no', '1'),
    [`${site}/a-1.dist-info/licenses/METADATA`]: metadata('no', '1'),
  });
  assert.deepEqual(result.diagnostics, []);
  assert.deepEqual(
    result.packages.map(({ name, version }) => `${name} ${version}`),
    ['a 1', 'b 2', 'c 3', 'd 4', 'e-e 5', 'torch 2.0.0+cu118', 'f 6', 'g 7'],
  );
});

test('headers end at the first blank line; any case, any line end, folded lines', async () => {
  const forms = [
    'NAME:x\r\nversion:   1.0  \r\n\r\nbody',
    'Description: one\n  Name: no\n\tVersion: 9\nVersion: 1.0\nName: x',
    'Name: x\nName: other\nVersion: 1.0\nVersion: 2.0\n',
    `License: ${'long '.repeat(5_000)}\nName: x\nVersion: 1.0\n`,
  ];
  for (const text of forms) {
    const { packages } = await catalog({ 'x.dist-info/METADATA': text });
    assert.deepEqual(
      packages.map(({ name, version }) => [name, version]),
      [['x', '1.0']],
      text.slice(0, 40),
    );
  }
  for (const text of [
    '',
    '\nName: x\nVersion: 1\n',
    'Name: x\n\nVersion: 1\n',
    'Name : x\nVersion: 1',
    'Name: x\nVersion:\n',
  ]) {
    const { packages, diagnostics } = await catalog({ 'x.dist-info/METADATA': text });
    assert.deepEqual([packages.length, diagnostics[0]?.code], [0, 'package_invalid_metadata'], JSON.stringify(text));
  }
});

test('the same environment twice is one package in two places', async () => {
  const file = metadata('a', '1');
  const result = await catalog({ 'opt/a/a-1.dist-info/METADATA': file, 'opt/b/a-1.dist-info/METADATA': file });
  assert.equal(new Set(result.packages.map(({ purl }) => purl)).size, 1);
  assert.equal(result.packages.length, 2);
});

test('what was installed from a directory is less sure', async () => {
  const local = JSON.stringify({ url: 'file:///src/a', dir_info: { editable: true } });
  const remote = JSON.stringify({ url: 'https://example/b.whl', archive_info: {} });
  const result = await catalog({
    [`${site}/a-1.dist-info/METADATA`]: metadata('a', '1'),
    [`${site}/a-1.dist-info/direct_url.json`]: local,
    [`${site}/b-1.dist-info/METADATA`]: metadata('b', '1'),
    [`${site}/b-1.dist-info/direct_url.json`]: remote,
    [`${site}/c-1.dist-info/METADATA`]: metadata('c', '1'),
    [`${site}/c-1.dist-info/direct_url.json`]: '{',
  });
  assert.deepEqual(
    result.packages.map(({ name, confidence }) => [name, confidence]),
    [
      ['a', 'low'],
      ['b', undefined],
      ['c', undefined],
    ],
  );
});

test('what pip carries inside itself, but for the part of setuptools', async () => {
  const path = `${site}/pip/_vendor/vendor.txt`;
  const list =
    'CacheControl==0.12.11  # Make sure to update the license\nrequests==2.28.2\n    idna==3.4\nsetuptools==65.0\nx>=1\n';
  const result = await catalog({ [path]: list, 'app/_vendor/vendor.txt': 'other==1\n' });
  assert.deepEqual(rows(result), [
    `cachecontrol 0.12.11 | low | ${path}`,
    `requests 2.28.2 | low | ${path}`,
    `idna 3.4 | low | ${path}`,
  ]);
});

test('complaint 17: an upgrade that a later layer brought leaves the old version behind as removed', async () => {
  const old = `${site}/a-1.dist-info/METADATA`;
  const result = await catalog(
    { [old]: metadata('a', '1') },
    { [`${site}/a-1.dist-info`]: null, [`${site}/a-2.dist-info/METADATA`]: metadata('a', '2') },
  );
  assert.deepEqual(rows(result), [`a 1 | removed | ${old}`, `a 2 | ${site}/a-2.dist-info/METADATA`]);
});

test('names and versions outside the grammar, archives that are none: told, no package', async () => {
  const files = {
    'a.dist-info/METADATA': metadata('-oProxy=x', '1'),
    'b.dist-info/METADATA': metadata('b', '1 0'),
    'c.dist-info/METADATA': metadata('c.', '1'),
    'd-1-py3-none-any.whl': 'no zip',
    'e.whl': 'PK\u0003\u0004',
  };
  const { packages, diagnostics } = await catalog(files);
  assert.deepEqual(packages, []);
  assert.deepEqual(
    diagnostics.map(({ path, partial }) => [path, partial]),
    Object.keys(files).map((path) => [path, true]),
  );
});
