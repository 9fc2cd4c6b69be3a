import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileEntry, LayerVisitor } from '../image/index.ts';
import { underAllNames } from './hardlinks.ts';

const entry = (path: string): FileEntry => ({ path, type: 'file', mode: 0, uid: 0, gid: 0, size: 4, mtime: 0 });

test('a sink gets the first of the names that a visitor looks for', () => {
  const seen: string[] = [];
  const visitor: LayerVisitor<string[]> = {
    ...{ id: 'x', version: 1, file() {}, finish: () => seen },
    wants: ({ path }) => (path.endsWith('.so') ? 'sink' : 'skip'),
    sink: ({ path }) => ({ chunk: (bytes) => seen.push(`${path} ${bytes.length}`) > 0, end: () => seen.push('end') }),
  };
  const looking = underAllNames(visitor, new Map([['store/1', [entry('lib/a.so'), entry('lib/b.so')]]]));
  assert.equal(looking.wants(entry('store/1')), 'sink');
  const sink = looking.sink?.(entry('store/1'));
  sink?.chunk(Buffer.from('abcd'));
  sink?.end();
  assert.equal(looking.wants(entry('store/2')), 'skip');
  assert.deepEqual(looking.finish(), ['lib/a.so 4', 'end']);
});
