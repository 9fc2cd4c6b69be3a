import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type TestAuthority, testAuthority } from '../support/certificates.ts';
import { drydock } from '../support/drydock.ts';
import { serveHttp } from '../support/http-server.ts';
import { findProgram, needs } from '../support/system.ts';
import { zipArchive } from '../support/zip-archive.ts';

const openssl = findProgram('openssl');
const directory = await mkdtemp(join(tmpdir(), 'drydock-feeds-'));
let authority: TestAuthority | undefined;

before(async () => {
  if (openssl !== undefined) authority = await testAuthority(openssl);
});

after(async () => {
  await authority?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const record = {
  id: 'CVE-2024-0001',
  modified: '2026-01-01T00:00:00Z',
  affected: [{ package: { ecosystem: 'Debian:12', name: 'p' }, versions: ['1'] }],
};
const archive = zipArchive([{ name: 'CVE-2024-0001.json', content: JSON.stringify(record) }]);

/** Runs `db update` against feeds over https whose certificate is by an authority of the test's own. */
async function update(t: TestContext, advisories: Record<string, string>, location?: string) {
  const tls = await authority?.issue('IP:127.0.0.1');
  assert.ok(tls);
  const listener: Parameters<typeof serveHttp>[1] = ({ url = '' }, response) => {
    if (location !== undefined) return response.writeHead(302, { location: location + url }).end();
    if (url === '/osv/Debian/all.zip') return response.end(archive);
    return response.writeHead(404).end();
  };
  const base = await serveHttp(t, listener, tls);
  const configFile = join(directory, 'config.yaml');
  await writeFile(configFile, JSON.stringify({ advisories: { from: `${base}/osv`, ...advisories } }));
  const nowhere = join(directory, 'nowhere');
  const env = { SSL_CERT_FILE: nowhere, SSL_CERT_DIR: nowhere, NODE_EXTRA_CA_CERTS: undefined };
  const dataDirectory = await mkdtemp(join(directory, 'data-'));
  const options = { dataDirectory, env: { ...env, DRYDOCK_CONFIG: configFile } };
  return drydock(['db', 'update', '--only', 'Debian', '--quiet'], options);
}

test('feeds behind a private authority load with its certificate in the configuration', async (t) => {
  if (!needs(t, 'openssl')) return;
  const { code, stdout, stderr } = await update(t, { ca: authority?.file ?? '' });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /osv\/Debian +1 {2}2026-01-01/);
});

test('without it they are refused, and the message says why', async (t) => {
  if (!needs(t, 'openssl')) return;
  const { code, stderr } = await update(t, {});
  assert.equal(code, 1);
  assert.match(stderr, /certificate/);
});

test('a feed does not lead from https to http', async (t) => {
  if (!needs(t, 'openssl')) return;
  const plain = await serveHttp(t, (_, response) => response.end(archive));
  const { code, stderr } = await update(t, { ca: authority?.file ?? '' }, plain);
  assert.equal(code, 1);
  assert.match(stderr, /give up encryption/);
});
