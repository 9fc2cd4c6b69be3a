import { Agent, type Dispatcher, request } from 'undici';
import { messageOf } from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import type { HttpFetcher, HttpRequest, HttpResponse } from '../ports.ts';

/** Options of the network client for feeds. */
export interface HttpFetcherOptions {
  /** PEM certificates that are trusted instead of the system's, for a mirror with a private authority. */
  readonly ca?: string;
  /** Milliseconds without any byte after which an answer counts as cut; default 60,000. */
  readonly idleTimeout?: number;
  /** How requests name their sender; default `drydock`. */
  readonly userAgent?: string;
}

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

/** The network client for feeds, on undici. Dispose it to close its connections. */
export function httpFetcher(options: HttpFetcherOptions = {}): HttpFetcher & AsyncDisposable {
  const timeout = options.idleTimeout ?? 60_000;
  const agent = new Agent({
    headersTimeout: timeout,
    bodyTimeout: timeout,
    maxHeaderSize: 32 * 1024,
    connect: { timeout: 15_000, ...(options.ca === undefined ? {} : { ca: options.ca }) },
  });
  return {
    get: (url, wanted) => {
      const headers = { 'user-agent': options.userAgent ?? 'drydock', ...wanted.headers };
      return follow(agent, url, { ...wanted, headers });
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

async function follow(agent: Agent, start: URL, wanted: HttpRequest): Promise<HttpResponse> {
  let url = start;
  for (let hop = 0; ; hop++) {
    const answer = await send(agent, url, wanted);
    const location = answer.headers.location;
    if (!redirects.has(answer.statusCode) || typeof location !== 'string') return responseOf(url, answer, wanted);
    await answer.body.dump();
    if (hop === maxRedirects) throw unavailable(url, 'too many redirects');
    const next = URL.parse(location, url.href);
    if (next === null || !/^https?:$/.test(next.protocol)) throw unavailable(url, 'redirect to an unusable address');
    if (url.protocol === 'https:' && next.protocol === 'http:') throw unavailable(url, 'redirect from https to http');
    url = next;
  }
}

async function send(agent: Agent, url: URL, wanted: HttpRequest): Promise<Dispatcher.ResponseData> {
  try {
    return await request(url, { dispatcher: agent, signal: wanted.signal, headers: wanted.headers ?? {} });
  } catch (cause) {
    wanted.signal.throwIfAborted();
    throw unavailable(url, messageOf(cause), { cause, retryable: true });
  }
}

async function responseOf(url: URL, answer: Dispatcher.ResponseData, wanted: HttpRequest): Promise<HttpResponse> {
  const status = answer.statusCode;
  if (status !== 200 && status !== 304 && status !== 404) {
    await answer.body.dump();
    throw unavailable(url, `answered ${status}`, { retryable: status === 429 || status >= 500 });
  }
  return {
    status,
    header: (name) => {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    body: bounded(url, answer.body, wanted),
    cancel: () => answer.body.dump(),
  };
}

async function* bounded(url: URL, body: AsyncIterable<Uint8Array>, wanted: HttpRequest): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of body) {
      read += chunk.length;
      if (read > wanted.maxBytes) throw tooLarge(url, wanted.maxBytes);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AdvisoryError) throw cause;
    wanted.signal.throwIfAborted();
    throw unavailable(url, 'the connection was cut', { cause, retryable: true });
  }
}

function unavailable(url: URL, reason: string, options: { cause?: unknown; retryable?: boolean } = {}): AdvisoryError {
  const hint = 'Check the address and the network, or give a local directory with the same layout.';
  return new AdvisoryError('feed_unavailable', `${url.origin}${url.pathname}: ${reason}`, { hint, ...options });
}

function tooLarge(url: URL, limit: number): AdvisoryError {
  return new AdvisoryError('feed_too_large', `${url.origin}${url.pathname}: more than ${limit} bytes`);
}
