import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './source-tree.ts';

/** Rows of docs/operations/limits.md: what it says about which name of which file. */
const rows = [
  ...readFileSync(join(root, 'docs/operations/limits.md'), 'utf8').matchAll(
    /^\| [^|]+ \| `(?<file>\S+) (?<name>\w+)` \| (?<value>[^|]+) \|/gm,
  ),
].map(({ groups }) => groups as { file: string; name: string; value: string });

const units: Readonly<Record<string, number>> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

/** A number of the page, such as `4 MiB` or `2,000,000`. */
function told(text: string): number {
  const [number = '', unit] = text.trim().split(' ');
  return Number(number.replaceAll(',', '')) * (unit === undefined ? 1 : (units[unit] ?? Number.NaN));
}

/** The value that a source file gives to a name: a product or power of numbers and of names for powers of two. */
function written(file: string, name: string): number {
  const source = readFileSync(join(root, file), 'utf8');
  const known: Readonly<Record<string, number>> = { mib: 2 ** 20, mebibyte: 2 ** 20 };
  for (const [, expression = ''] of source.matchAll(new RegExp(`\\b${name}(?: =|:) ([\\w. ()*]+)[;,\\n }]`, 'g'))) {
    const value = expression
      .trim()
      .split(/ \* (?!\*)/)
      .map((factor) => {
        const [base = '', power = '1'] = factor.split(' ** ');
        return (known[base] ?? Number(base.replaceAll('_', ''))) ** Number(power);
      })
      .reduce((product, factor) => product * factor, 1);
    if (!Number.isNaN(value)) return value;
  }
  return Number.NaN;
}

test('docs/operations/limits.md tells the limits of the code', () => {
  assert.ok(rows.length > 40, `${rows.length} limits`);
  const wrong = rows
    .map(({ file, name, value }) => ({ file, name, told: told(value), written: written(file, name) }))
    .filter((row) => row.told !== row.written);
  assert.deepEqual(wrong, []);
});
