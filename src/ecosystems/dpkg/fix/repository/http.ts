import type { Dispatcher } from 'undici';
import { messageOf } from '../../../../kernel/index.ts';
import type { UrlMirror } from './config.ts';
import { RepositoryError } from './errors.ts';

/** How patient the client is. */
export interface HttpPatience {
  /** Milliseconds until the headers of an answer must be there, and between two chunks. */
  readonly silence: number;
  /** The body must bring at least `windowBytes` in every `window` milliseconds. */
  readonly window: number;
  readonly windowBytes: number;
}

/** Defaults: 30 s of silence; 32 KiB in every 30 s. */
export const defaultPatience: HttpPatience = { silence: 30_000, window: 30_000, windowBytes: 32 * 1024 };

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

/** Loaded on first use: it takes a tenth of a second that commands without downloads need not pay. */
const library = () => import('undici');

const maxRedirects = 5;
const connectionsPerOrigin = 8;

/** Creates a client on undici. */
export function createHttpClient(patience: HttpPatience = defaultPatience): HttpClient {
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const dispatcherFor = (mirror: UrlMirror): Promise<Dispatcher> => {
    const key = JSON.stringify([mirror.ca, mirror.proxy]);
    const known = dispatchers.get(key);
    if (known !== undefined) return known;
    const created = createDispatcher(mirror, patience);
    dispatchers.set(key, created);
    return created;
  };
  return {
    get: async (mirror, url, signal) => follow(await dispatcherFor(mirror), mirror, url, signal, patience),
    async close() {
      await Promise.all([...dispatchers.values()].map(async (dispatcher) => (await dispatcher).destroy()));
      dispatchers.clear();
    },
  };
}

async function createDispatcher(mirror: UrlMirror, patience: HttpPatience): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await library();
  const options = {
    connections: connectionsPerOrigin,
    headersTimeout: patience.silence,
    bodyTimeout: patience.silence,
    maxHeaderSize: 32 * 1024,
  };
  const tls = { timeout: patience.silence, ...(mirror.ca === undefined ? {} : { ca: mirror.ca }) };
  if (mirror.proxy === undefined) return new Agent({ ...options, connect: tls });
  return new ProxyAgent({ ...options, uri: mirror.proxy, requestTls: tls });
}

async function follow(
  dispatcher: Dispatcher,
  mirror: UrlMirror,
  start: string,
  signal: AbortSignal,
  patience: HttpPatience,
): Promise<AsyncIterable<Uint8Array>> {
  const home = new URL(mirror.base).origin;
  let url = new URL(start);
  for (let hop = 0; hop <= maxRedirects; hop++) {
    const answer = await ask(dispatcher, url, authorization(mirror, url.origin === home), signal);
    const { statusCode, headers, body } = answer;
    if (statusCode === 200) return paced(body, url, patience);
    await body.dump({ limit: 64 * 1024 }).catch(() => {});
    if (![301, 302, 303, 307, 308].includes(statusCode)) throw refused(url, statusCode);
    url = redirectTarget(url, headers.location);
  }
  throw new RepositoryError('mirror_unavailable', `${start} redirects more than ${maxRedirects} times`);
}

async function ask(
  dispatcher: Dispatcher,
  url: URL,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { request } = await library();
  try {
    return await request(url, { dispatcher, headers, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(url, error);
  }
}

/** Credentials stay with the origin that they were configured for. */
function authorization(mirror: UrlMirror, atHome: boolean): Record<string, string> {
  const headers: Record<string, string> = { 'user-agent': 'drydock', accept: '*/*' };
  if (atHome && mirror.credential !== undefined) {
    const { username, password } = mirror.credential;
    headers.authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  }
  return headers;
}

function redirectTarget(from: URL, location: string | string[] | undefined): URL {
  const text = typeof location === 'string' ? location : '';
  const target = URL.canParse(text, from.href) ? new URL(text, from) : undefined;
  const known = target?.protocol === 'http:' || target?.protocol === 'https:';
  const downgrade = from.protocol === 'https:' && target?.protocol === 'http:';
  if (target === undefined || text === '' || !known || downgrade) {
    throw new RepositoryError('mirror_unavailable', `${from.href} redirects to a place that cannot be followed`);
  }
  target.username = '';
  target.password = '';
  return target;
}

function refused(url: URL, status: number): RepositoryError {
  if (status === 404 || status === 410) {
    return new RepositoryError('download_failed', `${url.href} does not exist at the mirror (HTTP ${status})`);
  }
  const retryable = status === 429 || status >= 500;
  const hint = status === 401 || status === 403 ? { hint: 'Check the credential of this mirror in fix.archives.' } : {};
  return new RepositoryError('mirror_unavailable', `${url.href} answered HTTP ${status}`, { retryable, ...hint });
}

function unreachable(url: URL, cause: unknown): RepositoryError {
  return new RepositoryError('mirror_unavailable', `${url.href} cannot be read: ${messageOf(cause)}`, {
    retryable: true,
    cause,
  });
}

/** Passes a body on and gives up on one that trickles: silence alone is caught by the transport. */
async function* paced(
  body: Dispatcher.ResponseData['body'],
  url: URL,
  patience: HttpPatience,
): AsyncGenerator<Uint8Array> {
  let arrived = 0;
  const timer = setInterval(() => {
    if (arrived < patience.windowBytes) body.destroy(new Error('the answer arrives too slowly'));
    arrived = 0;
  }, patience.window);
  timer.unref();
  try {
    for await (const chunk of body) {
      arrived += (chunk as Uint8Array).length;
      yield chunk as Uint8Array;
    }
  } catch (cause) {
    throw unreachable(url, cause);
  } finally {
    clearInterval(timer);
    body.destroy();
  }
}
