import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { Dispatcher, ProxyAgent } from 'undici';
import { bareHost } from './addresses.ts';
import type { HttpLimits, HttpRequest, HttpResponse, ProxyRules, Transport } from './contract.ts';
import { HttpError } from './errors.ts';
import { defaultHttpLimits } from './limits.ts';
import { createNetworkPolicy } from './network-policy.ts';
import { noProxies } from './proxies.ts';

/** How a server that the operator named, and the servers that it refers to, are reached. */
export interface TransportOptions {
  readonly own: URL;
  readonly limits?: HttpLimits;
  /** Default: no proxy. */
  readonly proxies?: ProxyRules;
  /** CIDR ranges that may be connected to although the network policy denies them. */
  readonly allowedAddresses?: readonly string[] | undefined;
  /** Address of the own server, taken instead of resolving its name. Proxies resolve names themselves. */
  readonly connectAddress?: string | undefined;
  /** The own server is not on this machine, whatever its name leads to; `allowedAddresses` can allow it. */
  readonly remoteOnly?: boolean | undefined;
  /** PEM certificates trusted in addition to the system's. */
  readonly ca?: string | undefined;
  /** Skips the verification of the own server's certificate. */
  readonly insecure?: boolean | undefined;
  /** PEM, shown to the own server only. */
  readonly clientCertificate?: string | undefined;
  readonly clientKey?: string | undefined;
}

/** Loaded on first use: it takes a tenth of a second that commands without network need not pay. */
const library = () => import('undici');

const connectionsPerOrigin = 8;

/** Connections under the network policy, directly or through a proxy; nothing is connected before it is used. */
export function createTransport(options: TransportOptions): Transport {
  const { own, limits = defaultHttpLimits, proxies = noProxies } = options;
  const policy = createNetworkPolicy(own.hostname, options.allowedAddresses, undefined, {
    remote: options.remoteOnly,
    address: options.connectAddress,
  });
  const dispatchers = new Map<string, Promise<Dispatcher>>();
  const dispatcherFor = (url: URL, proxy: URL | undefined): Promise<Dispatcher> => {
    const isOwn = url.origin === own.origin;
    const key = `${isOwn} ${proxy?.href ?? ''}`;
    const known = dispatchers.get(key) ?? createDispatcher(tlsOptions(options, isOwn), policy.lookup, proxy, limits);
    dispatchers.set(key, known);
    return known;
  };
  return {
    async send(request) {
      const host = bareHost(request.url.hostname);
      // Names are checked when they are resolved, here or by the proxy; literal addresses are never resolved.
      if (isIP(host) !== 0) policy.check(request.url.hostname, host);
      const proxy = proxies.proxyFor(request.url);
      return exchange(await dispatcherFor(request.url, proxy), request, proxy);
    },
    async close() {
      const opened = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(opened.map(async (dispatcher) => (await dispatcher).destroy()));
    },
  };
}

/** The client certificate and the leave to skip verification belong to the own server's port alone. */
function tlsOptions(options: TransportOptions, isOwn: boolean): NonNullable<ProxyAgent.Options['requestTls']> {
  const { ca, insecure, clientCertificate, clientKey } = options;
  return {
    ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
    ...(isOwn && insecure && { rejectUnauthorized: false }),
    ...(isOwn && clientCertificate !== undefined && { cert: clientCertificate }),
    ...(isOwn && clientKey !== undefined && { key: clientKey }),
  };
}

async function createDispatcher(
  tls: NonNullable<ProxyAgent.Options['requestTls']>,
  lookup: ReturnType<typeof createNetworkPolicy>['lookup'],
  proxy: URL | undefined,
  limits: HttpLimits,
): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await library();
  const common = {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.stallMs,
    connections: connectionsPerOrigin,
    pipelining: 1,
    allowH2: false,
  };
  if (proxy === undefined) return new Agent({ ...common, connect: { timeout: limits.connectMs, lookup, ...tls } });
  // The agent hands its limits to tunnels only; plain requests and the tunnel's own request need them too.
  const pool = (origin: string | URL, options: object): Dispatcher => new Pool(origin, { ...common, ...options });
  return new ProxyAgent({
    ...common,
    uri: proxy.href,
    connectTimeout: limits.connectMs,
    requestTls: { timeout: limits.connectMs, ...tls },
    factory: pool,
    clientFactory: pool,
  });
}

async function exchange(dispatcher: Dispatcher, request: HttpRequest, proxy: URL | undefined): Promise<HttpResponse> {
  const { method, headers, body = null, signal, url } = request;
  const { request: send } = await library();
  let answer: Dispatcher.ResponseData;
  try {
    answer = await send(url, { dispatcher, method, headers, body, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw proxy === undefined ? error : throughProxy(error, proxy, url);
  }
  const first: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(answer.headers)) {
    const text = Array.isArray(value) ? value[0] : value;
    if (text !== undefined) first[name] = text;
  }
  // Whoever discards a body must not be surprised by its late failure.
  answer.body.on('error', () => {});
  return { status: answer.statusCode, headers: first, body: answer.body, url };
}

/** With a proxy, these can only be about the connection to the proxy itself. */
const proxyConnectionCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_CONN',
  'UND_ERR_PRX_TLS',
]);

/** Tells failures of the proxy from those of the server behind it. */
function throughProxy(error: unknown, proxy: URL, url: URL): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const name = proxy.host;
  // The library tells the status of a refusal only in the text of its error.
  const status = /^Proxy .*\((\d{3})\)/.exec(message)?.[1];
  if (status !== undefined) {
    const retryable = Number(status) >= 500;
    const text = `the proxy ${name} does not connect to ${url.host}: it answered HTTP ${status}`;
    return new HttpError('proxy_refused', text, { retryable, cause: error });
  }
  if (!proxyConnectionCodes.has(code)) return error;
  return new HttpError('proxy_unreachable', `the proxy ${name} cannot be reached: ${code}`, {
    retryable: code !== 'ENOTFOUND',
    cause: error,
  });
}
