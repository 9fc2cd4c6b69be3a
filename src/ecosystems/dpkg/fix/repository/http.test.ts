import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveHttp } from '../../../../../test/support/http-server.ts';
import { startProxy } from '../../../../../test/support/proxy.ts';
import { environmentProxies } from '../../../../kernel/index.ts';
import { createHttpClient } from './http.ts';

const signal = new AbortController().signal;
const base = 'http://mirror.test/debian';

test('mirrors go through the proxy of the environment, or through their own', async (t) => {
  const local = await serveHttp(t, ({ url, headers }, response) => response.end(`${url} ${headers.authorization}`));
  const port = Number(new URL(local).port);
  const common = await startProxy(t, port);
  const own = await startProxy(t, port, { credential: 'user:secret' });
  const http = createHttpClient({ proxies: environmentProxies({ HTTP_PROXY: common.host }) });
  t.after(() => http.close());
  const read = async (settings: object): Promise<string> => {
    const parts: Uint8Array[] = [];
    for await (const part of await http.get({ base, ...settings }, `${base}/x`, signal)) parts.push(part);
    return Buffer.concat(parts).toString();
  };
  assert.equal(await read({ credential: { username: 'a', password: 'b' } }), '/debian/x Basic YTpi');
  assert.equal(await read({ proxy: `http://user:secret@${own.host}` }), '/debian/x undefined');
  assert.deepEqual([common.requests.length, own.requests.length], [1, 1]);
  const wrong = { base, proxy: `http://user:hidden@${own.host}` };
  await assert.rejects(http.get(wrong, `${base}/x`, signal), (error: Error & { code?: string; hint?: string }) => {
    assert.equal(error.code, 'mirror_unavailable');
    assert.match(error.message, /proxy .* HTTP 407/);
    assert.match(error.hint ?? '', /user name and password/);
    assert.ok(!error.message.includes('hidden'));
    return true;
  });
});

test('group 21: a mirror that leads to the metadata address', async (t) => {
  const local = await serveHttp(t, (_, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
  });
  const http = createHttpClient();
  t.after(() => http.close());
  await assert.rejects(http.get({ base: local }, `${local}/x`, signal), {
    code: 'mirror_unavailable',
    message: /169\.254\.169\.254, which is not allowed/,
    retryable: false,
  });
});
