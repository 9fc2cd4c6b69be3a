import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { exitCodes } from '../exit-codes.ts';
import { exitByCode } from './exit-table.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Every code that an error class of the sources can carry, read from their text: types leave no trace at run time. */
function declaredCodes(): Set<string> {
  const codes = new Set<string>();
  for (const file of globSync('src/**/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    const text = readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const unions = [
      ...text.matchAll(/extends CodedError<([^{]*?)> *\{/g),
      ...text.matchAll(/type \w*(?:ErrorCode|FixFailure|FixRefusal) =([^;]*);/g),
    ];
    for (const [, union = ''] of unions) for (const [, code = ''] of union.matchAll(/'(\w+)'/g)) codes.add(code);
  }
  return codes;
}

test('every error code has an exit code by decision, and none is decided that does not exist', () => {
  const declared = declaredCodes();
  assert.ok(declared.size > 80, `only ${declared.size} codes found: has the way of declaring them changed?`);
  const ofRuntime = ['ENOENT', 'ETIMEDOUT', 'TimeoutError', 'AbortError'];
  assert.deepEqual([...declared].filter((code) => !exitByCode.has(code)).sort(), []);
  assert.deepEqual(
    [...exitByCode.keys()].filter((code) => !declared.has(code) && !ofRuntime.includes(code)).sort(),
    [],
  );
});

test('the documented table holds exactly the codes that the program can end with', () => {
  const text = readFileSync(join(root, 'docs/operations/exit-codes.md'), 'utf8');
  const documented = [...text.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  assert.deepEqual(documented, Object.values(exitCodes));
});
