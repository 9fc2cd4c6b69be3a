import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factLayers, type LayerFiles } from '../../../test/support/fact-layers.ts';
import type { CatalogResult } from '../contract.ts';
import { dpkgCataloger } from './catalog.ts';
import { FileLists, isFileList } from './file-lists.ts';

async function catalog(...images: LayerFiles[]): Promise<CatalogResult> {
  const { layers, view } = await factLayers(() => dpkgCataloger.analysis.visitor(), images);
  return dpkgCataloger.coalesce({ layers, view, os: undefined });
}

const record = (name: string, version = '1', arch = 'amd64'): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: ${arch}\nVersion: ${version}\n\n`;
const status = 'var/lib/dpkg/status';
const info = (name: string): string => `var/lib/dpkg/info/${name}.list`;
const owner = ({ owners }: CatalogResult, path: string): string | undefined =>
  owners?.ownerOf(path)?.replace('pkg:deb/', '');

test('files of lists, by either spelling of merged directories, for each architecture of its own', async () => {
  const result = await catalog({
    [status]: record('libc6') + record('libc6', '1', 'i386') + record('python3-six') + record('no-list'),
    [info('libc6:amd64')]: '/.\n/lib\n/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu/libc.so.6\n',
    [info('libc6:i386')]: '/.\n/usr/lib/i386-linux-gnu/libc.so.6\n',
    [info('python3-six')]:
      '/.\n/usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO\n/usr/share/d\u00e9j\u00e0\n',
  });
  const owners: [string, string | undefined][] = [
    ['usr/lib/x86_64-linux-gnu/libc.so.6', 'libc6@1?arch=amd64'],
    ['lib/x86_64-linux-gnu/libc.so.6', 'libc6@1?arch=amd64'],
    ['usr/lib/i386-linux-gnu/libc.so.6', 'libc6@1?arch=i386'],
    ['usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO', 'python3-six@1?arch=amd64'],
    ['usr/share/d\u00e9j\u00e0', 'python3-six@1?arch=amd64'],
    ['srv/app/node_modules/a/package.json', undefined],
    ['', undefined],
  ];
  for (const [path, expected] of owners) assert.equal(owner(result, path), expected, path);
});

test('distroless: checksums beside each record', async () => {
  const result = await catalog({
    'var/lib/dpkg/status.d/python3': 'Package: python3-minimal\nVersion: 3\nArchitecture: amd64\n',
    'var/lib/dpkg/status.d/python3.md5sums': `${'0'.repeat(32)}  usr/bin/python3\nbroken\n`,
  });
  assert.equal(owner(result, 'usr/bin/python3'), 'python3-minimal@3?arch=amd64');
  assert.equal(owner(result, 'broken'), undefined);
});

test('only lists of the final file system count', async () => {
  const lower = { [status]: record('a') + record('b'), [info('a')]: '/opt/a\n', [info('b')]: '/opt/b\n' };
  const upper = { [status]: record('b', '2'), [info('a')]: null, [info('b')]: '/opt/b2\n' };
  const result = await catalog(lower, upper);
  assert.equal(owner(result, 'opt/a'), undefined);
  assert.equal(owner(result, 'opt/b'), undefined);
  assert.equal(owner(result, 'opt/b2'), 'b@2?arch=amd64');
});

test('which files are lists', () => {
  const lists = ['var/lib/dpkg/info/a.list', 'usr/data/info/a:amd64.list', 'v/status.d/base.md5sums'];
  for (const path of lists) assert.ok(isFileList(path), path);
  const others = [
    'etc/apt/sources.list',
    'var/lib/dpkg/info/a.md5sums',
    'xinfo/a.list',
    'v/status.d/base',
    'info/a.list',
    'a.list',
  ];
  for (const path of others) assert.ok(!isFileList(path), path);
});

test('lists over the limits are left out, and that is said', async () => {
  const lists = new FileLists();
  assert.ok(!lists.wants('dpkg/info/huge.list', 5 * 1024 * 1024));
  assert.ok(lists.wants('dpkg/info/small.list', 10));
  assert.deepEqual(lists.finish(), { lists: [], listsLeftOut: 1 });
  const { layers, view } = await factLayers(() => dpkgCataloger.analysis.visitor(), [{ [status]: record('a') }]);
  const [layer] = layers;
  assert.ok(layer);
  const facts = { ...layer.facts, listsLeftOut: 2 };
  const { diagnostics } = dpkgCataloger.coalesce({ layers: [{ ...layer, facts }], view, os: undefined });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ['file_lists_too_large'],
  );
});
