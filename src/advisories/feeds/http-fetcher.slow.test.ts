import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import type { RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { serveHttp } from '../../../test/support/http-server.ts';
import { defaultHttpLimits, type HttpLimits } from '../../kernel/index.ts';
import type { HttpFetcher, HttpRequest } from '../ports.ts';
import { fetchFeedFile } from './feed-file.ts';
import { httpFetcher } from './http-fetcher.ts';

const signal = new AbortController().signal;

function fetcher(t: TestContext, limits: Partial<HttpLimits> = {}): HttpFetcher {
  const http = httpFetcher({ limits: { ...defaultHttpLimits, ...limits } });
  t.after(() => http[Symbol.asyncDispose]());
  return http;
}

async function text(http: HttpFetcher, url: string, more: Partial<HttpRequest> = {}): Promise<string> {
  const answer = await http.get(new URL(url), { maxBytes: 1_000, signal, ...more });
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return `${answer.status} ${Buffer.concat(parts)}`;
}

function failure(code: string, retryable: boolean, message: RegExp) {
  return (error: unknown) => {
    const { code: got, retryable: may, message: said, hint } = error as { [key: string]: unknown };
    assert.deepEqual([got, may], [code, retryable], String(said));
    assert.match(String(said), message);
    if (code === 'feed_unavailable') assert.ok(hint);
    return true;
  };
}

test('an answer has its status, headers and body; requests say who asks', async (t) => {
  const seen: unknown[] = [];
  const base = await serveHttp(t, ({ url, headers }, response) => {
    seen.push([url, headers['user-agent'], headers['if-none-match']]);
    response.writeHead(headers['if-none-match'] === '"1"' ? 304 : url === '/a' ? 200 : 404, { etag: '"1"' });
    response.end(headers['if-none-match'] === '"1"' ? undefined : 'content');
  });
  const http = fetcher(t);
  const answer = await http.get(new URL(`${base}/a`), { maxBytes: 10, signal });
  assert.equal(answer.header('etag'), '"1"');
  assert.equal(answer.header('x-none'), undefined);
  await answer.cancel();
  assert.equal(await text(http, `${base}/a`, { headers: { 'if-none-match': '"1"' } }), '304 ');
  assert.equal(await text(http, `${base}/b`), '404 content');
  assert.deepEqual(seen, [
    ['/a', 'drydock', undefined],
    ['/a', 'drydock', '"1"'],
    ['/b', 'drydock', undefined],
  ]);
});

test('five redirects are followed, a sixth and unusable ones are not', async (t) => {
  const odd: Record<string, string> = { '/file': 'file:///etc/passwd', '/user': 'http://a:b@127.0.0.1/x', '/none': '' };
  const base = await serveHttp(t, ({ url = '' }, response) => {
    const left = Number(url.slice(1));
    const location = odd[url] ?? `/${left - 1}`;
    if (left === 0) response.end('here');
    else response.writeHead([301, 302, 303, 307, 308][left % 5] ?? 302, { location }).end();
  });
  const http = fetcher(t);
  assert.equal(await text(http, `${base}/5`), '200 here');
  await assert.rejects(text(http, `${base}/6`), failure('feed_unavailable', false, /redirected more than 5 times/));
  for (const path of Object.keys(odd)) {
    await assert.rejects(text(http, base + path), failure('feed_unavailable', false, /redirected/), path);
  }
});

test('refusals of the server are told without the query, and repeated where that can help', async (t) => {
  const base = await serveHttp(t, ({ url = '' }, response) => {
    response.writeHead(Number(url.slice(1, 4))).end('because');
  });
  const http = fetcher(t);
  for (const [status, retryable] of [
    [400, false],
    [401, false],
    [403, false],
    [410, false],
    [429, true],
    [500, true],
    [503, true],
  ] as const) {
    await assert.rejects(text(http, `${base}/${status}?token=secret`), (error: Error) => {
      assert.doesNotMatch(error.message, /secret/);
      return failure('feed_unavailable', retryable, new RegExp(`/${status}: answered ${status}$`))(error);
    });
  }
});

const hostile: { name: string; answer: (response: ServerResponse) => void; code: string; message: RegExp }[] = [
  {
    name: 'cut in the middle',
    answer: (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begin');
      setTimeout(() => response.destroy(), 20);
    },
    code: 'feed_unavailable',
    message: /the connection was cut/,
  },
  {
    name: 'silent in the middle',
    answer: (response) => response.write('begin'),
    code: 'feed_unavailable',
    message: /the connection was cut/,
  },
  {
    name: 'silent from the start',
    answer: () => {},
    code: 'feed_unavailable',
    message: /timeout/i,
  },
  {
    name: 'drop by drop',
    answer: (response) => {
      const drip = setInterval(() => response.write('x'), 30);
      response.once('close', () => clearInterval(drip));
    },
    code: 'feed_unavailable',
    message: /sends only \d+ bytes per second/,
  },
  {
    name: 'endless',
    answer: (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(10_000)));
      };
      response.on('drain', more);
      more();
    },
    code: 'feed_too_large',
    message: /more than 1000 bytes/,
  },
];

test('a hostile body ends with an error in time', async (t) => {
  const rows = hostile.map(async ({ name, answer, code, message }) => {
    const base = await serveHttp(t, (_, response) => answer(response));
    const http = fetcher(t, { stallMs: 200, headersMs: 200, minBytesPerSecond: 1_000, rateWindowMs: 100 });
    await assert.rejects(text(http, base), failure(code, code === 'feed_unavailable', message), name);
  });
  await Promise.all(rows);
});

test('nobody listens: retryable; an interruption stays one', async (t) => {
  const http = fetcher(t);
  await assert.rejects(text(http, 'http://127.0.0.1:1/'), failure('feed_unavailable', true, /ECONNREFUSED/));
  const base = await serveHttp(t, () => {});
  const reason = new Error('stop');
  await assert.rejects(text(http, base, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
});

/** Fetches one feed file and tells what was asked and what is left on disk. */
async function download(t: TestContext, answers: readonly RequestListener[], known?: string) {
  const temporary = mkdtempSync(join(tmpdir(), 'feed-'));
  t.after(() => rmSync(temporary, { recursive: true, force: true }));
  let asked = 0;
  const base = await serveHttp(t, (request, response) => {
    const answer = answers[Math.min(asked++, answers.length - 1)];
    answer?.(request, response);
  });
  const result = fetchFeedFile(`${base}/all.zip`, known, { http: fetcher(t), temporary, signal });
  return { result, asked: () => asked, left: () => readdirSync(temporary) };
}

test('a download is repeated after a passing failure, and leaves nothing of the first attempt', async (t) => {
  const cut: RequestListener = (_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('begin');
    setTimeout(() => response.destroy(), 20);
  };
  const { result, asked, left } = await download(t, [cut, (_, response) => response.end('whole')]);
  const file = await result;
  assert.ok(typeof file === 'object');
  // SHA-256 of "whole", from sha256sum.
  assert.equal(file.fingerprint, 'sha256:5d5766cf2d78701614200418ee1450690d9af12c84d52545e4802f001ad53099');
  assert.equal(left().length, 1);
  await file[Symbol.asyncDispose]();
  assert.deepEqual([asked(), left()], [2, []]);
});

test('a refusal is not repeated; what is known is not fetched again', async (t) => {
  const refused = await download(t, [(_, response) => response.writeHead(403).end()]);
  await assert.rejects(refused.result, failure('feed_unavailable', false, /answered 403/));
  assert.equal(refused.asked(), 1);
  const conditional: RequestListener = ({ headers }, response) => {
    response.writeHead(headers['if-none-match'] === 'W/"7"' ? 304 : 200, { etag: 'W/"7"' }).end();
  };
  assert.equal(await (await download(t, [conditional], 'etag:W/"7"')).result, 'unchanged');
  const ignorant: RequestListener = (_, response) => response.writeHead(200, { etag: 'W/"7"' }).end('again');
  const same = await download(t, [ignorant], 'etag:W/"7"');
  assert.equal(await same.result, 'unchanged');
  assert.deepEqual(same.left(), []);
  assert.equal(await (await download(t, [(_, response) => response.writeHead(404).end()])).result, 'missing');
});
