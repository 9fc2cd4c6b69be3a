import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './source-tree.ts';

const page = readFileSync(join(root, 'docs/complaints.md'), 'utf8');
const rows = [...page.matchAll(/^\| (\d+) \| [^|]+ \| [^|]+ \| (\S+) \| ([^|]+) \|$/gm)];

test('every complaint is answered by a test that exists', () => {
  assert.deepEqual(
    rows.map(([, number]) => Number(number)),
    Array.from({ length: 25 }, (_, index) => index + 1),
  );
  const missing = rows.filter(([, , file, text = '']) => {
    return !readFileSync(join(root, `${file}.test.ts`), 'utf8').includes(text.trim());
  });
  assert.deepEqual(
    missing.map(([row]) => row),
    [],
  );
});
