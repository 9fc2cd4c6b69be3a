import assert from 'node:assert/strict';
import { chmod, link, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { walkLayer } from '../layers/walk.ts';
import { openDirectoryImage } from './directory.ts';

const signal = new AbortController().signal;

async function sample(t: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'drydock-root-'));
  t.after(() => rm(root, { recursive: true, force: true }));
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'etc/b'), 'content of b');
  await chmod(join(root, 'etc/b'), 0o4755);
  await link(join(root, 'etc/b'), join(root, 'etc/c'));
  await symlink('/etc/shadow', join(root, 'etc/a'));
  await symlink('/', join(root, 'up'));
  await writeFile(Buffer.concat([Buffer.from(`${root}/bad-`), Buffer.from([0xff])]), 'x');
  await writeFile(join(root, `long-${'n'.repeat(200)}`), '');
  return root;
}

test('a root directory becomes one layer with every entry, following no link', async (t) => {
  const root = await sample(t);
  await using opened = await openDirectoryImage({ scheme: 'dir', directory: root }, signal);
  const handle = await opened.image(undefined, signal);
  const layer = handle.layers[0];
  assert.ok(layer);
  const { tree } = await walkLayer(layer, [], { signal });
  const found = tree.entries.map(({ path, type, mode, size, link: target }) => [path, type, mode, size, target]);
  assert.deepEqual(found, [
    ['bad-\udcff', 'file', 0o644, 1, undefined],
    ['etc', 'directory', 0o755, 0, undefined],
    [`long-${'n'.repeat(200)}`, 'file', 0o644, 0, undefined],
    ['up', 'symlink', 0o777, 0, '/'],
    ['etc/a', 'symlink', 0o777, 0, '/etc/shadow'],
    ['etc/b', 'file', 0o4755, 12, undefined],
    ['etc/c', 'hardlink', 0o4755, 0, 'etc/b'],
  ]);
  assert.equal(handle.platform.os, 'linux');
  assert.deepEqual(handle.diagnostics, []);
});

test('the same tree gives the same digest; a change after opening fails the layer', async (t) => {
  const root = await sample(t);
  const first = await openDirectoryImage({ scheme: 'dir', directory: root }, signal);
  const again = await openDirectoryImage({ scheme: 'dir', directory: root }, signal);
  assert.equal(first.root.digest, again.root.digest);
  const handle = await first.image(undefined, signal);
  await writeFile(join(root, 'etc/b'), 'content of B');
  await utimes(join(root, 'etc/b'), 1, 1);
  await assert.rejects(async () => (await handle.layers[0]?.open(signal))?.toArray(), { code: 'digest_mismatch' });
});

test('what cannot be in an image is said, not skipped silently', async (t) => {
  const root = await sample(t);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, 'sock'), resolve));
  t.after(() => server.close());
  const opened = await openDirectoryImage({ scheme: 'dir', directory: root }, signal);
  const { diagnostics } = await opened.image(undefined, signal);
  assert.deepEqual(
    diagnostics.map(({ code, path }) => [code, path]),
    [['socket_skipped', 'sock']],
  );
});

test('a file or nothing at all is not a root directory', async (t) => {
  const root = await sample(t);
  for (const directory of [join(root, 'etc/b'), join(root, 'none')]) {
    await assert.rejects(openDirectoryImage({ scheme: 'dir', directory }, signal), { code: 'source_unreadable' });
  }
});
