import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeBundle } from './bundle-file.ts';

test('only a file is replaced by a bundle: not a directory, and so no device', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-bundle-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const index = join(directory, 'index');
  await writeFile(index, 'content');
  const header = {
    sequence: 1,
    createdAt: '2026-01-01T00:00:00Z',
    feeds: [],
    index: { sha256: '0'.repeat(64), size: 7 },
  };
  await assert.rejects(writeBundle(directory, index, header), { code: 'bundle_invalid' });
  assert.deepEqual(await readdir(directory), ['index']);
});
