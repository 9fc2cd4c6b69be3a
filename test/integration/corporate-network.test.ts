import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { type TestAuthority, testAuthority } from '../support/certificates.ts';
import { drydock } from '../support/drydock.ts';
import { type FakeRegistry, startFakeRegistry } from '../support/fake-registry.ts';
import { startProxy } from '../support/proxy.ts';
import { findProgram, needs } from '../support/system.ts';
import { tar } from '../support/test-image.ts';

const openssl = findProgram('openssl');
const credential = 'user:proxy-secret';
const directory = await mkdtemp(join(tmpdir(), 'drydock-network-'));
const nowhere = join(directory, 'nowhere');
let authority: TestAuthority | undefined;
let fake: FakeRegistry | undefined;
let digest = '';

before(async () => {
  if (openssl === undefined) return;
  authority = await testAuthority(openssl);
  fake = await startFakeRegistry({ tls: await authority.issue('DNS:registry.test') });
  const layer = tar({ 'etc/os-release': 'ID=debian\nVERSION_ID="12"\n' });
  digest = fake.pushTestImage('team/app', 'v1', [layer]).digest;
});

after(async () => {
  await fake?.close();
  await authority?.[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

/** Scans from a registry that exists only behind the proxy. */
async function scan(
  t: TestContext,
  options: { env?: NodeJS.ProcessEnv; config?: Record<string, unknown>; credential?: string; variable?: boolean },
) {
  const proxy = await startProxy(t, Number(fake?.host.split(':')[1]), { credential });
  const url = `http://${options.credential ?? credential}@${proxy.host}`;
  const configFile = join(directory, 'config.yaml');
  const proxySetting = options.variable === false ? { proxy: url } : {};
  const settings = { ...options.config, ...proxySetting };
  await writeFile(configFile, JSON.stringify({ registries: { 'registry.test': settings } }));
  const run = await drydock(['scan', 'registry.test/team/app:v1', '--json', '-q'], {
    dataDirectory: directory,
    env: {
      DRYDOCK_CONFIG: configFile,
      // OpenSSL's own variables stand for the system's store; the machine's real one stays out of the test.
      ...{ SSL_CERT_FILE: nowhere, SSL_CERT_DIR: nowhere, NODE_EXTRA_CA_CERTS: undefined },
      ...(options.variable !== false && { HTTPS_PROXY: url }),
      ...options.env,
    },
  });
  assert.ok(!`${run.stdout}${run.stderr}`.includes('proxy-secret'), 'the password of the proxy is never shown');
  return { run, proxy };
}

const trusted: Record<string, () => { env?: NodeJS.ProcessEnv; config?: Record<string, unknown> }> = {
  'in the system (file)': () => ({ env: { SSL_CERT_FILE: authority?.file } }),
  'in the system (directory)': () => ({ env: { SSL_CERT_DIR: dirname(authority?.file ?? '') } }),
  'in NODE_EXTRA_CA_CERTS': () => ({ env: { NODE_EXTRA_CA_CERTS: authority?.file } }),
  'in the settings of the registry': () => ({ config: { ca: authority?.file } }),
};

for (const [where, options] of Object.entries(trusted)) {
  for (const variable of [true, false]) {
    test(`authority ${where}, proxy ${variable ? 'in HTTPS_PROXY' : 'in the settings'}`, async (t) => {
      if (!needs(t, 'openssl')) return;
      const { run, proxy } = await scan(t, { ...options(), variable });
      assert.equal(JSON.parse(run.stdout).image.digest, digest, run.stderr);
      assert.deepEqual([...new Set(proxy.requests)], ['CONNECT registry.test:443']);
    });
  }
}

test('the authority of one registry adds to those of the system', async (t) => {
  if (!needs(t, 'openssl') || openssl === undefined) return;
  await using other = await testAuthority(openssl);
  const { run } = await scan(t, { env: { SSL_CERT_FILE: authority?.file }, config: { ca: other.file } });
  assert.equal(JSON.parse(run.stdout).image.digest, digest, run.stderr);
});

test('an unknown authority stays unknown behind a proxy', async (t) => {
  if (!needs(t, 'openssl')) return;
  const { run } = await scan(t, {});
  assert.equal(run.code, 1);
  assert.match(run.stderr, /no trusted TLS connection to registry\.test/);
});

test('a proxy that refuses the credentials is told apart from the registry', async (t) => {
  if (!needs(t, 'openssl')) return;
  const { run } = await scan(t, { credential: 'user:wrong-proxy-secret' });
  assert.equal(run.code, 1);
  assert.match(run.stderr, /the proxy 127\.0\.0\.1:\d+ does not connect to registry\.test: it answered HTTP 407/);
  assert.match(run.stderr, /user name and password/);
});

test('the proxy of the feeds wins over that of the environment', async (t) => {
  const proxy = await startProxy(t, 1, { status: 403 });
  const configFile = join(directory, 'feeds.yaml');
  const from = 'http://feeds.test/osv';
  await writeFile(configFile, JSON.stringify({ advisories: { from, proxy: `http://${credential}@${proxy.host}` } }));
  const env = { DRYDOCK_CONFIG: configFile, HTTP_PROXY: 'http://127.0.0.1:1', DRYDOCK_DB_UPDATE_ONLY: 'Debian' };
  const run = await drydock(['db', 'update', '-q'], { dataDirectory: directory, env });
  assert.equal(run.code, 1);
  assert.match(run.stderr, /403/);
  assert.ok(!run.stderr.includes('proxy-secret'));
  assert.deepEqual([...new Set(proxy.requests)], [`GET ${from}/Debian/all.zip`]);
});

test('NO_PROXY and `direct` reach the registry without the proxy', async (t) => {
  if (!needs(t, 'openssl')) return;
  for (const options of [{ env: { NO_PROXY: '.test' } }, { config: { proxy: 'direct' } }]) {
    const { run, proxy } = await scan(t, options);
    assert.match(run.stderr, /registry\.test/, 'a name that does not resolve');
    assert.notEqual(run.code, 0);
    assert.deepEqual(proxy.requests, []);
  }
});
