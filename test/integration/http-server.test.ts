import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { get as secureGet } from 'node:https';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createLogger } from '../../src/api/http/log.ts';
import { alibabaMount, huaweiMount, nativeMount } from '../../src/api/http/mounts.ts';
import { defaultServerLimits, defaultServerOptions, type ServerOptions } from '../../src/api/http/options.ts';
import { createServer } from '../../src/api/http/server.ts';
import { testAuthority } from '../support/certificates.ts';
import { openRaw, readAnswer, sendRaw } from '../support/raw-http.ts';
import { findProgram } from '../support/system.ts';

const bytes = (app: FastifyInstance): void => {
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
};

async function start(t: TestContext, options: Partial<ServerOptions> = {}, lines: string[] = []) {
  let finish = (): void => undefined;
  const slow = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = await createServer(
    { ...defaultServerOptions, port: 0, ...options },
    {
      logger: createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } }),
      mounts: [
        nativeMount(async (app) => {
          app.get('/api/v1/slow', async () => {
            await slow;
            return { done: true };
          });
        }),
        huaweiMount(async (app) => {
          bytes(app);
          app.post('/v5/:project/thing', async ({ body }) => ({ bytes: (body as Buffer).length }));
        }),
        alibabaMount(async (app) => {
          bytes(app);
          app.route({ method: ['GET', 'POST'], url: '/', handler: async ({ query }) => ({ parameters: query }) });
        }),
      ],
      checks: [],
      gauges: [],
    },
  );
  t.after(() => server.stop(0));
  const { port, url } = await server.listen();
  return { server, port, url, finish };
}

test('a query of 200 KiB arrives; one that is too long is refused as JSON in the words of its API', async (t) => {
  const { port } = await start(t);
  const get = (size: number, head = '') =>
    sendRaw(
      port,
      `GET /?Action=OperateImageVul&Info=${'a'.repeat(size)} HTTP/1.1\r\nHost: d.example\r\n${head}Connection: close\r\n\r\n`,
    );
  const long = await get(200 * 1024);
  assert.equal(long.status, 200);
  assert.equal(JSON.parse(long.body).parameters.Info.length, 200 * 1024);
  const longer = await get(300 * 1024);
  assert.equal(longer.status, 431);
  assert.match(longer.headers['content-type'] ?? '', /^application\/json/);
  assert.match(JSON.parse(longer.body).Code, /^\w+$/);
  assert.equal(JSON.parse(longer.body).RequestId, longer.headers['x-request-id']);
});

test('what is not HTTP is refused as JSON that every client can read', async (t) => {
  const { port } = await start(t);
  const broken = [
    'GARBAGE\r\n\r\n',
    'GET / HTTP/9.9\r\nHost: x\r\n\r\n',
    'POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc',
    'POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nBad Header: y\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]),
  ];
  for (const text of broken) {
    const { status, headers, body } = await sendRaw(port, text);
    assert.equal(status, 400, String(text));
    assert.match(headers['content-type'] ?? '', /json/);
    const read = JSON.parse(body);
    assert.ok(read.Code ?? read.error_code ?? read.code, body);
  }
  const huawei = await sendRaw(port, 'POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n');
  assert.equal(JSON.parse(huawei.body).error_code, 'APIGW.0201');
});

test('requests that Node answers without a body have one here', async (t) => {
  const { port } = await start(t);
  const noHost = await sendRaw(port, 'GET /v5/p/thing HTTP/1.1\r\nConnection: close\r\n\r\n');
  assert.deepEqual([noHost.status, JSON.parse(noHost.body).error_code], [400, 'APIGW.0201']);
  const expecting = await sendRaw(
    port,
    'POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 1\r\n\r\n',
  );
  assert.deepEqual([expecting.status, JSON.parse(expecting.body).code], [417, 'expectation_failed']);
  const proxying = await sendRaw(port, 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.deepEqual([proxying.status, JSON.parse(proxying.body).code], [405, 'method_not_allowed']);
  const traced = await sendRaw(port, 'TRACE /v5/p/thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.equal(JSON.parse(traced.body).error_code, 'APIGW.0101');
  const upgrading = await sendRaw(
    port,
    'GET /v5/p/none HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: websocket\r\n\r\n',
  );
  assert.equal(JSON.parse(upgrading.body).error_code, 'APIGW.0101');
});

test('a body over the limit is refused without waiting for its end, chunked or not', async (t) => {
  const { port } = await start(t);
  const told = await sendRaw(
    port,
    'POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\nabc',
  );
  assert.deepEqual([told.status, JSON.parse(told.body).error_code], [413, 'APIGW.0201']);
  const raw = await openRaw(port);
  raw.socket.write('POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
  for (let i = 0; i < 40 && raw.text() === '' && !raw.socket.destroyed; i++) {
    raw.socket.write(`10000\r\n${'a'.repeat(65_536)}\r\n`);
    await pause(2);
  }
  await raw.closed;
  assert.equal(readAnswer(raw.text()).status, 413);
});

test('clients that send slowly are cut off, with an answer', async (t) => {
  const limits = { ...defaultServerLimits, headersMs: 400, requestMs: 800 };
  const { port } = await start(t, { limits });
  const began = performance.now();
  const raw = await openRaw(port);
  raw.socket.write('GET /v5/p/thing HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => raw.socket.write('X-Slow: 1\r\n'), 50);
  await raw.closed;
  clearInterval(drip);
  assert.ok(performance.now() - began < 5000);
  const { status, body } = readAnswer(raw.text());
  assert.equal(status, 408);
  assert.ok(JSON.parse(body).requestId ?? JSON.parse(body).request_id);
  const slowBody = await openRaw(port);
  slowBody.socket.write('POST /v5/p/thing HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc');
  await slowBody.closed;
  assert.equal(readAnswer(slowBody.text()).status, 408);
});

test('connections are kept for the next request for at least 25 seconds', async (t) => {
  const { port } = await start(t);
  const raw = await openRaw(port);
  raw.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
  while (!raw.text().includes('"ok"')) await pause(5);
  assert.match(readAnswer(raw.text()).headers['keep-alive'] ?? '', /timeout=(2[5-9]|[3-9]\d)/);
  raw.socket.destroy();
});

test('shutting down: answers under way end, others get 503 as JSON, and the port is free', async (t) => {
  const { server, port, finish } = await start(t);
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const ask = async (
    path: string,
  ): Promise<{ status: number | undefined; body: string; headers: IncomingMessage['headers'] }> => {
    const [answer] = (await once(request({ port, path, agent }).end(), 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk as Buffer);
    return { status: answer.statusCode, body: Buffer.concat(chunks).toString(), headers: answer.headers };
  };
  const kept = await openRaw(port);
  kept.socket.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
  while (!kept.text().includes('"ok"')) await pause(5);
  const underWay = ask('/api/v1/slow');
  await pause(50);
  // A request whose head is half there when draining begins.
  const late = await openRaw(port);
  late.socket.write('GET /v5/p/thing HTTP/1.1\r\nHost: x\r\n');
  await pause(20);
  const stopped = server.stop(5000);
  late.socket.write('\r\n');
  await late.closed;
  const refused = readAnswer(late.text());
  assert.deepEqual([refused.status, JSON.parse(refused.body).error_code], [503, 'APIGW.0201']);
  assert.equal(refused.headers.connection, 'close');
  finish();
  const answer = await underWay;
  assert.deepEqual([answer.status, answer.body], [200, '{"done":true}']);
  await stopped;
  await assert.rejects(openRaw(port));
  agent.destroy();
});

test('shutting down does not wait for clients that never end', async (t) => {
  const { server, port } = await start(t);
  const raw = await openRaw(port);
  raw.socket.write('GET /api/v1/slow HTTP/1.1\r\nHost: x\r\n\r\n');
  await pause(50);
  const began = performance.now();
  await server.stop(300);
  assert.ok(performance.now() - began < 3000);
  await raw.closed;
});

const openssl = findProgram('openssl');

test('TLS: the certificate is taken from its files, also when they change; HSTS', {
  skip: openssl === undefined && 'openssl is missing',
}, async (t) => {
  await using authority = await testAuthority(openssl ?? '');
  const folder = authority.file.replace(/[^/]+$/, '');
  const files = { certFile: `${folder}server.crt`, keyFile: `${folder}server.key` };
  const install = async (): Promise<void> => {
    const { cert, key } = await authority.issue('IP:127.0.0.1');
    await Promise.all([writeFile(files.certFile, cert), writeFile(files.keyFile, key)]);
  };
  await install();
  const lines: string[] = [];
  const { server, port } = await start(t, { tls: files }, lines);
  const ask = async (): Promise<{ serial: string; hsts: string | undefined }> => {
    const [answer] = (await once(
      secureGet({ port, host: '127.0.0.1', path: '/livez', ca: authority.certificate, agent: false }),
      'response',
    )) as [IncomingMessage];
    answer.resume();
    const { serialNumber } = (
      answer.socket as unknown as { getPeerCertificate(): { serialNumber: string } }
    ).getPeerCertificate();
    return { serial: serialNumber, hsts: answer.headers['strict-transport-security'] };
  };
  const before = await ask();
  assert.match(before.hsts ?? '', /max-age=31536000/);
  await install();
  server.reloadCertificate();
  const after = await ask();
  assert.notEqual(after.serial, before.serial);
  // A renewal that is half done changes nothing.
  await writeFile(files.keyFile, 'no key');
  server.reloadCertificate();
  assert.equal((await ask()).serial, after.serial);
  assert.ok(lines.some((line) => line.includes('TLS certificate kept')));
  // Plain HTTP on the TLS port is no answer, and no crash.
  const raw = await openRaw(port);
  raw.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await raw.closed;
  assert.equal((await ask()).serial, after.serial);
});
