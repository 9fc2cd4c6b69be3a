import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import type { GaugeSource, ReadyCheck } from './contract.ts';
import { createLogger } from './log.ts';
import { alibabaMount, huaweiMount, nativeMount } from './mounts.ts';
import { defaultServerLimits, defaultServerOptions, type ServerOptions } from './options.ts';
import { createServer } from './server.ts';

const echo = (name: string, method: 'GET' | 'POST', url: string) => async (app: FastifyInstance) => {
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.route({ method, url, handler: async () => ({ from: name }) });
  app.get(`/api/${name}/fault`, async () => {
    throw new Error('a secret detail');
  });
};

async function server(
  t: TestContext,
  options: Partial<ServerOptions> = {},
  parts: { checks?: ReadyCheck[]; gauges?: GaugeSource[]; lines?: string[] } = {},
) {
  const lines = parts.lines ?? [];
  const made = await createServer(
    { ...defaultServerOptions, ...options },
    {
      logger: createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } }),
      mounts: [
        nativeMount(echo('native', 'GET', '/api/v1/thing'), (path) =>
          path === '/api/v1/thing' ? ['GET', 'HEAD'] : [],
        ),
        huaweiMount(echo('huawei', 'POST', '/v5/:project/thing')),
        alibabaMount(async (app) => {
          app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
          app.route({ method: ['GET', 'POST'], url: '/', handler: async () => ({ from: 'alibaba' }) });
        }),
      ],
      checks: parts.checks ?? [],
      gauges: parts.gauges ?? [],
    },
  );
  t.after(() => made.stop(0));
  return made.app;
}

test('one port, several APIs: each request goes to the mount that owns it', async (t) => {
  const app = await server(t);
  const from = async (method: 'GET' | 'POST', url: string, headers = {}) =>
    (await app.inject({ method, url, headers: { host: 'x', ...headers } })).json().from;
  assert.equal(await from('GET', '/api/v1/thing'), 'native');
  assert.equal(await from('POST', '/v5/p/thing'), 'huawei');
  assert.equal(await from('GET', '/?Action=DescribeImageFixTask'), 'alibaba');
  assert.equal(await from('GET', '/?Format=JSON&Action=X'), 'alibaba');
  assert.equal(await from('GET', '/', { 'x-acs-action': 'X' }), 'alibaba');
  assert.equal(await from('POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }), 'alibaba');
  const page = await app.inject({ url: '/', headers: { host: 'x' } });
  assert.match(page.body, /\/api\/v1\/openapi\.json/);
  assert.match(page.headers['content-type'] as string, /^text\/plain/);
});

test('refusals are non-empty JSON in the words of the mount, with the request id', async (t) => {
  const app = await server(t);
  const headers = { host: 'drydock.example:8480' };
  const problem = await app.inject({ url: '/api/v1/none', headers });
  assert.equal(problem.statusCode, 404);
  assert.equal(problem.json().code, 'not_found');
  assert.equal(problem.json().requestId, problem.headers['x-request-id']);

  const wrongMethod = await app.inject({ method: 'DELETE', url: '/api/v1/thing', headers });
  assert.equal(wrongMethod.statusCode, 405);
  assert.equal(wrongMethod.headers.allow, 'GET, HEAD');

  const huawei = await app.inject({ url: '/v5/p/none', headers });
  assert.equal(huawei.statusCode, 404);
  assert.equal(huawei.json().error_code, 'APIGW.0101');
  assert.match(huawei.headers['x-request-id'] as string, /^[0-9A-F-]{36}$/);

  const alibaba = await app.inject({ method: 'PUT', url: '/', headers: { ...headers, 'x-acs-action': 'X' } });
  assert.deepEqual(Object.keys(alibaba.json()), ['RequestId', 'HostId', 'Code', 'Message']);
  assert.equal(alibaba.json().HostId, 'drydock.example:8480');
  assert.equal(alibaba.headers['x-acs-request-id'], alibaba.json().RequestId);

  const elsewhere = await app.inject({ url: '/path', headers: { ...headers, 'x-acs-action': 'X' } });
  assert.equal(elsewhere.json().Code, 'InvalidAction.NotFound');

  const large = await app.inject({ method: 'POST', url: '/v5/p/thing', headers, payload: 'x'.repeat(2 ** 21 + 1) });
  assert.equal(large.statusCode, 413);
  assert.equal(large.json().error_code, 'APIGW.0201');

  const broken = await app.inject({ url: '/v5/%zz/thing', headers });
  assert.equal(broken.statusCode, 400);
  assert.equal(broken.json().error_code, 'APIGW.0201');
});

test('a fault of ours is a plain 500; its detail goes to the log only', async (t) => {
  const lines: string[] = [];
  const app = await server(t, {}, { lines });
  const answer = await app.inject({ url: '/api/native/fault', headers: { host: 'x' } });
  assert.equal(answer.statusCode, 500);
  assert.doesNotMatch(answer.body, /secret detail/);
  assert.ok(lines.some((line) => line.includes('secret detail')));
});

test('every answer carries the secure headers; nothing allows other origins', async (t) => {
  const app = await server(t);
  for (const url of ['/', '/livez', '/api/v1/none', '/v5/none']) {
    const { headers } = await app.inject({ url, headers: { host: 'x', origin: 'https://evil.example' } });
    assert.match(headers['content-security-policy'] as string, /default-src 'self'.*frame-ancestors 'none'/);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['access-control-allow-origin'], undefined);
    assert.equal(headers['strict-transport-security'], undefined);
  }
});

test('forwarded headers count only from listed proxies', async (t) => {
  const forwarded = { host: 'x', 'x-forwarded-for': '203.0.113.9', 'x-forwarded-proto': 'https' };
  const lines: string[] = [];
  const plain = await server(t, {}, { lines });
  await plain.inject({ url: '/', headers: forwarded });
  assert.match(lines.join(''), /"address":"127\.0\.0\.1"/);
  const behind = await server(t, { trustedProxies: ['127.0.0.1'] }, { lines });
  const { headers } = await behind.inject({ url: '/', headers: forwarded });
  assert.match(lines.join(''), /"address":"203\.0\.113\.9"/);
  assert.match(headers['strict-transport-security'] as string, /max-age/);
});

test('readyz names the state and reason of each check; livez does not ask them', async (t) => {
  const app = await server(
    t,
    {},
    {
      checks: [
        { name: 'database', check: async () => Promise.reject(new Error('no answer from the database')) },
        { name: 'advisories', check: async () => ({ state: 'warn', reason: 'Advisory data is 9.0 days old' }) },
      ],
    },
  );
  const ready = await app.inject({ url: '/readyz', headers: { host: 'x' } });
  assert.equal(ready.statusCode, 503);
  assert.equal(ready.json().checks.database.reason, 'no answer from the database');
  assert.equal(ready.json().checks.advisories.state, 'warn');
  assert.equal((await app.inject({ url: '/livez', headers: { host: 'x' } })).statusCode, 200);
});

test('metrics: closed labels, gauges of sources, own access rule', async (t) => {
  const gauges: GaugeSource[] = [
    {
      name: 'queue_jobs',
      help: 'Jobs',
      labels: ['state'],
      read: async () => [{ labels: { state: 'queued' }, value: 7 }],
    },
    { name: 'broken', help: 'Broken', labels: [], read: async () => Promise.reject(new Error('x')) },
  ];
  const app = await server(t, { metrics: { allow: ['10.0.0.0/8'], token: 'metrics-token' } }, { gauges });
  await app.inject({ url: '/v5/hostile/path-1', headers: { host: 'x' } });
  assert.equal((await app.inject({ url: '/metrics', headers: { host: 'x' } })).statusCode, 403);
  const inside = await app.inject({ url: '/metrics', headers: { host: 'x' }, remoteAddress: '10.1.2.3' });
  const token = await app.inject({ url: '/metrics', headers: { host: 'x', authorization: 'Bearer metrics-token' } });
  for (const { statusCode, body } of [inside, token]) {
    assert.equal(statusCode, 200);
    assert.match(body, /drydock_queue_jobs\{state="queued"\} 7/);
    assert.match(
      body,
      /drydock_http_request_seconds_count\{mount="huawei",method="GET",route="unknown",status="4xx"\} 1/,
    );
    assert.doesNotMatch(body, /hostile/);
  }
});

test('an address that sends too much is told to wait, in the words of its API', async (t) => {
  const app = await server(t, { limits: { ...defaultServerLimits, requestsPerSecond: 1, requestBurst: 2 } });
  const ask = (url: string) => app.inject({ url, headers: { host: 'x' } });
  await ask('/api/v1/thing');
  await ask('/api/v1/thing');
  const third = await ask('/api/v1/thing');
  assert.equal(third.statusCode, 429);
  assert.ok(Number(third.headers['retry-after']) >= 1);
  const alibaba = await ask('/?Action=X');
  assert.equal(alibaba.json().Code, 'Throttling');
  assert.ok(Number(alibaba.headers['x-acs-retry-after']) > 0);
  assert.equal((await ask('/livez')).statusCode, 200);
});

test('the console: files of one folder, hashed names for ever, pages for browsers, nothing outside', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-console-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'console/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'outside');
  writeFileSync(join(folder, 'console/index.html'), '<!doctype html><title>Drydock</title>');
  writeFileSync(join(folder, 'console/assets/app.1a2b3c4d.js'), 'export {};');
  const app = await server(t, { consoleDir: join(folder, 'console') });
  const browser = { host: 'x', accept: 'text/html' };
  const script = await app.inject({ url: '/assets/app.1a2b3c4d.js', headers: browser });
  assert.match(script.headers['content-type'] as string, /^text\/javascript/);
  assert.match(script.headers['cache-control'] as string, /immutable/);
  const again = await app.inject({
    url: '/assets/app.1a2b3c4d.js',
    headers: { ...browser, 'if-none-match': script.headers.etag as string },
  });
  assert.equal(again.statusCode, 304);
  assert.match((await app.inject({ url: '/images/abc', headers: browser })).body, /<title>Drydock/);
  for (const url of ['/assets/none.js', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/../secret.txt', '/.env']) {
    const answer = await app.inject({ url, headers: { host: 'x' } });
    assert.equal(answer.statusCode, 404, url);
    assert.doesNotMatch(answer.body, /outside/);
  }
});
