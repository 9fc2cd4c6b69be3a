import assert from 'node:assert/strict';
import type { ServerOptions } from 'node:https';
import { after, before, test } from 'node:test';
import type { RegistrySettings } from '../../src/image/index.ts';
import { type TestAuthority, testAuthority } from '../support/certificates.ts';
import { connectedFake } from '../support/registry-client.ts';
import { findProgram, needs } from '../support/system.ts';
import { tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(60_000);
const openssl = findProgram('openssl');
let authority: TestAuthority | undefined;
const pem: Record<string, string> = {};

async function issue(name: string, subjectAltName: string, days?: number): Promise<void> {
  const issued = await authority?.issue(subjectAltName, days);
  Object.assign(pem, { [`${name}.key`]: issued?.key, [`${name}.crt`]: issued?.cert });
}

before(async () => {
  if (openssl === undefined) return;
  authority = await testAuthority(openssl);
  pem['ca.crt'] = authority.certificate;
  await issue('good', 'IP:127.0.0.1');
  await issue('other', 'DNS:other.example');
  await issue('client', 'DNS:client.example');
});

after(() => authority?.[Symbol.asyncDispose]());

const server = (name: string, more: ServerOptions = {}): ServerOptions => ({
  key: pem[`${name}.key`],
  cert: pem[`${name}.crt`],
  ...more,
});

interface Row {
  readonly name: string;
  readonly certificate: string;
  readonly server?: () => ServerOptions;
  readonly settings?: () => RegistrySettings;
  /** Expected message of the `tls_error`; absent: the pull works. */
  readonly refused?: RegExp;
  /** Other code than `tls_error`: a server may just hang up after the handshake. */
  readonly code?: string;
}

const rows: Row[] = [
  { name: 'unknown authority', certificate: 'good', refused: /certificate/ },
  { name: 'custom authority', certificate: 'good', settings: () => ({ ca: pem['ca.crt'] ?? '' }) },
  {
    name: 'certificate for another host',
    certificate: 'other',
    settings: () => ({ ca: pem['ca.crt'] ?? '' }),
    refused: /another host name/,
  },
  {
    name: 'unverified, because this registry is marked insecure',
    certificate: 'other',
    settings: () => ({ insecure: true }),
  },
  {
    name: 'client certificate missing',
    certificate: 'good',
    server: () => ({ requestCert: true, rejectUnauthorized: true, ca: pem['ca.crt'] }),
    settings: () => ({ ca: pem['ca.crt'] ?? '' }),
    refused: /connection/,
    code: 'unavailable',
  },
  {
    name: 'client certificate given',
    certificate: 'good',
    server: () => ({ requestCert: true, rejectUnauthorized: true, ca: pem['ca.crt'] }),
    settings: () => ({
      ca: pem['ca.crt'] ?? '',
      clientCertificate: pem['client.crt'] ?? '',
      clientKey: pem['client.key'] ?? '',
    }),
  },
];

for (const row of rows) {
  test(`group 27: ${row.name}`, async (t) => {
    if (!needs(t, 'openssl')) return;
    const { fake, repository } = await connectedFake(t, {
      fake: { tls: server(row.certificate, row.server?.()) },
      settings: row.settings?.() ?? {},
      limits: { attempts: 2 },
    });
    const { digest } = fake.pushTestImage('team/app', 'v1', [tar({ a: 'a' })]);
    if (row.refused === undefined) assert.equal((await repository().manifest('v1', signal))?.digest, digest);
    else
      await assert.rejects(repository().manifest('v1', signal), {
        code: row.code ?? 'tls_error',
        message: row.refused,
      });
    assert.equal(fake.requests.length, row.refused ? 0 : 1);
  });
}

test('group 27: an expired certificate', async (t) => {
  if (!needs(t, 'openssl')) return;
  try {
    await issue('expired', 'IP:127.0.0.1', -1);
  } catch {
    t.skip('this openssl cannot date certificates back');
    return;
  }
  const { repository } = await connectedFake(t, {
    fake: { tls: server('expired') },
    settings: { ca: pem['ca.crt'] ?? '' },
  });
  await assert.rejects(repository().manifest('v1', signal), { code: 'tls_error', message: /expired/ });
});

test('group 21: https is never left for http, and a redirect target sees no client certificate', async (t) => {
  if (!needs(t, 'openssl')) return;
  const asking = server('good', { requestCert: true, rejectUnauthorized: false, ca: pem['ca.crt'] });
  const settings = {
    ca: pem['ca.crt'] ?? '',
    clientCertificate: pem['client.crt'] ?? '',
    clientKey: pem['client.key'] ?? '',
  };
  const { fake, repository } = await connectedFake(t, { fake: { tls: asking }, settings });
  const { fake: plain } = await connectedFake(t);
  const shown: string[] = [];
  const { fake: cdn } = await connectedFake(t, { fake: { tls: asking } });
  for (const each of [fake, cdn]) each.pushTestImage('team/app', 'v1', [tar({ a: 'a' })]);
  cdn.onSecureConnection((socket) => shown.push(socket.getPeerCertificate().subject?.CN?.toString() ?? 'none'));
  fake.fail('GET', '/manifests/', { redirect: `${plain.url}/v2/team/app/manifests/v1` });
  await assert.rejects(repository().manifest('v1', signal), { code: 'untrusted_location' });
  assert.equal(plain.requests.length, 0);
  fake.fail('GET', '/manifests/', { redirect: `${cdn.url}/v2/team/app/manifests/v1` });
  assert.ok(await repository().manifest('v1', signal));
  assert.deepEqual(shown, ['none']);
});
