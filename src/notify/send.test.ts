import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { serveHttp } from '../../test/support/http-server.ts';
import { noProxies } from '../kernel/index.ts';
import type { ChannelKindId, Message, Outcome } from './contract.ts';
import { createSender } from './send.ts';

const message: Message = {
  ...{ id: 'evt-1', event: 'fix.failed', at: 0, title: 'Fix failed', severity: null, projectId: 1 },
  ...{ facts: [], items: [], more: 0, path: '/fixes/(1)' },
};
const token = 'canary-token-in-the-address';
const secret = 'canary-secret-of-the-channel';

async function send(
  t: TestContext,
  kind: Exclude<ChannelKindId, 'mail'>,
  listener: RequestListener,
  over: { readonly allowed?: readonly string[]; readonly url?: string; readonly timeoutMs?: number } = {},
): Promise<Outcome> {
  const url = over.url ?? `${await serveHttp(t, listener)}/hook/${token}?access_token=${token}`;
  const sender = createSender({
    ...{ allowedAddresses: over.allowed ?? ['127.0.0.0/8'], proxies: noProxies, userAgent: 'test', now: () => 0 },
    mail: { send: async () => assert.fail() },
    publicUrl: 'https://drydock.example/',
    ...(over.timeoutMs !== undefined && { timeoutMs: over.timeoutMs }),
  });
  return sender.send(message, { kind, url, secret, ca: null }, new AbortController().signal);
}

const answering =
  (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume().on('end', () => response.writeHead(status, headers).end(body));
  };

function failureOf(outcome: Outcome): { code: string; again: boolean; text: string; wish: number | null } {
  if (outcome.delivered) return assert.fail('it was delivered');
  const text = JSON.stringify(outcome);
  assert.ok(!text.includes(token) && !text.includes(secret), text);
  return { code: outcome.failure.code, again: outcome.again, text, wish: outcome.retryAfterMs };
}

test('delivers, with a link whose brackets end nothing', async (t) => {
  const bodies: string[] = [];
  const outcome = await send(t, 'webhook', (request, response) => {
    request.setEncoding('utf8').on('data', (chunk: string) => bodies.push(chunk));
    request.on('end', () => response.writeHead(204).end());
  });
  assert.deepEqual(outcome, { delivered: true, httpStatus: 204 });
  assert.equal(JSON.parse(bodies.join('')).url, 'https://drydock.example/fixes/%281%29');
});

test('follows no redirect and does not try again', async (t) => {
  let followed = false;
  const listener: RequestListener = (request, response) => {
    if (request.url === '/other') followed = true;
    request.resume().on('end', () => response.writeHead(307, { location: '/other' }).end());
  };
  const { code, again } = failureOf(await send(t, 'webhook', listener));
  assert.deepEqual([code, again, followed], ['redirect_refused', false, false]);
});

test('errors of the receiver are tried again; how long it wants to be left alone is heard', async (t) => {
  const internal = failureOf(await send(t, 'slack', answering(500)));
  assert.deepEqual([internal.code, internal.again, internal.wish], ['http_status', true, null]);
  const limited = failureOf(await send(t, 'slack', answering(429, '', { 'retry-after': '30' })));
  assert.deepEqual([limited.code, limited.again, limited.wish], ['rate_limited', true, 30_000]);
});

test('a refusal with status 200 is a failure, and what it repeats of our secrets is not kept', async (t) => {
  const echo = JSON.stringify({ errcode: 310000, errmsg: `no ${token} ${secret} /hook/${token}` });
  const { code, text } = failureOf(await send(t, 'dingtalk', answering(200, echo)));
  assert.equal(code, 'service_refused');
  assert.match(text, /errcode 310000: no … …/);
});

test('an answer without end, and one that does not come', async (t) => {
  const endless: RequestListener = (request, response) => {
    request.resume();
    response.writeHead(200);
    const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
    more();
  };
  assert.equal((await send(t, 'webhook', endless)).delivered, true);
  const silent = failureOf(await send(t, 'webhook', () => {}, { timeoutMs: 200 }));
  assert.deepEqual([silent.code, silent.again], ['timeout', true]);
});

test('addresses of this machine and of metadata services are refused, by name too', async (t) => {
  for (const url of [
    'http://127.0.0.1:1/x',
    'http://localhost:1/x',
    'http://169.254.169.254/latest',
    'http://[::1]:1/',
  ]) {
    const { code, again } = failureOf(await send(t, 'webhook', answering(200), { allowed: [], url }));
    assert.deepEqual([code, again], ['address_denied', false], url);
  }
  const closed = failureOf(await send(t, 'webhook', answering(200), { url: 'http://127.0.0.1:1/x' }));
  assert.deepEqual([closed.code, closed.again], ['unreachable', true]);
});
