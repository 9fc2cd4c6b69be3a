import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { RegistrySettings } from '../../src/image/index.ts';
import { connectedFake } from '../support/registry-client.ts';
import { findProgram, needs } from '../support/system.ts';
import { tar } from '../support/test-image.ts';

const signal = AbortSignal.timeout(60_000);
const run = promisify(execFile);
const openssl = findProgram('openssl');
let directory = '';
const pem: Record<string, string> = {};

/** Makes a key and a certificate by an authority of the test's own. */
async function issue(name: string, subjectAltName: string, days: number): Promise<void> {
  const at = (file: string): string => join(directory, file);
  await writeFile(at(`${name}.ext`), `subjectAltName=${subjectAltName}\n`);
  await run(openssl ?? '', [
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    at(`${name}.key`),
    '-out',
    at(`${name}.csr`),
  ]);
  const dates = ['-days', String(days)];
  const signing = ['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial'];
  await run(openssl ?? '', [
    'x509',
    '-req',
    '-in',
    at(`${name}.csr`),
    ...signing,
    ...dates,
    '-extfile',
    at(`${name}.ext`),
    '-out',
    at(`${name}.crt`),
  ]);
  pem[`${name}.key`] = await readFile(at(`${name}.key`), 'utf8');
  pem[`${name}.crt`] = await readFile(at(`${name}.crt`), 'utf8');
}

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drydock-tls-'));
  if (openssl === undefined) return;
  const ca = ['-keyout', join(directory, 'ca.key'), '-out', join(directory, 'ca.crt')];
  await run(openssl, [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=test authority',
    '-days',
    '2',
    ...ca,
  ]);
  pem['ca.crt'] = await readFile(join(directory, 'ca.crt'), 'utf8');
  await issue('good', 'IP:127.0.0.1', 2);
  await issue('other', 'DNS:other.example', 2);
  await issue('client', 'DNS:client.example', 2);
});

after(() => rm(directory, { recursive: true, force: true }));

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
