import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { digestOf } from '../../image/index.ts';
import type { AnalysisKey } from '../../scan/index.ts';
import { createFilesystemAnalysisCache, pruneAnalysisCache } from './filesystem.ts';

const root = await mkdtemp(join(tmpdir(), 'drydock-cache-'));
after(() => rm(root, { recursive: true }));

const key: AnalysisKey = { layer: digestOf('a'), visitor: 'dpkg', version: 1 };

async function files(directory: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  return names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('a value comes back under its key only', async () => {
  const cache = createFilesystemAnalysisCache(join(root, 'one'));
  const value = { list: [1, 'two', null], text: 'é\udc80', deep: { '': [] } };
  assert.equal(await cache.get(key), undefined);
  await cache.put(key, value);
  assert.deepEqual(await cache.get(key), value);
  assert.equal(await cache.get({ ...key, version: 2 }), undefined);
  assert.equal(await cache.get({ ...key, visitor: 'other' }), undefined);
  assert.equal(await cache.get({ ...key, layer: digestOf('b') }), undefined);
  const [file] = await files(join(root, 'one'));
  assert.equal((await stat(file ?? '')).mode & 0o077, 0, 'private');
});

test('damaged, cut, swapped and foreign entries are absent', async () => {
  const directory = join(root, 'two');
  const cache = createFilesystemAnalysisCache(directory);
  await cache.put(key, { a: 1 });
  const [path = ''] = await files(directory);
  const good = await readFile(path);
  const flipped = Buffer.from(good);
  flipped[flipped.length - 3] = (flipped[flipped.length - 3] ?? 0) ^ 1;
  for (const bad of [flipped, good.subarray(0, -1), good.subarray(0, 10), Buffer.alloc(0), Buffer.from('ddla2\n')]) {
    await writeFile(path, bad);
    assert.equal(await cache.get(key), undefined);
  }
  const other = { ...key, version: 2 };
  await cache.put(other, { a: 2 });
  const second = (await files(directory)).find((file) => file !== path) ?? '';
  await writeFile(path, await readFile(second));
  assert.equal(await cache.get(key), undefined, 'the entry of another key');
  await cache.put(key, { a: 3 });
  assert.deepEqual(await cache.get(key), { a: 3 });
});

test('a place that cannot be written keeps nothing and fails nothing', async () => {
  const file = join(root, 'a-file');
  await writeFile(file, '');
  const cache = createFilesystemAnalysisCache(join(file, 'cache'));
  await cache.put(key, 1);
  assert.equal(await cache.get(key), undefined);
});

test('pruning removes what was unused longest, and leftovers of the dead', async () => {
  const directory = join(root, 'three');
  const cache = createFilesystemAnalysisCache(directory);
  const now = new Date();
  const keys = [1, 2, 3].map((version) => ({ ...key, version }));
  let size = 0;
  for (const [index, each] of keys.entries()) {
    const before = new Set(await files(directory).catch(() => []));
    await cache.put(each, { version: each.version });
    const path = (await files(directory)).find((file) => !before.has(file)) ?? '';
    size = Math.max(size, (await stat(path)).size);
    const used = new Date(now.getTime() - (keys.length - index) * 86_400_000);
    await utimes(path, used, used);
  }
  const leftover = join(directory, 'incoming-1-x');
  await writeFile(leftover, 'x');
  await utimes(leftover, new Date(0), new Date(0));
  // Reading the oldest makes it the newest.
  assert.deepEqual(await cache.get(keys[0] ?? key), { version: 1 });
  await pruneAnalysisCache(directory, now, 2 * size);
  const left = await Promise.all(keys.map((each) => cache.get(each)));
  assert.deepEqual(left, [{ version: 1 }, undefined, { version: 3 }]);
  await assert.rejects(stat(leftover));
  await pruneAnalysisCache(join(root, 'not-there'), now);
});
