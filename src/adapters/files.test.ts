import assert from 'node:assert/strict';
import { lstat, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeOutput } from './files.ts';

test('a document replaces a file, also behind a link, and makes the folders of a new one', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-output-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const [old, link, fresh] = ['old.json', 'latest.json', 'new/deep.json'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  await writeFile(old, 'a longer text than the new one');
  await symlink('old.json', link);
  for (const path of [link, fresh]) await writeOutput(path, Buffer.from('new'));
  assert.deepEqual([await readFile(old, 'utf8'), await readFile(fresh, 'utf8')], ['new', 'new']);
  assert.ok((await lstat(link)).isSymbolicLink());
});

test('a device is written to and stays one', async (t) => {
  // A link, so that code that replaces what it is given costs nobody the device.
  const directory = await mkdtemp(join(tmpdir(), 'drydock-output-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const link = join(directory, 'null');
  await symlink('/dev/null', link);
  await writeOutput(link, Buffer.from('gone'));
  assert.ok((await lstat(link)).isSymbolicLink());
  assert.ok((await lstat('/dev/null')).isCharacterDevice());
});

test('a directory in the way is an error, not a victim', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-output-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  await assert.rejects(writeOutput(directory, Buffer.from('x')), { code: 'EISDIR' });
});
