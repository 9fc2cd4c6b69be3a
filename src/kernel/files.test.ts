import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeDurably } from './files.ts';
import { isProcessRunning } from './processes.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drydock-files-'));
});
after(() => rm(directory, { recursive: true, force: true }));

test('a file is written whole, replaces the old one and leaves nothing beside it', async () => {
  const path = join(directory, 'a/b/file');
  await writeDurably(path, 'first');
  await writeDurably(path, Buffer.from('second'), 0o600);
  assert.equal(await readFile(path, 'utf8'), 'second');
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(join(directory, 'a/b')), ['file']);
});

test('a failed write leaves what was there, and no draft', async () => {
  const path = join(directory, 'taken');
  await mkdir(join(path, 'not-empty'), { recursive: true });
  await assert.rejects(writeDurably(path, 'x'));
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.startsWith('taken')),
    ['taken'],
  );
});

test('the own process runs; ids that no process can have do not', () => {
  assert.equal(isProcessRunning(process.pid), true);
  for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 40]) assert.equal(isProcessRunning(pid), false, String(pid));
});
