import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntryType, FileEntry, LayerTree } from '../image/index.ts';
import { type PackedTree, packTree, unpackTree } from './tree-codec.ts';

const types: EntryType[] = ['file', 'directory', 'symlink', 'hardlink', 'char', 'block', 'fifo'];
const name = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('usr/lib/a', 'usr/lib/ab', '\udc80x'),
);
const number = fc.integer({ min: 0, max: 2 ** 33 });

const entry: fc.Arbitrary<FileEntry> = fc.record(
  {
    path: name,
    type: fc.constantFrom(...types),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: number,
    gid: number,
    size: number,
    mtime: fc.integer({ min: -(2 ** 33), max: 2 ** 33 }),
    link: name,
    devMajor: number,
    sparse: fc.constant(true as const),
    xattrs: fc
      .array(fc.tuple(fc.constantFrom('security.capability', '__proto__'), fc.uint8Array({ maxLength: 4 })))
      .map((pairs) => new Map(pairs.map(([key, value]) => [key, Buffer.from(value)]))),
  },
  { noNullPrototype: true, requiredKeys: ['path', 'type', 'mode', 'uid', 'gid', 'size', 'mtime'] },
);

test('a tree survives packing and JSON unchanged', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(name), fc.array(name), (entries, whiteouts, opaques) => {
      const withMinor = entries.map((item) => (item.devMajor === undefined ? item : { ...item, devMinor: 3 }));
      const tree: LayerTree = { entries: withMinor, whiteouts, opaques };
      const packed = JSON.parse(JSON.stringify(packTree(tree))) as PackedTree;
      assert.deepEqual(unpackTree(packed), tree);
    }),
  );
});

test('columns that do not fit together are refused', () => {
  const item: FileEntry = { path: 'a', type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
  const packed = packTree({ entries: [item], whiteouts: [], opaques: [] });
  assert.equal(unpackTree({ ...packed, types: 'ff' }), undefined);
  assert.equal(unpackTree({ ...packed, types: '?' }), undefined);
  assert.equal(unpackTree({ ...packed, meta: [7] }), undefined);
});
