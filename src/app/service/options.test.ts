import assert from 'node:assert/strict';
import { test } from 'node:test';
import { effectiveSettings } from '../../cli/service/settings.ts';
import { serviceOptions } from './options.ts';

const base = { dataDirectory: '/data', cacheDirectory: '/cache', config: {}, env: {} };
const read = (env: Record<string, string>) => serviceOptions(effectiveSettings({}, env, {}), { ...base, env });

test('without any setting the service is embedded and on loopback only', async () => {
  const options = await read({});
  assert.deepEqual(options.listen, { host: '127.0.0.1', port: 8480 });
  assert.equal(options.databaseUrl, undefined);
  assert.equal(options.role, 'all');
  assert.equal(options.masterKeyFile, '/data/master.key');
  assert.deepEqual(options.registryAllow, []);
});

test('addresses to listen on', async () => {
  for (const [text, host, port] of [
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['[::1]:8480', '::1', 8480],
    ['drydock.example:0', 'drydock.example', 0],
  ] as const) {
    assert.deepEqual((await read({ DRYDOCK_LISTEN: text })).listen, { host, port });
  }
  for (const text of ['8480', ':8480', '::1:8480', 'a:65536', 'a:b', 'a:1:2']) {
    await assert.rejects(read({ DRYDOCK_LISTEN: text }), /listen is .* not host:port/, text);
  }
});

test('wrong values name the setting', async () => {
  await assert.rejects(read({ DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/33' }), /registryAllow/);
  await assert.rejects(read({ DRYDOCK_TIME_ZONE: 'Mars/Olympus' }), /timeZone/);
  await assert.rejects(read({ DRYDOCK_ROLE: 'both' }), /role .* one of all, serve/);
  await assert.rejects(read({ DRYDOCK_WORKERS: '0' }), /workers .* 1 or more/);
  await assert.rejects(read({ DRYDOCK_TLS_CERT: '/c.pem' }), /TLS needs a certificate and a key/);
  await assert.rejects(read({ DRYDOCK_BOOTSTRAP_ACCESS_KEY: 'short:secret' }), /bootstrap access key/);
});

test('networks and the bootstrap key are taken as they are', async () => {
  const options = await read({
    DRYDOCK_REGISTRY_ALLOW: '127.0.0.0/8,::1/128,10.1.2.3',
    DRYDOCK_BOOTSTRAP_ACCESS_KEY: 'LTAIexample1:secret-of-some-length',
  });
  assert.deepEqual(options.registryAllow, ['127.0.0.0/8', '::1/128', '10.1.2.3']);
  assert.equal(options.bootstrapAccessKey, 'LTAIexample1:secret-of-some-length');
});
