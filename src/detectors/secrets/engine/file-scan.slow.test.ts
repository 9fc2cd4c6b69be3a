import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileRules } from '../files/list.ts';
import { look } from '../testdata/look.ts';
import { made } from '../testdata/made.ts';
import { contentRules } from '../tokens/list.ts';

const rules = { content: contentRules, files: fileRules };
const first = `glpat${'-'}${made(20, undefined, 'first')}`;
const second = `rubygems${'_'}${made(48, '0123456789abcdef')}`;

test('of a file over 64 MiB the ends are read, and it is told', () => {
  const size = 70 * 1024 * 1024;
  const bytes = Buffer.alloc(size, ' ');
  bytes.write(first, 100);
  bytes.write(`glpat${'-'}${made(20, undefined, 'middle')}`, size / 2);
  bytes.write(second, size - 100);
  const { found, incomplete } = look('a.log', bytes, { ...rules, pieces: [256 * 1024 + 1] });
  assert.deepEqual(
    found.map(({ rule, offset, line, total }) => ({ rule, offset, line, total })),
    [
      { rule: 'gitLab_personal_token', offset: 100, line: 1, total: 1 },
      { rule: 'rubygem', offset: size - 100, line: null, total: 1 },
    ],
  );
  assert.deepEqual(incomplete, [{ path: 'a.log', why: 'size' }]);
});

test('a file with more values than are told apart is given up', () => {
  const lines = Array.from({ length: 10_100 }, (_, index) => `glpat${'-'}${made(20, undefined, String(index))}`);
  const { found, incomplete } = look('a.txt', lines.join('\n'), rules);
  assert.deepEqual(
    found.map(({ total }) => total),
    [10_000],
  );
  assert.deepEqual(incomplete, [{ path: 'a.txt', why: 'values' }]);
});

test('the pieces in which a file of several blocks comes change nothing', () => {
  const filler = `${'some text of a long file with password words and token words\n'.repeat(20_000)}`;
  const text = `${filler}${first}\n${filler}${second}\n${filler}`;
  const whole = look('a/.env', text, rules);
  assert.equal(whole.found.length, 2);
  for (const pieces of [[4_096], [1, 65_537], [1_000_003]])
    assert.deepEqual(look('a/.env', text, { ...rules, pieces }), whole);
});
