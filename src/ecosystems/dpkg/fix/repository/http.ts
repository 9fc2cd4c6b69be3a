import {
  CodedError,
  configuredProxies,
  createTransport,
  defaultHttpLimits,
  discard,
  type HttpLimits,
  type HttpResponse,
  messageOf,
  noProxies,
  type ProxyRules,
  paced,
  sendFollowing,
  type Transport,
} from '../../../../kernel/index.ts';
import type { UrlMirror } from './config.ts';
import { RepositoryError } from './errors.ts';

/** A client for the mirrors of package archives; keeps connections per mirror. */
export interface HttpClient {
  /**
   * The body of a successful answer; the caller counts its bytes.
   * @throws RepositoryError `download_failed` when the server has no such file, `mirror_unavailable` (retryable
   * where repeating may help) for everything else.
   */
  get(mirror: UrlMirror, url: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

/** What the client needs to know of its surroundings. */
export interface HttpClientOptions {
  readonly limits?: HttpLimits;
  /** For mirrors that name no proxy; default: none. */
  readonly proxies?: ProxyRules;
}

/** Creates the client; nothing is connected before it is used. */
export function createHttpClient(options: HttpClientOptions = {}): HttpClient {
  const { limits = defaultHttpLimits, proxies = noProxies } = options;
  const transports = new Map<string, Transport>();
  const transportFor = (mirror: UrlMirror): Transport => {
    const own = new URL(mirror.base);
    const key = JSON.stringify([own.origin, mirror.ca, mirror.proxy]);
    const known =
      transports.get(key) ??
      createTransport({ own, limits, ca: mirror.ca, proxies: configuredProxies(mirror.proxy, proxies) });
    transports.set(key, known);
    return known;
  };
  return {
    async get(mirror, address, signal) {
      const url = new URL(address);
      let response: HttpResponse;
      try {
        const headers = headersFor(mirror, url);
        response = await sendFollowing(transportFor(mirror), { method: 'GET', url, headers, signal });
      } catch (error) {
        signal.throwIfAborted();
        throw unreachable(url, error);
      }
      if (response.status === 200) return content(response, limits);
      await discard(response);
      throw refused(response.url, response.status);
    },
    async close() {
      const opened = [...transports.values()];
      transports.clear();
      await Promise.all(opened.map((transport) => transport.close()));
    },
  };
}

/** Credentials stay with the origin that they were configured for. */
function headersFor(mirror: UrlMirror, url: URL): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'drydock', accept: '*/*' };
  if (url.origin === new URL(mirror.base).origin && mirror.credential !== undefined) {
    const { username, password } = mirror.credential;
    headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return headers;
}

function refused(url: URL, status: number): RepositoryError {
  if (status === 404 || status === 410) {
    return new RepositoryError('download_failed', `${url.href} does not exist at the mirror (HTTP ${status})`);
  }
  const retryable = status === 429 || status >= 500;
  const hint = status === 401 || status === 403 ? { hint: 'Check the credential of this mirror in fix.archives.' } : {};
  return new RepositoryError('mirror_unavailable', `${url.href} answered HTTP ${status}`, { retryable, ...hint });
}

/** Errors of our own know whether repeating helps and what to do; with a network one never knows. */
function unreachable(url: URL, cause: unknown): RepositoryError {
  const known = cause instanceof CodedError ? cause : undefined;
  return new RepositoryError('mirror_unavailable', `${url.href} cannot be read: ${messageOf(cause)}`, {
    retryable: known?.retryable ?? true,
    ...(known?.hint !== undefined && { hint: known.hint }),
    cause,
  });
}

async function* content(response: HttpResponse, limits: HttpLimits): AsyncGenerator<Uint8Array> {
  try {
    yield* paced(response.body, limits, response.url.host);
  } catch (cause) {
    throw unreachable(response.url, cause);
  } finally {
    response.body.destroy();
  }
}
