import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { openToyImage } from '../../../../test/support/apply-packages.ts';
import { buildDeb, type ToyPackage } from '../../../../test/support/deb-builder.ts';
import { memoryBlobs } from '../../../../test/support/layers.ts';
import { buildUnionView, createLayerWriter } from '../../../image/index.ts';
import { assembleRootfs } from './assemble.ts';
import { readDatabase } from './database.ts';
import { inspectDpkg } from './inspect.ts';

const packages: ToyPackage[] = [
  {
    name: 'base-passwd',
    version: '1',
    files: {
      'usr/share/base-passwd/passwd.master': 'root:*:0:0::/root:/bin/sh\n',
      'usr/share/base-passwd/group.master': 'root:*:0:\n',
    },
  },
  {
    name: 'libtoy1',
    version: '2:1.0-1',
    arch: 'amd64',
    fields: { 'Multi-Arch': 'same', Source: 'toy (1.0-1)' },
    files: { 'lib/libtoy.so.1': 'library', 'etc/toy.conf': 'x' },
    control: { conffiles: '/etc/toy.conf\n', postinst: { content: '#!/bin/sh\nldconfig\n', mode: 0o755 } },
  },
];

async function assemble(): Promise<Buffer> {
  const store = memoryBlobs();
  const signal = AbortSignal.timeout(20_000);
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const out = createLayerWriter({ view: buildUnionView([]), store, mediaType, signal });
  const inputs = packages.map((pkg) => ({ name: pkg.name, open: async () => Readable.from([buildDeb(pkg)]) }));
  const platform = { os: 'linux', architecture: 'amd64' };
  await assembleRootfs(inputs, out, { blobs: store, at: new Date('2026-01-02T03:04:05Z'), platform, signal });
  return store.blobs.get((await out.close()).digest) ?? Buffer.alloc(0);
}

test('packages become a root file system with a usable database, scripts skipped', async () => {
  const layer = await assemble();
  const view = await openToyImage(layer);
  assert.deepEqual(inspectDpkg(view), { supported: true, layout: 'dpkg', diagnostics: [] });
  const { installed } = readDatabase(view);
  assert.deepEqual(
    installed.map(({ name, version, want, state }) => [name, version, want, state]),
    [
      ['base-passwd', '1', 'install', 'installed'],
      ['libtoy1', '2:1.0-1', 'install', 'installed'],
    ],
  );
  assert.deepEqual(installed[1]?.source, { name: 'toy', version: '1.0-1' });
  assert.equal(view.entry('lib')?.type, 'symlink');
  assert.equal(view.entry('usr/lib/libtoy.so.1')?.type, 'file');
  assert.equal(Buffer.from(view.small('etc/passwd') ?? []).toString(), 'root:*:0:0::/root:/bin/sh\n');
  assert.ok(view.small('var/lib/dpkg/info/libtoy1:amd64.list'));
});

test('the same packages give the same bytes', async () => {
  assert.deepEqual(await assemble(), await assemble());
});
