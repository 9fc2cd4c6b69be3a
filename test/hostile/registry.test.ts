import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Credentials } from '../../src/image/registry/credentials/credentials.ts';
import { storedCredentials } from '../../src/image/registry/credentials/stored.ts';
import type { RegistryLimits, RegistrySettings } from '../../src/image/registry/settings.ts';
import type { ImageRepository } from '../../src/image/repository.ts';
import { openRegistryImage } from '../../src/image/sources/registry.ts';
import type { FakeRegistry, FakeRegistryOptions } from '../support/fake-registry.ts';
import { reply } from '../support/fake-registry-store.ts';
import { type ConnectedFake, connectedFake, listed } from '../support/registry-client.ts';
import { buildTestImage, sha256, tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(60_000);
const canary = 'canary-password';
const user: Credentials = { kind: 'basic', username: 'user', password: canary };
const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const ociIndex = 'application/vnd.oci.image.index.v1+json';
const blob = Buffer.alloc(200_000, 'drydock');
const described = { digest: sha256(blob), size: blob.length };

interface Row {
  readonly group: number;
  readonly name: string;
  readonly fake?: FakeRegistryOptions;
  readonly settings?: RegistrySettings;
  readonly limits?: Partial<RegistryLimits>;
  readonly arrange?: (fake: FakeRegistry, elsewhere: FakeRegistry) => void;
  readonly act: (repository: ImageRepository, setup: ConnectedFake) => Promise<unknown>;
  /** Code of the expected error; absent: it succeeds. */
  readonly code?: string;
  readonly check?: (setup: ConnectedFake, elsewhere: FakeRegistry) => void;
}

const pullBlob = async (repository: ImageRepository): Promise<unknown> =>
  (await repository.openBlob(described, signal)).toArray();
const pullTag = (repository: ImageRepository): Promise<unknown> => repository.manifest('v1', signal);
const openImage = (_: ImageRepository, { fake, registry }: ConnectedFake): Promise<unknown> =>
  openRegistryImage({ scheme: 'registry', registry: fake.host, repository: 'team/app', tag: 'v1' }, registry, signal);
const pushBlob = (repository: ImageRepository): Promise<unknown> =>
  repository.putBlob(described, async () => Readable.from([blob]), { signal });
const image = buildTestImage([tar({ 'etc/a': 'a' })]);
const withBlob = (fake: FakeRegistry): void => void fake.repository('team/app').blobs.set(described.digest, blob);
const withImage = (fake: FakeRegistry): void => void fake.pushTestImage('team/app', 'v1', [tar({ 'etc/a': 'a' })]);

/** Serves a document behind the tag `v1` without any of the checks of a decent registry. */
function serve(document: unknown, mediaType = ociManifest) {
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document));
  return (fake: FakeRegistry): void => {
    const { manifests, tags } = fake.repository('team/app');
    manifests.set(sha256(bytes), { bytes, mediaType });
    tags.set('v1', sha256(bytes));
  };
}

const descriptor = (mediaType: string, digest: string = described.digest, size: number = described.size) => ({
  mediaType,
  digest,
  size,
});
const manifestOf = (changes: object): object => ({
  schemaVersion: 2,
  mediaType: ociManifest,
  config: descriptor('application/vnd.oci.image.config.v1+json'),
  layers: [],
  ...changes,
});

const digestRows: Row[] = [
  {
    group: 6,
    name: 'layer with other bytes',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { corrupt: true });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'layer with another Content-Length',
    arrange: (f) => void f.repository('team/app').blobs.set(described.digest, blob.subarray(1)),
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'layer longer than promised',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { endless: true, headers: { 'transfer-encoding': 'chunked' } });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'resumed at another place than asked',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { cutAfter: 1000 });
      f.fail('GET', '/blobs/', {
        answer: () => reply(206, { 'content-range': 'bytes 5000-199999/200000' }, blob.subarray(5000)),
      });
    },
    act: pullBlob,
    code: 'invalid_response',
  },
  {
    group: 6,
    name: 'resumed with other content',
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { cutAfter: 1000 });
      f.fail('GET', '/blobs/', { corrupt: true });
    },
    act: pullBlob,
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'manifest by digest with other bytes',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { body: Buffer.concat([image.manifest, Buffer.from(' ')]) });
    },
    act: (r) => r.manifest(image.digest, signal),
    code: 'digest_mismatch',
  },
  {
    group: 6,
    name: 'tag answered with a digest that the body does not have',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { wrongDigest: true });
    },
    act: pullTag,
    code: 'digest_mismatch',
  },
];

const manifestRows: Row[] = [
  {
    group: 7,
    name: 'manifest of 50 MiB',
    arrange: (f) => serve(Buffer.alloc(50 * 1024 * 1024, ' '))(f),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 7,
    name: 'endless manifest',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { endless: true });
    },
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 7,
    name: '10,000 layers',
    arrange: serve(manifestOf({ layers: Array.from({ length: 10_000 }, () => descriptor('x')) })),
    act: pullTag,
    code: 'manifest_too_large',
  },
  {
    group: 7,
    name: 'media type differs from Content-Type',
    arrange: serve(manifestOf({}), ociIndex),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'both layers and manifests',
    arrange: serve(manifestOf({ manifests: [] })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'schema 1',
    arrange: serve({ schemaVersion: 1 }, 'application/vnd.docker.distribution.manifest.v1+json'),
    act: pullTag,
    code: 'unsupported_schema1',
  },
  {
    group: 7,
    name: 'sha1 digest',
    arrange: serve(manifestOf({ config: descriptor('x', 'sha1:00') })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'path in a digest',
    arrange: serve(manifestOf({ config: descriptor('x', 'sha256:../../x') })),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'config missing',
    arrange: serve({ schemaVersion: 2, mediaType: ociManifest, layers: [] }),
    act: pullTag,
    code: 'invalid_manifest',
  },
  {
    group: 7,
    name: 'config of 1 GB',
    arrange: serve(
      manifestOf({ config: descriptor('application/vnd.oci.image.config.v1+json', described.digest, 1e9) }),
    ),
    act: openImage,
    code: 'invalid_config',
  },
  {
    group: 7,
    name: 'config that is an array',
    arrange: (f) => {
      const config = Buffer.from('[]');
      f.repository('team/app').blobs.set(sha256(config), config);
      serve(manifestOf({ config: descriptor('application/vnd.oci.image.config.v1+json', sha256(config), 2) }))(f);
    },
    act: openImage,
    code: 'invalid_config',
  },
  {
    group: 7,
    name: 'indexes nested 20 deep',
    arrange: (f) => {
      let child: object = { ...descriptor(ociManifest), platform: { os: 'linux', architecture: 'amd64' } };
      for (let depth = 0; depth < 20; depth++) {
        const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: ociIndex, manifests: [child] }));
        serve(bytes, ociIndex)(f);
        child = descriptor(ociIndex, sha256(bytes), bytes.length);
      }
    },
    act: openImage,
    code: 'manifest_too_large',
  },
  {
    group: 7,
    name: 'platform listed twice',
    arrange: serve(
      {
        schemaVersion: 2,
        mediaType: ociIndex,
        manifests: [1, 2].map(() => ({ ...descriptor(ociManifest), platform: { os: 'linux', architecture: 'amd64' } })),
      },
      ociIndex,
    ),
    act: pullTag,
    code: 'invalid_manifest',
  },
];

const secondAnswerRows: Row[] = [
  {
    group: 8,
    name: 'the tag moves after it was opened: everything stays with the first digest',
    arrange: withImage,
    act: async (repository, { fake, registry }) => {
      const opened = await openRegistryImage(
        { scheme: 'registry', registry: fake.host, repository: 'team/app', tag: 'v1' },
        registry,
        signal,
      );
      fake.pushTestImage('team/app', 'v1', [tar({ 'etc/evil': 'x' })]);
      const handle = await opened.image(undefined, signal);
      assert.equal(handle.document.digest, image.digest);
      assert.notEqual(await repository.resolveTag('v1', signal), image.digest);
    },
  },
  {
    group: 8,
    name: 'the tag reads back as something else after it was set',
    arrange: (f) => {
      withImage(f);
      f.fail('HEAD', '/manifests/v2', { wrongDigest: true });
    },
    act: (r) => r.putTag('v2', { bytes: image.manifest, mediaType: image.mediaType, digest: image.digest }, signal),
    code: 'digest_mismatch',
  },
];

const redirectTo =
  (url: (elsewhere: FakeRegistry) => string) =>
  (fake: FakeRegistry, elsewhere: FakeRegistry): void => {
    withBlob(fake);
    withBlob(elsewhere);
    fake.fail('GET', '/blobs/', { redirect: url(elsewhere), times: Number.POSITIVE_INFINITY });
  };
const protectedFake: FakeRegistryOptions = { auth: { kind: 'basic', user: 'user', password: canary } };

const networkRows: Row[] = [
  {
    group: 20,
    name: 'endpoint at the metadata address',
    settings: { scheme: 'http', endpoint: '169.254.169.254' },
    act: pullTag,
    code: 'address_denied',
  },
  {
    group: 20,
    name: 'metadata address written as IPv6',
    settings: { scheme: 'http', endpoint: '[::ffff:169.254.169.254]' },
    act: pullTag,
    code: 'address_denied',
  },
  {
    group: 20,
    name: 'unspecified address',
    settings: { scheme: 'http', endpoint: '[::]' },
    act: pullTag,
    code: 'address_denied',
  },
  {
    group: 20,
    name: 'link-local address in hexadecimal',
    settings: { scheme: 'http', endpoint: '0xa9fea9fe' },
    act: pullTag,
    code: 'address_denied',
  },
  {
    group: 21,
    name: 'blob on another host: fetched, without credentials',
    fake: protectedFake,
    arrange: (f, e) => {
      withBlob(f);
      withBlob(e);
      f.fail('GET', '/blobs/', {
        answer: (r) =>
          r.headers.authorization
            ? reply(307, { location: `${e.url}/v2/team/app/blobs/${described.digest}` })
            : undefined,
        times: 9,
      });
    },
    act: pullBlob,
    check: (_, e) => {
      assert.equal(e.requests.length, 1);
      assert.equal(e.requests[0]?.headers.authorization, undefined);
    },
  },
  {
    group: 21,
    name: 'redirect to the metadata address',
    arrange: redirectTo(() => 'http://169.254.169.254/latest'),
    act: pullBlob,
    code: 'address_denied',
  },
  {
    group: 21,
    name: 'redirect to itself',
    arrange: redirectTo(() => `/v2/team/app/blobs/${described.digest}`),
    act: pullBlob,
    code: 'too_many_redirects',
  },
  {
    group: 21,
    name: 'redirect to a file',
    arrange: redirectTo(() => 'file:///etc/passwd'),
    act: pullBlob,
    code: 'untrusted_location',
  },
  {
    group: 21,
    name: 'redirect with a user name',
    arrange: redirectTo((e) => e.url.replace('://', '://root:x@')),
    act: pullBlob,
    code: 'untrusted_location',
  },
  {
    group: 22,
    name: 'realm on another host gets nothing',
    fake: { auth: { kind: 'token', realm: 'http://attacker.example/token' } },
    act: pullTag,
    code: 'untrusted_realm',
  },
  {
    group: 22,
    name: 'wider scope than asked is not repeated',
    fake: { auth: { kind: 'token', user: 'user', password: canary, scope: 'registry:catalog:*' } },
    arrange: withImage,
    act: pullTag,
    check: ({ fake }) => {
      for (const r of fake.requests.filter(({ path }) => path === '/token'))
        assert.deepEqual(r.query.getAll('scope'), ['repository:team/app:pull']);
    },
  },
  {
    group: 22,
    name: 'token of 1 MB',
    fake: { auth: { kind: 'token', user: 'user', password: canary, tokenBytes: 1_000_000 } },
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 22,
    name: 'token just over 32 KiB',
    fake: { auth: { kind: 'token', user: 'user', password: canary, tokenBytes: 33_000 } },
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 22,
    name: 'upload location on another host',
    fake: protectedFake,
    arrange: (f, e) =>
      f.fail('POST', '/uploads/', {
        answer: (r) => (r.headers.authorization ? reply(202, { location: `${e.url}/upload` }) : undefined),
        times: 9,
      }),
    act: pushBlob,
    code: 'untrusted_location',
    check: (_, e) => assert.equal(e.requests.length, 0),
  },
  {
    group: 22,
    name: 'next page on another host',
    arrange: (f, e) =>
      f.fail('GET', '/tags/', { answer: () => reply(200, { link: `<${e.url}/x>; rel="next"` }, '{"tags":["a"]}') }),
    act: (r) => listed(r.tags(signal)),
    code: 'untrusted_location',
    check: (_, e) => assert.equal(e.requests.length, 0),
  },
  {
    group: 23,
    name: 'foreign layer: not fetched, the image says so',
    arrange: (f, e) => {
      const config = Buffer.from(
        JSON.stringify({
          os: 'linux',
          architecture: 'amd64',
          rootfs: { type: 'layers', diff_ids: [described.digest] },
        }),
      );
      f.repository('team/app').blobs.set(sha256(config), config);
      const layer = {
        ...descriptor('application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'),
        urls: [`${e.url}/layer`],
      };
      serve(
        manifestOf({
          config: descriptor('application/vnd.oci.image.config.v1+json', sha256(config), config.length),
          layers: [layer],
        }),
      )(f);
    },
    act: async (_, { fake, registry }) => {
      const opened = await openRegistryImage(
        { scheme: 'registry', registry: fake.host, repository: 'team/app', tag: 'v1' },
        registry,
        signal,
      );
      const handle = await opened.image(undefined, signal);
      assert.equal(handle.layers[0]?.foreign, true);
      assert.deepEqual(
        handle.diagnostics.map(({ code, partial }) => [code, partial]),
        [['foreign_layer', true]],
      );
      await assert.rejects(handle.layers[0].open(signal), { code: 'unsupported_image' });
    },
    check: (_, e) => assert.equal(e.requests.length, 0),
  },
];

const transportRows: Row[] = [
  {
    group: 24,
    name: '1 byte at a time',
    limits: { rateWindowMs: 60, attempts: 2 },
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { slow: { bytes: 1, everyMs: 5 }, times: 9 });
    },
    act: pullBlob,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'body that stalls',
    limits: { stallMs: 50, attempts: 1 },
    arrange: (f) => {
      withBlob(f);
      f.fail('GET', '/blobs/', { slow: { bytes: 100, everyMs: 5000 }, times: 9 });
    },
    act: pullBlob,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'no answer at all',
    limits: { headersMs: 50, attempts: 1 },
    arrange: (f) => f.fail('GET', '/manifests/', { hang: true }),
    act: pullTag,
    code: 'timeout',
  },
  {
    group: 24,
    name: 'huge headers',
    limits: { attempts: 1 },
    arrange: (f) => f.fail('GET', '/manifests/', { status: 200, headers: { 'x-big': 'a'.repeat(200_000) } }),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '429 with Retry-After 10^9',
    arrange: (f) => f.fail('GET', '/manifests/', { status: 429, headers: { 'retry-after': '1000000000' }, times: 99 }),
    act: pullTag,
    code: 'rate_limited',
    check: ({ waits }) => assert.deepEqual(waits, [30_000, 30_000, 30_000, 30_000]),
  },
  {
    group: 24,
    name: '503 passes after a while',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { status: 503, times: 3 });
    },
    act: pullTag,
    check: ({ waits }) => assert.equal(waits.length, 3),
  },
  {
    group: 24,
    name: '503 for ever',
    arrange: (f) => f.fail('GET', '/manifests/', { status: 503, times: 99 }),
    act: pullTag,
    code: 'unavailable',
    check: ({ fake }) => assert.equal(fake.requests.length, 5),
  },
  {
    group: 24,
    name: 'connection reset',
    arrange: (f) => {
      withImage(f);
      f.fail('GET', '/manifests/', { reset: true, times: 2 });
    },
    act: pullTag,
  },
  {
    group: 24,
    name: '200 with a login page instead of a manifest',
    arrange: (f) =>
      f.fail('GET', '/manifests/', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Log in' }),
    act: pullTag,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '200 with a login page instead of a blob',
    arrange: (f) =>
      f.fail('GET', '/blobs/', {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: '<html>',
      }),
    act: pullBlob,
    code: 'invalid_response',
  },
  {
    group: 24,
    name: '200 with a login page instead of tags',
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'next page is the same page',
    arrange: (f) =>
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: '</v2/team/app/tags/list?n=1000>; rel="next"' }, '{"tags":["a"]}'),
        times: 999,
      }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
    check: ({ fake }) => assert.equal(fake.requests.length, 1),
  },
  {
    group: 25,
    name: 'endless empty pages',
    arrange: (f) => {
      let n = 0;
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: `</v2/team/app/tags/list?last=${n++}>; rel="next"` }, '{"tags":[]}'),
        times: 999,
      });
    },
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'endless pages',
    limits: { pages: 50 },
    arrange: (f) => {
      let n = 0;
      f.fail('GET', '/tags/', {
        answer: () => reply(200, { link: `</v2/team/app/tags/list?last=${n++}>; rel="next"` }, '{"tags":["a"]}'),
        times: 999,
      });
    },
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'a page larger than its cap',
    limits: { pageBytes: 1000 },
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, body: JSON.stringify({ tags: Array(500).fill('abc') }) }),
    act: (r) => listed(r.tags(signal)),
    code: 'invalid_response',
  },
  {
    group: 25,
    name: 'names in a list that are not tags are left out',
    arrange: (f) => f.fail('GET', '/tags/', { status: 200, body: '{"tags":["ok","../x",5,null,"a b"]}' }),
    act: async (r) => assert.deepEqual(await listed(r.tags(signal)), ['ok']),
  },
];

const pushRows: Row[] = [
  {
    group: 34,
    name: 'blob accepted, manifest 500: an error, not a success',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { status: 500, times: 99 });
    },
    act: async (r) => {
      await pushBlob(r);
      await r.putManifest(image.manifest, image.mediaType, signal);
    },
    code: 'unavailable',
  },
  {
    group: 34,
    name: 'manifest 500 once, then stored',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { status: 500 });
    },
    act: (r) => r.putManifest(image.manifest, image.mediaType, signal),
  },
  {
    group: 34,
    name: '201 with another digest for a manifest',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/', { wrongDigest: true });
    },
    act: (r) => r.putManifest(image.manifest, image.mediaType, signal),
    code: 'digest_mismatch',
  },
  {
    group: 34,
    name: '201 with another digest for a blob',
    arrange: (f) => f.fail('PUT', '/uploads/', { wrongDigest: true }),
    act: pushBlob,
    code: 'digest_mismatch',
  },
  {
    group: 34,
    name: 'quota',
    arrange: (f) =>
      f.fail('POST', '/uploads/', {
        status: 403,
        body: '{"errors":[{"code":"DENIED","message":"adding 5 MiB will exceed the storage quota"}]}',
      }),
    act: pushBlob,
    code: 'quota',
  },
  {
    group: 34,
    name: 'quota told by 507',
    arrange: (f) => f.fail('PUT', '/uploads/', { status: 507 }),
    act: pushBlob,
    code: 'quota',
  },
  {
    group: 34,
    name: 'no right to push',
    arrange: (f) => f.fail('POST', '/uploads/', { status: 403 }),
    act: pushBlob,
    code: 'denied',
  },
  {
    group: 34,
    name: 'immutable tag',
    arrange: (f) => {
      withImage(f);
      f.fail('PUT', '/manifests/v2', { status: 409 });
    },
    act: (r) => r.putTag('v2', { bytes: image.manifest, mediaType: image.mediaType, digest: image.digest }, signal),
    code: 'tag_immutable',
  },
  {
    group: 34,
    name: 'mount refused with 403: sent instead',
    arrange: (f) => f.fail('POST', '/uploads/', { status: 403 }),
    act: async (r) =>
      assert.equal(
        await r.putBlob(described, async () => Readable.from([blob]), { signal, mountFrom: 'team/base' }),
        'uploaded',
      ),
  },
  {
    group: 34,
    name: 'source of the blob ends early',
    act: (r) => r.putBlob(described, async () => Readable.from([blob.subarray(1)]), { signal }),
    code: 'invalid_request',
    check: ({ fake }) => assert.equal(fake.repository('team/app').blobs.size, 0),
  },
];

for (const row of [
  ...digestRows,
  ...manifestRows,
  ...secondAnswerRows,
  ...networkRows,
  ...transportRows,
  ...pushRows,
]) {
  test(`group ${row.group}: ${row.name}`, async (t) => {
    const setup = await connectedFake(t, {
      credentials: user,
      ...(row.fake && { fake: row.fake }),
      ...(row.settings && { settings: row.settings }),
      ...(row.limits && { limits: row.limits }),
    });
    const { fake: elsewhere } = await connectedFake(t);
    row.arrange?.(setup.fake, elsewhere);
    const act = async (): Promise<unknown> => row.act(setup.repository(), setup);
    if (row.code === undefined) await act();
    else
      await assert.rejects(act, (error: Error & { code?: string }) => {
        assert.equal(error.code, row.code, error.message);
        assert.ok(!error.message.includes(canary));
        return true;
      });
    row.check?.(setup, elsewhere);
  });
}

test('group 26: look-alike hosts get no credentials', async () => {
  const host = '123.dkr.ecr.us-east-1.amazonaws.com';
  const auth = Buffer.from(`user:${canary}`).toString('base64');
  const file = { auths: { [host]: { auth }, [`https://${host}/v2/`]: { auth }, '*.amazonaws.com': { auth } } };
  const find = storedCredentials({
    env: { REGISTRY_AUTH_FILE: '/auth.json' },
    read: async () => Buffer.from(JSON.stringify(file)),
  });
  assert.deepEqual(await find({ registry: host, repository: 'app' }, signal), user);
  const alike = [
    `${host}.evil`,
    `x${host}`,
    `x.${host}`,
    `${host}:8443`,
    host.replace('ecr', 'ecr\u200b'),
    `evil/${host}`,
    'amazonaws.com',
  ];
  for (const registry of alike) assert.equal(await find({ registry, repository: 'app' }, signal), undefined, registry);
});
