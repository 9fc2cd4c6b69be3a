import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storedCredentials } from '../../src/image/registry/credentials/stored.ts';
import { openRegistryImage } from '../../src/image/sources/registry.ts';
import type { FakeRegistry, FakeRegistryOptions } from '../support/fake-registry.ts';
import { reply } from '../support/fake-registry-store.ts';
import {
  canary,
  described,
  descriptor,
  manifestOf,
  pullBlob,
  pullTag,
  pushBlob,
  type Row,
  runRows,
  serve,
  signal,
  user,
  withBlob,
  withImage,
} from '../support/hostile-registry.ts';
import { listed } from '../support/registry-client.ts';
import { sha256 } from '../support/test-image.ts';

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

runRows([...networkRows]);

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
