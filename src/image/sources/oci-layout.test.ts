import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { listed } from '../../../test/support/registry-client.ts';
import { buildTestImage, buildTestIndex, sha256, type TestImage, tar } from '../../../test/support/test-image.ts';
import type { Digest } from '../digest.ts';
import type { ImageRepository } from '../repository.ts';
import { openLayoutImage, openOciLayout } from './oci-layout.ts';

const signal = new AbortController().signal;

async function temporary(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-layout-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function store(repository: ImageRepository, image: TestImage, tag?: string): Promise<void> {
  for (const [digest, bytes] of image.blobs) {
    await repository.putBlob({ digest: digest as Digest, size: bytes.length }, async () => Readable.from([bytes]), {
      signal,
    });
  }
  await repository.putManifest(image.manifest, image.mediaType, signal);
  if (tag !== undefined) await repository.putTag(tag, { ...image, bytes: image.manifest }, signal);
}

const image = buildTestImage([tar({ 'etc/a': 'one' })]);
const other = buildTestImage([tar({ 'etc/a': 'two' })]);

test('a layout is created, written by digest, tagged and read back', async (t) => {
  const directory = join(await temporary(t), 'out');
  await assert.rejects(openOciLayout(directory), { code: 'source_unreadable' });
  const repository = await openOciLayout(directory, { create: true });
  await store(repository, image);
  assert.deepEqual(await listed(repository.tags(signal)), []);
  assert.ok(await repository.manifest(image.digest, signal));
  await store(repository, image, 'v1');
  await store(repository, other, 'v2');
  assert.deepEqual(await listed(repository.tags(signal)), ['v1', 'v2']);
  assert.equal(await repository.resolveTag('v2', signal), other.digest);
  await repository.putTag('v2', { ...image, bytes: image.manifest }, signal);
  assert.equal(await repository.resolveTag('v2', signal), image.digest);
  assert.equal(await repository.deleteTag('v1', signal), true);
  assert.equal(await repository.deleteTag('v1', signal), false);
  assert.deepEqual(await listed(repository.tags(signal)), ['v2']);
  assert.equal(await repository.manifest('v1', signal), undefined);
});

test('an image is opened with its layers, by tag, by latest, or because it is the only one', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  await assert.rejects(openLayoutImage({ scheme: 'oci', directory }, signal), { code: 'image_not_found' });
  await store(repository, image, 'v1');
  await using only = await openLayoutImage({ scheme: 'oci', directory }, signal);
  assert.equal(only.root.digest, image.digest);
  assert.equal(only.tag, 'v1');
  const handle = await only.image(undefined, signal);
  assert.equal(handle.platform.architecture, 'amd64');
  const bytes = Buffer.concat((await (await handle.layers[0]?.open(signal))?.toArray()) ?? []);
  assert.equal(sha256(bytes), handle.layers[0]?.descriptor.digest);
  await assert.rejects(only.image({ os: 'linux', architecture: 'riscv64' }, signal), { code: 'platform_not_found' });
  await store(repository, other, 'v2');
  await assert.rejects(
    openLayoutImage({ scheme: 'oci', directory }, signal),
    (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'ambiguous_image');
      assert.match(error.hint ?? '', /v1, v2/);
      return true;
    },
  );
  await store(repository, other, 'latest');
  await using latest = await openLayoutImage({ scheme: 'oci', directory }, signal);
  assert.equal(latest.root.digest, other.digest);
});

test('an index offers its platforms and leaves attestations out', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  const arm = buildTestImage([tar({ a: 'arm' })], { config: { architecture: 'arm64' } });
  await store(repository, image);
  await store(repository, arm);
  const index = buildTestIndex([
    { image, platform: { os: 'linux', architecture: 'amd64' } },
    { image: arm, platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
    { image: other, platform: { os: 'unknown', architecture: 'unknown' } },
  ]);
  await repository.putTag('multi', { ...index, bytes: index.manifest }, signal);
  await using opened = await openLayoutImage({ scheme: 'oci', directory, tag: 'multi' }, signal);
  assert.deepEqual(
    opened.platforms.map(({ platform }) => platform.architecture),
    ['amd64', 'arm64'],
  );
  const handle = await opened.image({ os: 'linux', architecture: 'arm64' }, signal);
  assert.equal(handle.document.digest, arm.digest);
  assert.equal(handle.indexDigest, index.digest);
  await assert.rejects(opened.image({ os: 'linux', architecture: 'arm64', variant: 'v9' }, signal), {
    code: 'platform_not_found',
  });
});

test('changes of one index.json at the same time are all kept', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  await store(repository, image);
  const again = await openOciLayout(directory);
  const names = Array.from({ length: 20 }, (_, i) => `t${i}`);
  await Promise.all(
    names.map((tag, i) => (i % 2 ? repository : again).putTag(tag, { ...image, bytes: image.manifest }, signal)),
  );
  assert.deepEqual((await listed(repository.tags(signal))).sort(), names.sort());
});

test('referrers are found by their subject, once, and are never the image', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  await store(repository, image, 'v1');
  const empty = Buffer.from('{}');
  const descriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: 2 };
  await repository.putBlob(descriptor, async () => Readable.from([empty]), { signal });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const subject = { mediaType, digest: image.digest, size: image.manifest.length };
  const document = {
    schemaVersion: 2,
    mediaType,
    artifactType: 'a/sbom',
    config: descriptor,
    layers: [descriptor],
    subject,
  };
  const bytes = Buffer.from(JSON.stringify({ ...document, annotations: { k: 'v' } }));
  await repository.putReferrer(bytes, mediaType, signal);
  await repository.putReferrer(bytes, mediaType, signal);
  const found = await repository.referrers(image.digest, signal);
  assert.deepEqual(
    found.map(({ artifactType, annotations }) => [artifactType, annotations?.k]),
    [['a/sbom', 'v']],
  );
  await using opened = await openLayoutImage({ scheme: 'oci', directory }, signal);
  assert.equal(opened.root.digest, image.digest);
});

test('fields of index.json that we do not know survive a change', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  await store(repository, image);
  const mediaType = image.mediaType;
  const entry = {
    mediaType,
    digest: image.digest,
    size: image.manifest.length,
    'x-own': [1],
    annotations: { 'a.b': 'c' },
  };
  const index = { schemaVersion: 2, 'x-top': { y: 1 }, manifests: [entry] };
  await writeFile(join(directory, 'index.json'), JSON.stringify(index));
  await store(repository, other, 'v2');
  const now = JSON.parse(await readFile(join(directory, 'index.json'), 'utf8'));
  assert.deepEqual(now['x-top'], { y: 1 });
  assert.deepEqual(now.manifests[0], entry);
});

test('blobs with wrong bytes are refused and leave nothing behind', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  const descriptor = { digest: sha256('right'), size: 5 };
  for (const wrong of ['wrong', 'rightest', 'rig']) {
    await assert.rejects(
      repository.putBlob(descriptor, async () => Readable.from([Buffer.from(wrong)]), { signal }),
      {
        code: 'digest_mismatch',
      },
    );
  }
  assert.deepEqual(await readdir(join(directory, 'blobs', 'sha256')), []);
});

test('damaged and hostile layouts fail by name', async (t) => {
  const directory = await temporary(t);
  const repository = await openOciLayout(directory, { create: true });
  const layer = { digest: sha256('layer'), size: 5 };
  const path = join(directory, 'blobs', 'sha256', layer.digest.slice(7));
  await writeFile(path, 'lay3r');
  await assert.rejects((await repository.openBlob(layer, signal)).toArray(), { code: 'digest_mismatch' });
  await writeFile(path, 'layers');
  await assert.rejects((await repository.openBlob(layer, signal)).toArray(), { code: 'digest_mismatch' });
  await rm(path);
  await symlink('/dev/zero', path);
  await assert.rejects(repository.openBlob(layer, signal), { code: 'source_unreadable' });
  await rm(path);
  await assert.rejects(repository.openBlob(layer, signal), { code: 'invalid_layout' });
  await writeFile(join(directory, 'index.json'), '[]');
  await assert.rejects(openLayoutImage({ scheme: 'oci', directory }, signal), { code: 'invalid_layout' });
});
