import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './source-tree.ts';

const folder = join(root, 'test/hostile');
const page = readFileSync(join(folder, 'README.md'), 'utf8');

interface Line {
  readonly group: number;
  readonly file: string;
  readonly text: string;
}

/** Lines such as `| 4 | truncated | images | gzip cut off |`; without a file the text says why there is no test. */
const lines: readonly Line[] = [
  ...page.matchAll(/^\| (?<group>\d+) \| [^|]+ \| (?<file>\S*) ?\| (?<text>.+) \|$/gm),
].map(({ groups }) => ({ group: Number(groups?.group), file: groups?.file ?? '', text: groups?.text ?? '' }));

test('every test that test/hostile/README.md names exists', () => {
  assert.ok(lines.length > 120, `${lines.length} lines`);
  const wrong = lines.filter(({ file, text }) => {
    if (file === '') return false;
    const path = join(folder, `${file}.test.ts`);
    return !existsSync(path) || !readFileSync(path, 'utf8').includes(text);
  });
  assert.deepEqual(wrong, []);
});

test('every group is named', () => {
  const named = new Set(lines.map(({ group }) => group));
  const missing = Array.from({ length: 48 }, (_, index) => index + 1).filter((group) => !named.has(group));
  assert.deepEqual(missing, []);
});

test('every file of test/hostile is named', () => {
  const named = new Set(lines.map(({ file }) => `${file}.test.ts`));
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  assert.deepEqual(
    files.filter((name) => !named.has(name)),
    [],
  );
});
