import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundledKeyrings, fileFreshness, fileIndexCache } from './filesystem.ts';

async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-repository-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('an index comes back until 24 newer ones are there', async (t) => {
  const directory = await temporary(t);
  const cache = fileIndexCache(directory);
  assert.equal(await cache.get('first'), undefined);
  await cache.put('first', Buffer.from('one'));
  assert.equal((await cache.get('first'))?.toString(), 'one');
  for (let i = 0; i < 30; i++) await cache.put(`next ${i}`, Buffer.from('x'));
  assert.equal((await readdir(directory)).length, 24);
});

test('a cache that cannot be written is only slow', async (t) => {
  const directory = await temporary(t);
  await writeFile(join(directory, 'file'), '');
  const cache = fileIndexCache(join(directory, 'file'));
  await cache.put('key', Buffer.from('x'));
  assert.equal(await cache.get('key'), undefined);
});

test('dates are kept per archive and suite', async (t) => {
  const directory = await temporary(t);
  await fileFreshness(directory).remember('debian', 'trixie', 1234);
  const again = fileFreshness(directory);
  assert.equal(await again.newest('debian', 'trixie'), 1234);
  assert.equal(await again.newest('debian', 'trixie-updates'), undefined);
});

test('a date that cannot be written is an error, because replay could go unnoticed', async (t) => {
  const directory = await temporary(t);
  await writeFile(join(directory, 'file'), '');
  await assert.rejects(fileFreshness(join(directory, 'file')).remember('debian', 'trixie', 1));
});

test('keyrings are found by plain names only', async (t) => {
  const directory = await temporary(t);
  await writeFile(join(directory, 'toy.asc'), 'keys');
  const keyring = bundledKeyrings(directory);
  assert.equal(await keyring('toy'), 'keys');
  assert.equal(await keyring('absent'), undefined);
  assert.equal(await keyring('../toy'), undefined);
});
