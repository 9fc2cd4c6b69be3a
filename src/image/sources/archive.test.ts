import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { buildTestImage, sha256, type TarMember, tar } from '../../../test/support/test-image.ts';
import { openArchiveImage } from './archive.ts';

const signal = new AbortController().signal;

async function archive(t: TestContext, bytes: Uint8Array): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'drydock-archive-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const file = join(directory, 'image.tar');
  await writeFile(file, bytes);
  return file;
}

const lower = tar({ 'etc/a': 'lower' });
const upper = tar({ 'etc/a': 'upper' });

/** Members of a `docker save` archive with one image per given tag. */
function saved(images: Record<string, Record<string, Uint8Array>>): Record<string, TarMember | Uint8Array | string> {
  const members: Record<string, TarMember | Uint8Array | string> = {};
  const list = Object.entries(images).map(([tag, layers]) => {
    const diffIds = Object.values(layers).map((layer) => sha256(layer[0] === 0x1f ? lower : layer));
    const config = JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: diffIds },
    });
    const name = `${sha256(config).slice(7)}.json`;
    members[name] = config;
    for (const [path, bytes] of Object.entries(layers)) members[path] = bytes;
    return { Config: name, RepoTags: [tag], Layers: Object.keys(layers) };
  });
  members['manifest.json'] = JSON.stringify(list);
  return members;
}

test('docker save: uncompressed layers are described by their diff_id and verified', async (t) => {
  const file = await archive(t, tar(saved({ 'app:1': { 'a/layer.tar': lower, 'b/layer.tar': upper } })));
  await using opened = await openArchiveImage({ scheme: 'archive', file }, signal);
  const handle = await opened.image(undefined, signal);
  assert.equal(opened.repository, undefined);
  assert.deepEqual(
    handle.layers.map(({ descriptor }) => descriptor.digest),
    [sha256(lower), sha256(upper)],
  );
  const bytes = await (await handle.layers[1]?.open(signal))?.toArray();
  assert.deepEqual(Buffer.concat(bytes ?? []), upper);
});

test('docker save: a layer that is not its diff_id fails while it is read', async (t) => {
  const members = saved({ 'app:1': { 'a/layer.tar': lower } });
  const file = await archive(t, tar({ ...members, 'a/layer.tar': upper }));
  await using opened = await openArchiveImage({ scheme: 'archive', file }, signal);
  const handle = await opened.image(undefined, signal);
  await assert.rejects(async () => (await handle.layers[0]?.open(signal))?.toArray(), { code: 'digest_mismatch' });
});

test('docker save: compressed layers are hashed, repeated layers may be links', async (t) => {
  const packed = gzipSync(lower);
  const members = saved({ 'app:1': { 'a/layer.tar': packed, 'b/layer.tar': packed } });
  const file = await archive(t, tar({ ...members, 'b/layer.tar': { type: 'symlink', link: '../a/layer.tar' } }));
  await using opened = await openArchiveImage({ scheme: 'archive', file }, signal);
  const handle = await opened.image(undefined, signal);
  assert.deepEqual(
    handle.layers.map(({ descriptor, diffId }) => [descriptor.digest, descriptor.mediaType, diffId]),
    [0, 1].map(() => [sha256(packed), 'application/vnd.oci.image.layer.v1.tar+gzip', sha256(lower)]),
  );
});

test('docker save: one of several images is chosen by its tag', async (t) => {
  const file = await archive(t, tar(saved({ 'team/app:1': { 'a.tar': lower }, 'team/app:2': { 'b.tar': upper } })));
  await assert.rejects(openArchiveImage({ scheme: 'archive', file }, signal), { code: 'ambiguous_image' });
  await assert.rejects(openArchiveImage({ scheme: 'archive', file, image: 'app:3' }, signal), {
    code: 'image_not_found',
  });
  for (const image of ['team/app:2', 'app:2']) {
    await using opened = await openArchiveImage({ scheme: 'archive', file, image }, signal);
    const handle = await opened.image(undefined, signal);
    assert.equal(handle.layers[0]?.descriptor.digest, sha256(upper));
  }
});

test('OCI archive: read by digest like a layout', async (t) => {
  const image = buildTestImage([lower, upper]);
  const blobs = [...image.blobs, [image.digest, image.manifest] as const];
  const annotations = { 'org.opencontainers.image.ref.name': 'v1' };
  const manifests = [{ mediaType: image.mediaType, digest: image.digest, size: image.manifest.length, annotations }];
  const members: Record<string, TarMember | Uint8Array | string> = {
    'blobs/': { type: 'directory' },
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    'index.json': JSON.stringify({ schemaVersion: 2, manifests }),
    ...Object.fromEntries(blobs.map(([digest, bytes]) => [`blobs/sha256/${digest.slice(7)}`, bytes])),
  };
  const file = await archive(t, tar(members));
  for (const image_ of [undefined, 'v1']) {
    await using opened = await openArchiveImage({ scheme: 'archive', file, ...(image_ && { image: image_ }) }, signal);
    const handle = await opened.image(undefined, signal);
    assert.equal(handle.document.digest, image.digest);
    assert.equal(
      sha256(Buffer.concat((await (await handle.layers[1]?.open(signal))?.toArray()) ?? [])),
      handle.layers[1]?.descriptor.digest,
    );
  }
  const config = [...image.blobs].find(([, bytes]) => bytes[0] === 0x7b)?.[0] ?? '';
  const broken = await archive(t, tar({ ...members, [`blobs/sha256/${config.slice(7)}`]: '{"evil":1}' }));
  await assert.rejects(openArchiveImage({ scheme: 'archive', file: broken }, signal), { code: 'digest_mismatch' });
});

test('what is not an archive of an image is told apart', async (t) => {
  const whole = tar(saved({ 'app:1': { 'a.tar': lower } }));
  const cases: [string, Uint8Array, string][] = [
    ['compressed as a whole', gzipSync(whole), 'compressed_archive'],
    ['empty', Buffer.alloc(0), 'invalid_archive'],
    ['text', Buffer.alloc(4096, 'text'), 'invalid_archive'],
    ['a root file system', tar({ 'etc/passwd': 'root' }), 'invalid_archive'],
    ['older than Docker 1.10', tar({ repositories: '{}' }), 'invalid_archive'],
    ['cut in a member', whole.subarray(0, 700), 'invalid_archive'],
    ['manifest.json is no list', tar({ 'manifest.json': '{}' }), 'invalid_archive'],
    [
      'config with a path that leads out',
      tar({ 'manifest.json': '[{"Config":"../../etc/passwd","Layers":[]}]' }),
      'invalid_archive',
    ],
  ];
  for (const [name, bytes, code] of cases) {
    const file = await archive(t, bytes);
    await assert.rejects(openArchiveImage({ scheme: 'archive', file }, signal), { code }, name);
  }
  await assert.rejects(openArchiveImage({ scheme: 'archive', file: '/nonexistent/x' }, signal), {
    code: 'source_unreadable',
  });
});
