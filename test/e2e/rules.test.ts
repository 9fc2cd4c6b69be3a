import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/debian-image.ts';
import { drydock } from '../support/drydock.ts';
import { zipArchive } from '../support/zip-archive.ts';

test('rules of an archive are imported, tried and listed', async (t) => {
  const scratch = await temporaryDirectory();
  t.after(() => scratch[Symbol.asyncDispose]());
  const file = (name: string): string => join(scratch.path, name);
  const run = (...args: string[]) => drydock(['rules', ...args], { dataDirectory: file('data') });
  const rule = 'rule made_up { meta: level = "suspicious" strings: $a = "made-up-marker" condition: $a }';
  await mkdir(file('in'));
  await writeFile(file('in/pack.zip'), zipArchive([{ name: 'rules/a.yar', content: rule }]));
  await writeFile(file('in/link.txt'), 'no rules\n');
  await writeFile(file('sample'), 'with a made-up-marker');
  const imported = await run('import', file('in'), '--name', 'pack', '--licence', 'ours');
  assert.deepEqual([imported.code, imported.stderr], [0, '']);
  assert.match(imported.stdout, /^Imported pack: 1 rule of 1 file\.\n/);
  const hit = await run('test', file('sample'));
  assert.deepEqual([hit.code, hit.stderr], [3, '']);
  assert.match(hit.stdout, / made_up {2}pack {2}suspicious \(observed\) {2}at 7\+14\n$/);
  const { feeds, kept } = JSON.parse((await run('ls', '--json')).stdout);
  assert.deepEqual([feeds.map(({ name, state }: typeof feeds) => [name, state]), kept], [[['pack', 'observe']], [1]]);
  const missing = await run('test', file('nowhere'));
  assert.deepEqual([missing.code, /nowhere cannot be read/.test(missing.stderr)], [7, true]);
});
