import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { startFakeRegistry } from '../../../test/support/fake-registry.ts';
import { connectedFake, listed } from '../../../test/support/registry-client.ts';
import { buildTestImage, sha256, tar } from '../../../test/support/test-image.ts';
import { type Credentials, fixedCredentials } from './credentials/credentials.ts';
import { fallbackTag } from './referrers.ts';
import { createRegistry } from './registry.ts';

const signal = new AbortController().signal;
const user: Credentials = { kind: 'basic', username: 'user', password: 'canary-password' };

const blob = randomBytes(300_000);
const described = { digest: sha256(blob), size: blob.length };
const open = async (): Promise<Readable> => Readable.from([blob.subarray(0, 100_000), blob.subarray(100_000)]);
const image = buildTestImage([tar({ 'etc/os-release': 'ID=debian\n' })]);
const manifest = { bytes: image.manifest, mediaType: image.mediaType, digest: image.digest };

async function read(stream: Readable): Promise<Buffer> {
  return Buffer.concat(await stream.toArray());
}

test('scheme: a loopback registry without TLS is found by itself', async (t) => {
  const fake = await startFakeRegistry();
  const registry = createRegistry();
  t.after(async () => {
    await registry.close();
    await fake.close();
  });
  await registry.ping(fake.host, signal);
  assert.equal(fake.requests.at(-1)?.path, '/v2/');
});

test('push and pull an image, anonymous', async (t) => {
  const { fake, repository } = await connectedFake(t);
  const repo = repository();
  for (const [digest, bytes] of image.blobs) {
    const descriptor = { digest: digest as typeof image.digest, size: bytes.length };
    assert.equal(await repo.putBlob(descriptor, async () => Readable.from([bytes]), { signal }), 'uploaded');
    assert.equal(await repo.putBlob(descriptor, async () => assert.fail('not opened'), { signal }), 'present');
  }
  assert.equal(await repo.putManifest(image.manifest, image.mediaType, signal), image.digest);
  assert.equal(await repo.resolveTag('v1', signal), undefined);
  await repo.putTag('v1', manifest, signal);
  assert.equal(await repo.resolveTag('v1', signal), image.digest);
  const document = await repo.manifest('v1', signal);
  assert.deepEqual(Buffer.from(document?.bytes ?? []), image.manifest);
  assert.ok(document?.content.kind === 'manifest');
  const [layer] = document.content.layers;
  assert.ok(layer);
  assert.equal(sha256(await read(await repo.openBlob(layer, signal))), layer.digest);
  assert.equal(await repo.manifest(`sha256:${'0'.repeat(64)}`, signal), undefined);
  assert.equal(await repo.deleteTag('v1', signal), true);
  assert.equal(await repo.deleteTag('v1', signal), false);
  assert.equal(fake.pendingUploads(), 0);
});

test('basic authentication is sent only after it was asked for', async (t) => {
  const auth = { kind: 'basic', user: 'user', password: 'canary-password' } as const;
  const { fake, repository } = await connectedFake(t, { fake: { auth }, credentials: user });
  fake.pushTestImage('team/app', 'v1', []);
  assert.ok(await repository().manifest('v1', signal));
  assert.deepEqual(
    fake.requests.map(({ headers }) => headers.authorization !== undefined),
    [false, true],
  );
});

test('without or with wrong credentials the registry says unauthorized, with a hint', async (t) => {
  const auth = { kind: 'basic', user: 'user', password: 'other' } as const;
  for (const credentials of [undefined, user]) {
    const { repository } = await connectedFake(t, { fake: { auth }, credentials });
    await assert.rejects(repository().manifest('v1', signal), (error: Error & { code?: string; hint?: string }) => {
      assert.equal(error.code, 'unauthorized');
      assert.match(error.hint ?? '', /Log in/);
      assert.ok(!error.message.includes('canary'));
      return true;
    });
  }
});

test('tokens: asked for once per scope, with our scope and not the challenge’s', async (t) => {
  const auth = {
    kind: 'token',
    user: 'user',
    password: 'canary-password',
    scope: 'repository:other/secret:pull,push',
  } as const;
  const { fake, repository } = await connectedFake(t, { fake: { auth }, credentials: user });
  fake.pushTestImage('team/app', 'v1', []);
  const repo = repository();
  await Promise.all([repo.manifest('v1', signal), repo.manifest('v1', signal)]);
  await repo.manifest('v1', signal);
  const asked = fake.requests.filter(({ path }) => path === '/token').map(({ query }) => query.getAll('scope'));
  assert.ok(asked.length <= 2);
  for (const scopes of asked) assert.deepEqual(scopes, ['repository:team/app:pull']);
});

test('an identity token is exchanged and never sent to the registry', async (t) => {
  const auth = { kind: 'token', identityToken: 'canary-identity' } as const;
  const { fake, repository } = await connectedFake(t, {
    fake: { auth },
    credentials: { kind: 'identity', token: 'canary-identity' },
  });
  fake.pushTestImage('team/app', 'v1', []);
  assert.ok(await repository().manifest('v1', signal));
  for (const request of fake.requests.filter(({ path }) => path !== '/token')) {
    assert.ok(!request.headers.authorization?.includes('canary'));
  }
});

test('a manifest or page that is cut is asked for again', async (t) => {
  const { fake, repository, waits } = await connectedFake(t);
  const { digest } = fake.pushTestImage('team/app', 'v1', []);
  fake.fail('GET', '/manifests/', { cutAfter: 10, times: 2 });
  fake.fail('GET', '/tags/', { cutAfter: 5 });
  assert.equal((await repository().manifest('v1', signal))?.digest, digest);
  assert.deepEqual(await listed(repository().tags(signal)), ['v1']);
  assert.equal(waits.length, 3);
});

test('a mirror is never given the credentials of the registry that it mirrors', async (t) => {
  const auth = { kind: 'basic', user: 'user', password: 'canary-password' } as const;
  const { fake } = await connectedFake(t, { fake: { auth } });
  const registry = createRegistry({
    settings: new Map([['registry.example', { endpoint: fake.host, scheme: 'http' as const }]]),
    credentials: fixedCredentials(new Map([['registry.example', user]])),
  });
  t.after(() => registry.close());
  await assert.rejects(registry.ping('registry.example', signal), { code: 'unauthorized' });
  assert.ok(fake.requests.every(({ headers }) => headers.authorization === undefined));
});

test('a cut download continues where it stopped', async (t) => {
  const { fake, repository } = await connectedFake(t);
  fake.repository('team/app').blobs.set(described.digest, blob);
  fake.fail('GET', '/blobs/', { cutAfter: 100_000, times: 2 });
  assert.deepEqual(await read(await repository().openBlob(described, signal)), blob);
  assert.deepEqual(
    fake.requests.map(({ headers }) => headers.range),
    [undefined, 'bytes=100000-', 'bytes=200000-'],
  );
});

test('a server without ranges sends all again, and only the rest is used', async (t) => {
  const { fake, repository } = await connectedFake(t, { fake: { ranges: false } });
  fake.repository('team/app').blobs.set(described.digest, blob);
  fake.fail('GET', '/blobs/', { cutAfter: 100_000 });
  assert.deepEqual(await read(await repository().openBlob(described, signal)), blob);
});

test('a blob is mounted from another repository of the same registry, or sent when that is refused', async (t) => {
  for (const mount of [true, false]) {
    const { fake, repository } = await connectedFake(t, { fake: { mount } });
    fake.repository('team/base').blobs.set(described.digest, blob);
    const how = await repository().putBlob(described, open, { signal, mountFrom: repository('team/base').name });
    assert.equal(how, mount ? 'mounted' : 'uploaded');
    assert.deepEqual(fake.repository('team/app').blobs.get(described.digest), blob);
  }
});

test('chunks of the configured size, counted for the progress', async (t) => {
  const { fake, repository } = await connectedFake(t, { settings: { chunkBytes: 128_000 } });
  const sent: number[] = [];
  await repository().putBlob(described, open, { signal, onBytes: (n) => void sent.push(n) });
  assert.deepEqual(
    fake.requests.filter(({ method }) => method === 'PATCH').map(({ headers }) => headers['content-range']),
    ['0-127999', '128000-255999', '256000-299999'],
  );
  assert.deepEqual(sent, [128_000, 256_000, 300_000]);
  assert.deepEqual(fake.repository('team/app').blobs.get(described.digest), blob);
});

test('an interrupted upload sends only what is missing', async (t) => {
  const { fake, repository } = await connectedFake(t);
  fake.fail('PUT', '/uploads/', { cutRequestAfter: 150_000 });
  assert.equal(await repository().putBlob(described, open, { signal }), 'uploaded');
  assert.deepEqual(fake.repository('team/app').blobs.get(described.digest), blob);
  const patches = fake.requests.filter(({ method }) => method === 'PATCH');
  assert.deepEqual(
    patches.map(({ headers }) => headers['content-range']),
    ['150000-299999'],
  );
});

test('uploads survive a lost answer, a 500 and a forgotten session', async (t) => {
  const lost = await connectedFake(t);
  lost.fake.fail('PUT', '/uploads/', { after: true, reset: true, status: 201 });
  assert.equal(await lost.repository().putBlob(described, open, { signal }), 'uploaded');
  assert.equal(lost.fake.requests.filter(({ method }) => method === 'PUT').length, 1);
  const broken = await connectedFake(t, { settings: { chunkBytes: 100_000 } });
  broken.fake.fail('PATCH', '/uploads/', { status: 500, times: 2 });
  assert.equal(await broken.repository().putBlob(described, open, { signal }), 'uploaded');
  const forgotten = await connectedFake(t);
  forgotten.fake.fail('PUT', '/uploads/', { status: 502 });
  forgotten.fake.fail('GET', '/uploads/', { status: 404 });
  assert.equal(await forgotten.repository().putBlob(described, open, { signal }), 'uploaded');
  assert.deepEqual(forgotten.fake.repository('team/app').blobs.get(described.digest), blob);
});

test('tags are listed page by page', async (t) => {
  const { fake, repository } = await connectedFake(t, { fake: { pageSize: 10 } });
  const names = Array.from({ length: 35 }, (_, i) => `t${String(i).padStart(3, '0')}`);
  for (const name of names) fake.repository('team/app').tags.set(name, image.digest);
  assert.deepEqual(await listed(repository().tags(signal)), names);
  assert.equal(fake.requests.length, 4);
  assert.deepEqual(await listed(repository('team/none').tags(signal)), []);
});

const empty = Buffer.from('{}');
const emptyDescriptor = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: 2 };
const subject = { mediaType: image.mediaType, digest: image.digest, size: image.manifest.length };

function referrer(kind: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: `application/${kind}`,
      config: emptyDescriptor,
      layers: [emptyDescriptor],
      annotations: { kind },
      subject,
    }),
  );
}

for (const api of [true, false]) {
  test(`referrers ${api ? 'by the API' : 'by the fallback tag'}: listed once, with type and annotations`, async (t) => {
    const { fake, repository } = await connectedFake(t, { fake: { referrers: api } });
    const repo = repository();
    fake.repository('team/app').blobs.set(emptyDescriptor.digest, empty);
    assert.deepEqual(await repo.referrers(image.digest, signal), []);
    const kinds = ['sbom', 'vex', 'provenance'];
    await Promise.all([...kinds, ...kinds].map((kind) => repo.putReferrer(referrer(kind), subject.mediaType, signal)));
    const found = await repo.referrers(image.digest, signal);
    assert.deepEqual(
      found.map(({ artifactType }) => artifactType).sort(),
      kinds.map((kind) => `application/${kind}`).sort(),
    );
    assert.deepEqual(new Set(found.map(({ annotations }) => annotations?.kind)), new Set(kinds));
    assert.equal(fake.repository('team/app').tags.has(fallbackTag(image.digest)), !api);
  });
}

test('a fallback tag that holds something else is reported and left alone', async (t) => {
  const { fake, repository } = await connectedFake(t, { fake: { referrers: false } });
  const other = fake.pushTestImage('team/app', fallbackTag(image.digest), []);
  fake.repository('team/app').blobs.set(emptyDescriptor.digest, empty);
  await assert.rejects(repository().putReferrer(referrer('sbom'), subject.mediaType, signal), {
    code: 'referrers_conflict',
  });
  assert.equal(fake.repository('team/app').tags.get(fallbackTag(image.digest)), other.digest);
});

test('cancelling ends a waiting request at once', async (t) => {
  const { fake, repository } = await connectedFake(t);
  fake.fail('GET', '/manifests/', { hang: true });
  const controller = new AbortController();
  const waiting = repository().manifest('v1', controller.signal);
  setTimeout(() => controller.abort(new Error('enough')), 20);
  await assert.rejects(waiting, /enough/);
});
