import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createFilesystemBlobs } from './filesystem.ts';

const directory = await mkdtemp(join(tmpdir(), 'drydock-spool-'));
after(() => rm(directory, { recursive: true }));
const blobs = createFilesystemBlobs(directory);
const incoming = () => readdir(join(directory, 'incoming'));

test('ranges are read back as they were written, small and large pieces mixed', async () => {
  const sizes = [10, 1 << 20, 3 << 20, 1, 0, 700_000, 700_000];
  const pieces = sizes.map((size, index) => Buffer.alloc(size, `piece ${index}`));
  const all = Buffer.concat(pieces);
  const spooled = await blobs.spool(Readable.from(pieces));
  assert.deepEqual(await incoming(), []);
  assert.deepEqual(await buffer(spooled.read(0, all.length)), all);
  assert.deepEqual(await buffer(spooled.read(5, 1 << 20)), all.subarray(5, 5 + (1 << 20)));
  await assert.rejects(buffer(spooled.read(all.length, 1)), /too early/);
  await spooled.close();
  await spooled.close();
  await assert.rejects(buffer(spooled.read(0, 1)), /closed/);
});

test('content that fails, or a task that is cancelled, leaves nothing', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(2 << 20);
    throw new Error('cut');
  }
  await assert.rejects(blobs.spool(broken()), /cut/);
  await assert.rejects(blobs.spool(Readable.from([Buffer.alloc(9)]), AbortSignal.abort()), { name: 'AbortError' });
  assert.deepEqual(await incoming(), []);
});

test('a killed process leaves nothing', async () => {
  const module = fileURLToPath(new URL('filesystem.ts', import.meta.url));
  const program = `
    import { createFilesystemBlobs } from ${JSON.stringify(module)};
    await createFilesystemBlobs(${JSON.stringify(directory)}).spool((async function* () {
      for (;;) {
        yield Buffer.alloc(2 << 20);
        setTimeout(() => process.kill(process.pid, 'SIGKILL'), 10);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    })());`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module-typescript', '--eval', program]);
  assert.equal(signal, 'SIGKILL');
  assert.deepEqual(await incoming(), []);
});
