import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serveHttp } from '../../../test/support/http-server.ts';
import { startProxy } from '../../../test/support/proxy.ts';
import { environmentProxies } from '../../kernel/index.ts';
import { httpFetcher } from './http-fetcher.ts';

const wanted = { maxBytes: 1000, signal: new AbortController().signal };

test('feeds go through the proxy of the environment', async (t) => {
  const base = await serveHttp(t, (_, response) => response.setHeader('etag', '"1"').end('feed'));
  const proxy = await startProxy(t, Number(new URL(base).port));
  await using fetcher = httpFetcher({ proxies: environmentProxies({ HTTP_PROXY: proxy.host }) });
  const answer = await fetcher.get(new URL('http://feeds.test/osv/Debian/all.zip'), wanted);
  assert.deepEqual([answer.status, answer.header('etag')], [200, '"1"']);
  await answer.cancel();
  assert.deepEqual(proxy.requests, ['GET http://feeds.test/osv/Debian/all.zip']);
});

test('group 21: a feed that leads to the metadata address', async (t) => {
  const base = await serveHttp(t, (_, response) =>
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
  );
  await using fetcher = httpFetcher();
  await assert.rejects(fetcher.get(new URL(base), wanted), {
    code: 'feed_unavailable',
    message: /169\.254\.169\.254, which is not allowed/,
    retryable: false,
  });
});
