import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import {
  createRegistry,
  type Digest,
  fallbackTag,
  fixedCredentials,
  type ImageRepository,
  openOciLayout,
  openReference,
  type Registry,
  type RegistrySettings,
} from '../../src/image/index.ts';
import { type DockerRegistry, startDockerRegistry } from '../support/docker-registry.ts';
import { listed } from '../support/registry-client.ts';
import { needs } from '../support/system.ts';
import { buildTestImage, sha256, type TestImage, tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(120_000);
const run = promisify(execFile);
const layerBytes = tar({ 'etc/os-release': 'ID=debian\n', 'usr/share/data': randomBytes(3_000_000) });
const image = buildTestImage([layerBytes, tar({ 'etc/hostname': 'x' })]);

interface Running {
  readonly server: DockerRegistry;
  readonly registry: Registry;
  repository(name: string): ImageRepository;
}

async function start(
  t: TestContext,
  options: { protectedBy?: string; settings?: RegistrySettings } = {},
): Promise<Running | undefined> {
  const programs = needs(t, 'docker-registry', 'htpasswd');
  if (!programs) return undefined;
  const password = options.protectedBy;
  const user = password === undefined ? {} : { user: { name: 'user', password, htpasswd: programs.htpasswd } };
  const server = await startDockerRegistry({ program: programs['docker-registry'], ...user });
  const registry = createRegistry({
    settings: new Map([[server.host, options.settings ?? {}]]),
    credentials: fixedCredentials(
      new Map(password === undefined ? [] : [[server.host, { kind: 'basic', username: 'user', password }]]),
    ),
  });
  t.after(async () => {
    await registry.close();
    await server.stop();
  });
  return { server, registry, repository: (name) => registry.repository({ registry: server.host, repository: name }) };
}

async function push(repository: ImageRepository, what: TestImage, tag: string): Promise<void> {
  for (const [digest, bytes] of what.blobs) {
    await repository.putBlob({ digest: digest as Digest, size: bytes.length }, async () => Readable.from([bytes]), {
      signal,
    });
  }
  assert.equal(await repository.putManifest(what.manifest, what.mediaType, signal), what.digest);
  await repository.putTag(tag, { ...what, bytes: what.manifest }, signal);
}

async function layersMatch(reference: string, registry: Registry, want: readonly Uint8Array[]): Promise<void> {
  await using opened = await openReference(reference, { registry }, signal);
  const handle = await opened.image(undefined, signal);
  assert.deepEqual(
    handle.layers.map(({ diffId }) => diffId),
    want.map((layer) => sha256(layer)),
  );
  for (const layer of handle.layers) {
    const bytes = Buffer.concat(await (await layer.open(signal)).toArray());
    assert.equal(sha256(bytes), layer.descriptor.digest);
  }
}

for (const protectedBy of [undefined, 'secret-1']) {
  test(`docker-registry ${protectedBy ? 'with' : 'without'} htpasswd: push, pull, tags, delete`, async (t) => {
    const running = await start(t, protectedBy === undefined ? {} : { protectedBy });
    if (!running) return;
    const { server, registry, repository } = running;
    await registry.ping(server.host, signal);
    const repo = repository('team/app');
    assert.equal(await repo.manifest('v1', signal), undefined);
    await push(repo, image, 'v1');
    await push(repo, image, 'v2');
    assert.deepEqual((await listed(repo.tags(signal))).sort(), ['v1', 'v2']);
    await layersMatch(`${server.host}/team/app:v1`, registry, [layerBytes, tar({ 'etc/hostname': 'x' })]);
    await layersMatch(`${server.host}/team/app@${image.digest}`, registry, [layerBytes, tar({ 'etc/hostname': 'x' })]);
    // This registry deletes by digest only.
    assert.equal(await repo.deleteTag('v1', signal), false);
    await assert.rejects(openReference(`${server.host}/team/app:none`, { registry }, signal), {
      code: 'image_not_found',
    });
  });
}

test('docker-registry: a wrong password is unauthorized', async (t) => {
  const running = await start(t, { protectedBy: 'right' });
  if (!running) return;
  const stranger = createRegistry({
    credentials: fixedCredentials(
      new Map([[running.server.host, { kind: 'basic', username: 'user', password: 'wrong' }]]),
    ),
  });
  t.after(() => stranger.close());
  await assert.rejects(stranger.ping(running.server.host, signal), { code: 'unauthorized' });
});

test('docker-registry: chunked upload and mount', async (t) => {
  const running = await start(t, { settings: { chunkBytes: 1_000_000 } });
  if (!running) return;
  const content = randomBytes(3_500_000);
  const descriptor = { digest: sha256(content), size: content.length };
  const sent: number[] = [];
  const base = running.repository('team/base');
  const open = async (): Promise<Readable> => Readable.from([content.subarray(0, 7), content.subarray(7)]);
  assert.equal(await base.putBlob(descriptor, open, { signal, onBytes: (bytes) => void sent.push(bytes) }), 'uploaded');
  assert.deepEqual(sent, [1_000_000, 2_000_000, 3_000_000, 3_500_000]);
  const app = running.repository('team/app');
  assert.equal(await app.hasBlob(descriptor.digest, signal), false);
  const never = async (): Promise<Readable> => assert.fail('a mounted blob is not opened');
  assert.equal(await app.putBlob(descriptor, never, { signal, mountFrom: base.name }), 'mounted');
  assert.equal(await app.putBlob(descriptor, never, { signal }), 'present');
  assert.deepEqual(Buffer.concat(await (await app.openBlob(descriptor, signal)).toArray()), content);
});

test('docker-registry: an upload whose source breaks off is finished by the next attempt', async (t) => {
  const running = await start(t, { settings: { chunkBytes: 1_000_000 } });
  if (!running) return;
  const content = randomBytes(3_500_000);
  const descriptor = { digest: sha256(content), size: content.length };
  const repo = running.repository('team/app');
  const broken = async (): Promise<Readable> =>
    Readable.from(
      (function* () {
        yield content.subarray(0, 2_200_000);
        throw new Error('the disk went away');
      })(),
    );
  await assert.rejects(repo.putBlob(descriptor, broken, { signal }));
  assert.equal(await repo.hasBlob(descriptor.digest, signal), false);
  assert.equal(await repo.putBlob(descriptor, async () => Readable.from([content]), { signal }), 'uploaded');
});

test('docker-registry has no referrers API: the fallback tag is kept, also by concurrent writers', async (t) => {
  const running = await start(t);
  if (!running) return;
  const repo = running.repository('team/app');
  await push(repo, image, 'v1');
  const empty = Buffer.from('{}');
  const descriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: 2 };
  await repo.putBlob(descriptor, async () => Readable.from([empty]), { signal });
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };
  const kinds = ['sbom', 'vex', 'provenance', 'other'];
  const documents = kinds.map((kind) =>
    Buffer.from(
      JSON.stringify({
        schemaVersion: 2,
        mediaType,
        artifactType: `a/${kind}`,
        config: descriptor,
        layers: [descriptor],
        subject,
      }),
    ),
  );
  assert.deepEqual(await repo.referrers(image.digest, signal), []);
  await Promise.all([...documents, ...documents].map((bytes) => repo.putReferrer(bytes, mediaType, signal)));
  const found = await repo.referrers(image.digest, signal);
  assert.deepEqual(found.map(({ artifactType }) => artifactType).sort(), kinds.map((kind) => `a/${kind}`).sort());
  assert.ok(await repo.resolveTag(fallbackTag(image.digest), signal));
});

test('docker-registry: every tag is listed', async (t) => {
  const running = await start(t);
  if (!running) return;
  const repo = running.repository('team/app');
  await push(repo, image, 'v1');
  for (let i = 0; i < 30; i++) await repo.putTag(`t${i}`, { ...image, bytes: image.manifest }, signal);
  assert.equal((await listed(repo.tags(signal))).length, 31);
});

test('skopeo reads what we push, and we read what skopeo writes', async (t) => {
  const programs = needs(t, 'skopeo');
  const running = programs && (await start(t));
  if (!running) return;
  const { server, registry } = running;
  await push(running.repository('team/app'), image, 'v1');
  const directory = await mkdtemp(join(tmpdir(), 'drydock-skopeo-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  const ours = `docker://${server.host}/team/app:v1`;
  const skopeo = (...args: string[]) => run(programs.skopeo, args);
  const inspected = JSON.parse((await skopeo('inspect', '--tls-verify=false', ours)).stdout);
  assert.equal(inspected.Digest, image.digest);
  assert.equal(inspected.Layers.length, 2);
  const want = [layerBytes, tar({ 'etc/hostname': 'x' })];
  const copies: [string, string][] = [
    [`oci:${directory}/layout:v1`, `oci:${directory}/layout:v1`],
    [`docker-archive:${directory}/docker.tar:team/app:v1`, `archive:${directory}/docker.tar`],
    [`oci-archive:${directory}/oci.tar:v1`, `archive:${directory}/oci.tar#v1`],
  ];
  for (const [theirs, reference] of copies) {
    await skopeo('copy', '--insecure-policy', '--src-tls-verify=false', ours, theirs);
    await layersMatch(reference, registry, want);
  }
  const layout = await openOciLayout(join(directory, 'ours'), { create: true });
  await push(layout, image, 'v1');
  const back = `docker://${server.host}/team/back:v1`;
  await skopeo('copy', '--insecure-policy', '--dest-tls-verify=false', `oci:${directory}/ours:v1`, back);
  assert.equal(await running.repository('team/back').resolveTag('v1', signal), image.digest);
});
