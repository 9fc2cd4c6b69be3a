import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { RemoteError } from '../../cli/service/errors.ts';
import { saveDownload } from './save-download.ts';

let directory = '';
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drydock-download-'));
});
after(() => rm(directory, { recursive: true, force: true }));

const content = Buffer.from('image_name,vul_id\r\nteam/app,CVE-2024-1\r\n'.repeat(50));
const sha256 = createHash('sha256').update(content).digest('hex');

async function* cut(bytes: Buffer, at: number): AsyncGenerator<Uint8Array> {
  yield bytes.subarray(0, at);
  if (at < bytes.length) throw new RemoteError(0, 'connection lost');
}

test('a broken download goes on where it stopped', async () => {
  const asked: number[] = [];
  const path = join(directory, 'whole.csv');
  await saveDownload(
    path,
    async (offset) => {
      asked.push(offset);
      const rest = content.subarray(offset);
      return { status: offset === 0 ? 200 : 206, headers: {}, body: cut(rest, asked.length < 3 ? 700 : rest.length) };
    },
    sha256,
  );
  assert.deepEqual(asked, [0, 700, 1400]);
  assert.deepEqual(await readFile(path), content);
});

test('a damaged download leaves no file', async () => {
  const path = join(directory, 'damaged.csv');
  const body = () => cut(content.subarray(1), content.length - 1);
  await assert.rejects(
    saveDownload(path, async () => ({ status: 200, headers: {}, body: body() }), sha256),
    /damaged/,
  );
  assert.deepEqual(
    (await readdir(directory)).filter((name) => name.startsWith('damaged')),
    [],
  );
});
