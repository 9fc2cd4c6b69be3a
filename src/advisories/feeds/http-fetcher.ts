import {
  CodedError,
  createTransport,
  defaultHttpLimits,
  discard,
  type HttpResponse as HttpAnswer,
  type HttpLimits,
  messageOf,
  noProxies,
  type ProxyRules,
  paced,
  sendFollowing,
  type Transport,
} from '../../kernel/index.ts';
import { AdvisoryError } from '../errors.ts';
import type { HttpFetcher, HttpRequest, HttpResponse } from '../ports.ts';

/** Options of the network client for feeds. */
export interface HttpFetcherOptions {
  /** PEM certificates trusted in addition to the system's, for a mirror with a private authority. */
  readonly ca?: string | undefined;
  readonly limits?: HttpLimits;
  /** Default: none. */
  readonly proxies?: ProxyRules;
  /** How requests name their sender; default `drydock`. */
  readonly userAgent?: string;
}

/** The network client for feeds. Dispose it to close its connections. */
export function httpFetcher(options: HttpFetcherOptions = {}): HttpFetcher & AsyncDisposable {
  const { ca, limits = defaultHttpLimits, proxies = noProxies, userAgent = 'drydock' } = options;
  const transports = new Map<string, Transport>();
  const transportFor = (own: URL): Transport => {
    const known = transports.get(own.origin) ?? createTransport({ own, limits, proxies, ca });
    transports.set(own.origin, known);
    return known;
  };
  return {
    async get(url, wanted) {
      const { signal } = wanted;
      const headers = { 'user-agent': userAgent, ...wanted.headers };
      let answer: HttpAnswer;
      try {
        answer = await sendFollowing(transportFor(url), { method: 'GET', url, headers, signal });
      } catch (cause) {
        signal.throwIfAborted();
        throw unavailable(url, messageOf(cause), cause);
      }
      return responseOf(answer, wanted, limits);
    },
    async [Symbol.asyncDispose]() {
      const opened = [...transports.values()];
      transports.clear();
      await Promise.all(opened.map((transport) => transport.close()));
    },
  };
}

async function responseOf(answer: HttpAnswer, wanted: HttpRequest, limits: HttpLimits): Promise<HttpResponse> {
  const { status, url, headers } = answer;
  if (status !== 200 && status !== 304 && status !== 404) {
    await discard(answer);
    const retryable = status === 429 || status >= 500;
    throw new AdvisoryError('feed_unavailable', `${nameOf(url)}: answered ${status}`, { hint, retryable });
  }
  return {
    status,
    header: (name) => headers[name],
    body: bounded(answer, wanted, limits),
    cancel: () => discard(answer),
  };
}

async function* bounded(answer: HttpAnswer, wanted: HttpRequest, limits: HttpLimits): AsyncGenerator<Uint8Array> {
  let read = 0;
  try {
    for await (const chunk of paced(answer.body, limits, answer.url.host)) {
      read += chunk.length;
      if (read > wanted.maxBytes) throw tooLarge(answer.url, wanted.maxBytes);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AdvisoryError) throw cause;
    wanted.signal.throwIfAborted();
    throw unavailable(answer.url, cause instanceof CodedError ? cause.message : 'the connection was cut', cause);
  } finally {
    answer.body.destroy();
  }
}

const hint = 'Check the address and the network, or give a local directory with the same layout.';

/** Errors of our own know whether repeating helps and what to do; with a network one never knows. */
function unavailable(url: URL, reason: string, cause: unknown): AdvisoryError {
  const known = cause instanceof CodedError ? cause : undefined;
  return new AdvisoryError('feed_unavailable', `${nameOf(url)}: ${reason}`, {
    hint: known?.hint ?? hint,
    retryable: known?.retryable ?? true,
    cause,
  });
}

function tooLarge(url: URL, limit: number): AdvisoryError {
  return new AdvisoryError('feed_too_large', `${nameOf(url)}: more than ${limit} bytes`);
}

/** Queries may hold tokens. */
function nameOf(url: URL): string {
  return `${url.origin}${url.pathname}`;
}
