import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { digestOf, hexOf } from '../../image/index.ts';
import { hasCode } from '../../kernel/index.ts';
import { createFilesystemBlobs, sweepIncoming } from './filesystem.ts';

const directory = await mkdtemp(join(tmpdir(), 'drydock-blobs-'));
after(() => rm(directory, { recursive: true }));
const blobs = createFilesystemBlobs(directory);
const hello = Buffer.from('hello');
// sha256sum of "hello", from coreutils.
const helloDigest = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

test('a blob is stored under its digest and read back', async () => {
  const stored = await blobs.put([hello.subarray(0, 2), hello.subarray(2)], undefined);
  assert.deepEqual(stored, { digest: helloDigest, size: 5 });
  assert.equal(await blobs.size(helloDigest), 5);
  assert.deepEqual(await buffer(await blobs.open(helloDigest)), hello);
});

test('bytes that differ from the expected digest or size are refused and leave nothing', async () => {
  const other = digestOf('other');
  await assert.rejects(blobs.put([hello], { digest: other }), (error) => hasCode(error, 'digest_mismatch'));
  await assert.rejects(blobs.put([hello], { digest: helloDigest, size: 4 }), (error) =>
    hasCode(error, 'digest_mismatch'),
  );
  assert.equal(await blobs.size(other), undefined);
  assert.deepEqual(await readdir(join(directory, 'incoming')), []);
});

test('a source that fails half way leaves nothing', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield hello;
    throw new Error('cut');
  }
  await assert.rejects(blobs.put(broken(), undefined), /cut/);
  assert.deepEqual(await readdir(join(directory, 'incoming')), []);
});

test('a damaged blob is noticed on reading', async () => {
  const { digest } = await blobs.put([Buffer.from('to be damaged')], undefined);
  const path = join(directory, 'sha256', hexOf(digest).slice(0, 2), hexOf(digest));
  await writeFile(path, (await readFile(path, 'utf8')).replace('to', 'TO'));
  await assert.rejects(
    async () => buffer(await blobs.open(digest)),
    (error) => hasCode(error, 'digest_mismatch'),
  );
});

test('leftovers of dead processes are swept, those of running ones stay', async () => {
  const incoming = join(directory, 'incoming');
  await writeFile(join(incoming, `${process.pid}-running`), '');
  await writeFile(join(incoming, '999999999-dead'), '');
  assert.equal(await sweepIncoming(directory), 1);
  assert.deepEqual(await readdir(incoming), [`${process.pid}-running`]);
  await rm(join(incoming, `${process.pid}-running`));
});
