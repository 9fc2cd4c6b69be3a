import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { inspect } from 'node:util';
import { serveHttp } from '../../../test/support/http-server.ts';
import { startProxy, type TestProxy } from '../../../test/support/proxy.ts';
import type { HttpLimits, Transport } from './contract.ts';
import { defaultHttpLimits } from './limits.ts';
import { configuredProxies, environmentProxies, noProxies } from './proxies.ts';
import { sendFollowing } from './redirects.ts';
import { createTransport, type TransportOptions } from './transport.ts';

const signal = new AbortController().signal;

/** The port of a server of this machine. */
const serve = async (t: TestContext, listener: RequestListener): Promise<number> =>
  Number(new URL(await serveHttp(t, listener)).port);

const open = (t: TestContext, options: TransportOptions): Transport => {
  const transport = createTransport(options);
  t.after(() => transport.close());
  return transport;
};

const through = (proxy: TestProxy, credential = '') =>
  configuredProxies(`http://${credential && `${credential}@`}${proxy.host}`, noProxies);

async function get(transport: Transport, url: string): Promise<string> {
  const response = await sendFollowing(transport, { method: 'GET', url: new URL(url), headers: {}, signal });
  const parts: Uint8Array[] = [];
  for await (const part of response.body) parts.push(part);
  return `${response.status} ${Buffer.concat(parts)}`;
}

test('plain http goes through the proxy, whose credentials the server never sees', async (t) => {
  const seen: unknown[] = [];
  const port = await serve(t, (request, response) => {
    seen.push([request.url, request.headers.host, request.headers['proxy-authorization']]);
    response.end('content');
  });
  const proxy = await startProxy(t, port, { credential: 'user:p@ss' });
  const transport = open(t, { own: new URL('http://mirror.test'), proxies: through(proxy, 'user:p%40ss') });
  assert.equal(await get(transport, 'http://mirror.test/dists/x'), '200 content');
  assert.deepEqual(proxy.requests, ['GET http://mirror.test/dists/x']);
  assert.deepEqual(seen, [['/dists/x', 'mirror.test', undefined]]);
});

test('hosts of NO_PROXY and this machine are reached directly', async (t) => {
  const port = await serve(t, (_, response) => response.end('direct'));
  const proxy = await startProxy(t, port);
  const env = { HTTP_PROXY: `http://${proxy.host}`, NO_PROXY: 'mirror.invalid' };
  const transport = open(t, { own: new URL(`http://127.0.0.1:${port}`), proxies: environmentProxies(env) });
  assert.equal(await get(transport, `http://127.0.0.1:${port}/`), '200 direct');
  await assert.rejects(get(transport, 'http://mirror.invalid/'), (error: { code?: string }) =>
    ['ENOTFOUND', 'EAI_AGAIN'].includes(error.code ?? ''),
  );
  assert.deepEqual(proxy.requests, []);
  assert.equal(await get(transport, 'http://other.invalid/'), '200 direct');
  assert.equal(proxy.requests.length, 1);
});

for (const scheme of ['http', 'https']) {
  test(`a proxy that refuses ${scheme} is named, its password is not`, async (t) => {
    const proxy = await startProxy(t, 1, { credential: 'user:right' });
    const own = new URL(`${scheme}://registry.test`);
    const transport = open(t, { own, proxies: through(proxy, 'user:wrong-secret') });
    await assert.rejects(get(transport, own.href), (error: Error & { code?: string; retryable?: boolean }) => {
      assert.equal(error.code, 'proxy_refused');
      assert.match(error.message, /^the proxy 127\.0\.0\.1:\d+ does not connect to registry\.test: .* 407$/);
      assert.equal(error.retryable, false);
      assert.doesNotMatch(inspect(error, { depth: 9 }), /wrong-secret|d3Jvbmct/);
      return true;
    });
  });
}

test('a tunnel that the proxy cannot build may be tried again', async (t) => {
  const proxy = await startProxy(t, 1, { status: 503 });
  const transport = open(t, { own: new URL('https://registry.test'), proxies: through(proxy) });
  await assert.rejects(get(transport, 'https://registry.test/'), { code: 'proxy_refused', retryable: true });
  assert.deepEqual([...new Set(proxy.requests)], ['CONNECT registry.test:443']);
});

test('a proxy that is not there', async (t) => {
  for (const scheme of ['http', 'https']) {
    const own = new URL(`${scheme}://registry.test`);
    const transport = open(t, { own, proxies: configuredProxies('127.0.0.1:1', noProxies) });
    await assert.rejects(get(transport, own.href), { code: 'proxy_unreachable', message: /127\.0\.0\.1:1 .*REFUSED/ });
  }
});

test('group 20 and 21: literal addresses are judged before the proxy is asked', async (t) => {
  const port = await serve(t, (request, response) => {
    response.writeHead(302, { location: new URL(request.url ?? '', 'http://x').pathname.slice(1) }).end();
  });
  const proxy = await startProxy(t, port);
  const transport = open(t, { own: new URL('http://registry.test'), proxies: through(proxy) });
  const denied = ['http://169.254.169.254/', 'http://[::ffff:169.254.169.254]/', 'http://0xa9fea9fe/', 'http://[::1]/'];
  for (const url of denied) {
    await assert.rejects(get(transport, url), { code: 'address_denied' }, url);
    await assert.rejects(get(transport, `http://registry.test/${url}`), { code: 'address_denied' }, url);
  }
  assert.equal(proxy.requests.length, denied.length, 'only the first hops');
  await assert.rejects(get(transport, 'http://registry.test/http://localhost:1/'), { code: 'address_denied' });
});

test('group 24: limits hold through a proxy too', async (t) => {
  const port = await serve(t, (request, response) => {
    if (request.url === '/headers') response.setHeader('x-big', 'a'.repeat(4000)).end();
    else if (request.url === '/stall') response.writeHead(200).write('a');
  });
  const proxy = await startProxy(t, port);
  const fails = async (path: string, limits: Partial<HttpLimits>, code: string): Promise<void> => {
    const own = new URL('http://mirror.test');
    const transport = open(t, { own, proxies: through(proxy), limits: { ...defaultHttpLimits, ...limits } });
    await assert.rejects(get(transport, `http://mirror.test${path}`), { code });
  };
  await fails('/silence', { headersMs: 50 }, 'UND_ERR_HEADERS_TIMEOUT');
  await fails('/stall', { stallMs: 50 }, 'UND_ERR_BODY_TIMEOUT');
  await fails('/headers', { headerBytes: 1000 }, 'UND_ERR_HEADERS_OVERFLOW');
});
