import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildUnionView, type FileEntry, type LayerTree } from '../image/index.ts';
import { fileOwners, ownerKey } from './file-owners.ts';

const file = (path: string, size = 1, mtime = 0): FileEntry => ({
  ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime },
});
const layer = (entries: FileEntry[], whiteouts: string[] = []): LayerTree => ({ entries, whiteouts, opaques: [] });

test('merged and separate spellings of a place are one', () => {
  const table = [
    ['/lib/x', 'usr/lib/x'],
    ['lib64/ld.so', 'usr/lib64/ld.so'],
    ['./sbin/init', 'usr/sbin/init'],
    ['usr/bin/env', 'usr/bin/env'],
    ['library/x', 'library/x'],
    ['opt/lib/x', 'opt/lib/x'],
    ['lib', 'lib'],
  ];
  for (const [path = '', expected] of table) assert.equal(ownerKey(path), expected, path);
});

test('the index is built once, at the first question', () => {
  let built = 0;
  const owners = fileOwners(buildUnionView([layer([file('usr/lib/a/package.json')])]), () => {
    built++;
    return [{ purl: 'pkg:deb/debian/a@1', layer: 0, paths: () => ['/lib/a/package.json', '/.'] }];
  });
  assert.equal(built, 0);
  assert.equal(owners.ownerOf('usr/lib/a/package.json'), 'pkg:deb/debian/a@1');
  assert.equal(owners.ownerOf('srv/package.json'), undefined);
  assert.equal(built, 1);
});

test('a file that a later layer replaced is not owned, one that it merely copied is', () => {
  const view = buildUnionView([
    layer([file('usr/a', 5), file('usr/b', 5), file('usr/c', 5), file('usr/d', 5)]),
    layer([file('usr/a', 6), file('usr/b', 5), file('usr/c', 5, 9)], ['usr/d']),
    layer([file('usr/d', 7)]),
  ]);
  const owned = (by: number) =>
    fileOwners(view, () => [{ purl: 'p', layer: by, paths: () => ['usr/a', 'usr/b', 'usr/c', 'usr/d', 'usr/e'] }]);
  const answers = (by: number) => ['usr/a', 'usr/b', 'usr/c', 'usr/d'].map((path) => owned(by).ownerOf(path));
  assert.deepEqual(answers(0), [undefined, 'p', undefined, undefined]);
  // The package itself came, or was upgraded, with the later layer.
  assert.deepEqual(answers(1), ['p', 'p', 'p', undefined]);
  assert.deepEqual(answers(2), ['p', 'p', 'p', 'p']);
});

test('of two owners the later one counts', () => {
  const owners = fileOwners(buildUnionView([layer([file('x')])]), () => [
    { purl: 'first', layer: 0, paths: () => ['x'] },
    { purl: 'second', layer: 0, paths: () => ['/x'] },
  ]);
  assert.equal(owners.ownerOf('x'), 'second');
});
