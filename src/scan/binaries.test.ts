import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { InstalledPackage } from '../ecosystems/index.ts';
import { digestOf } from '../image/index.ts';
import { binaryDiagnostics } from './binaries.ts';

const layer = digestOf('layer');
const pkg = (path: string): InstalledPackage => ({
  ...{ purl: 'pkg:generic/x@1', type: 'generic', name: 'x', version: '1', arch: null, source: null },
  ...{ locations: [{ path, layer }], ownedBy: null, held: false },
});
const owners = [{ ownerOf: (path: string) => (path.startsWith('usr/') ? 'pkg:deb/debian/x@1' : undefined) }];

test('programs that no package owns or explains are counted and named', () => {
  const programs = ['usr/bin/a', 'opt/b', 'opt/c', 'opt/d\u202e', 'opt/e'];
  const told = [{ code: 'unknown_go_binary', path: 'opt/e', message: 'e', partial: true }];
  const diagnostics = binaryDiagnostics({ owners, programs, unlessOwned: told }, [pkg('opt/b')]);
  assert.deepEqual(diagnostics, [
    ...told,
    {
      code: 'unidentified_binaries',
      message: '2 programs belong to no package, and nothing tells what they are made of: opt/c, opt/d\\u{202e}.',
    },
  ]);
});

test('problems of files that a package owns concern nobody', () => {
  const unlessOwned = [{ code: 'unknown_go_binary', path: 'usr/bin/a', message: 'a', partial: true }];
  assert.deepEqual(binaryDiagnostics({ owners, programs: ['usr/bin/a'], unlessOwned }, []), []);
});

test('ten of many programs are named', () => {
  const programs = Array.from({ length: 30 }, (_, i) => `opt/${String(i).padStart(2, '0')}`);
  const [note] = binaryDiagnostics({ owners: [], programs: programs.toReversed(), unlessOwned: [] }, []);
  assert.match(note?.message ?? '', /^30 programs .*: opt\/00, .*, opt\/09 …\.$/);
});
