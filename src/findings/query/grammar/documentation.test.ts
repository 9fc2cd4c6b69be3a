import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fields } from './fields.ts';
import { filterLimits } from './normalise.ts';
import { parseFilter } from './parse.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/howto/use-the-filter-grammar.md'), 'utf8');

test('the documentation lists every field as the grammar knows it', () => {
  const code = (text: string): string => `\`${text}\``;
  const wanted = fields.map(({ name, short, type, values, meaning }) =>
    ['', code(name), short.map(code).join(', '), values ? values.map(code).join(' ') : type, meaning, '']
      .map((cell, at, cells) => (at === 0 || at === cells.length - 1 ? '' : cell === '' ? ' ' : ` ${cell} `))
      .join('|'),
  );
  const table = page
    .slice(page.indexOf('## Fields'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  assert.deepEqual(table, wanted);
});

test('the examples of the documentation can be read, and it tells the limits', () => {
  const block = /```\n(?<text>[^`]+)```/.exec(page)?.groups?.text ?? '';
  for (const line of block.trim().split('\n')) assert.ok(parseFilter(line), line);
  const { text, nodes, values, patterns } = filterLimits;
  for (const limit of [text, nodes, values, patterns]) assert.ok(page.includes(limit.toLocaleString('en')), `${limit}`);
});
