import type { Readable } from 'node:stream';
import {
  type Clock,
  discard,
  type HttpRequest,
  type HttpResponse,
  isLoopbackHost,
  type ProxyRules,
  sendFollowing,
  type Transport,
} from '../../kernel/index.ts';
import { type Access, Authorizer } from './authorizer.ts';
import type { CredentialsProvider } from './credentials/credentials.ts';
import { RegistryError } from './errors.ts';
import { ownLocation } from './own-location.ts';
import { isRetryableStatus, statusError } from './responses.ts';
import { type RetryOptions, type Sleep, withRetries } from './retry.ts';
import type { RegistryLimits, RegistrySettings } from './settings.ts';
import { createRegistryTransport } from './transport.ts';
import { isPlainHttpPort } from './transport-errors.ts';

export interface ClientOptions {
  /** `host[:port]` as in references. */
  readonly registry: string;
  readonly settings: RegistrySettings;
  readonly limits: RegistryLimits;
  /** For a registry whose settings name no proxy. */
  readonly proxies: ProxyRules;
  readonly credentials: CredentialsProvider;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly sleep: Sleep;
  readonly random: () => number;
}

/** A request to the registry itself. */
export interface ClientRequest {
  readonly method: HttpRequest['method'];
  /** Path and query below the registry's origin, or a URL that it gave (checked to be its own). */
  readonly target: string | URL;
  readonly access?: Access;
  /** For an interface of the same server that takes user name and password with every request (Harbor's). */
  readonly basic?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or a function that opens the body anew for every attempt. */
  readonly body?: Uint8Array | (() => Promise<Readable>);
  /** Do not repeat here: the caller knows better how to go on. */
  readonly once?: boolean;
  readonly signal: AbortSignal;
}

interface Connection {
  readonly origin: URL;
  readonly transport: Transport;
  readonly authorizer: Authorizer;
}

/** Talks HTTP with one registry: scheme, credentials, repetition, redirects. Knows nothing of manifests and blobs. */
export class RegistryClient {
  readonly options: ClientOptions;
  readonly retries: RetryOptions;
  #connection: Promise<Connection> | undefined;

  constructor(options: ClientOptions) {
    this.options = options;
    this.retries = { limits: options.limits, sleep: options.sleep, random: options.random };
  }

  /**
   * Sends a request and hands over any answer that is not worth repeating; 4xx are the caller's to judge.
   * @throws RegistryError for failed exchanges and for retryable statuses that did not pass
   */
  request(request: ClientRequest): Promise<HttpResponse> {
    return this.exchange(request, async (response) => response);
  }

  /** Like `request`, but what `read` does with the answer is repeated too, when the connection fails under it. */
  async exchange<T>(request: ClientRequest, read: (response: HttpResponse) => Promise<T>): Promise<T> {
    const attempt = async (): Promise<T> => {
      const response = await this.#authorized(await this.#connect(request.signal), request);
      if (!isRetryableStatus(response.status)) return read(response);
      throw await statusError(response, describe(request), this.options.clock.now());
    };
    return request.once ? attempt() : withRetries(attempt, this.retries, request.signal);
  }

  /** The error for an answer that the caller did not expect. */
  unexpected(response: HttpResponse, what: string): Promise<RegistryError> {
    return statusError(response, what, this.options.clock.now());
  }

  /** A `Location` or `Link` of an answer, resolved. @throws RegistryError `untrusted_location` */
  async location(value: string | undefined, from: HttpResponse, signal: AbortSignal): Promise<URL> {
    return ownLocation(value, from.url, (await this.#connect(signal)).origin);
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.transport.close();
  }

  async #authorized(connection: Connection, request: ClientRequest): Promise<HttpResponse> {
    const { authorizer, origin } = connection;
    let response = await this.#send(connection, request);
    if (request.basic || response.status !== 401 || response.url.origin !== origin.origin) return response;
    if (!authorizer.learn(response, origin, request.access)) return response;
    await discard(response);
    response = await this.#send(connection, request);
    return response;
  }

  async #send(connection: Connection, request: ClientRequest): Promise<HttpResponse> {
    const { origin, transport, authorizer } = connection;
    const url = new URL(request.target, origin);
    // Guards every path at once: nothing with credentials ever leaves for another origin from here.
    if (url.origin !== origin.origin)
      throw new RegistryError('untrusted_location', `${url.origin} is not ${origin.origin}`);
    const authorization = request.basic
      ? await authorizer.basic(request.signal)
      : await authorizer.header(request.access, request.signal);
    const body = typeof request.body === 'function' ? await request.body() : request.body;
    const sent: HttpRequest = {
      method: request.method,
      url,
      headers: {
        'user-agent': this.options.userAgent,
        ...request.headers,
        ...(authorization === undefined ? {} : { authorization }),
      },
      body,
      signal: request.signal,
    };
    const follows = request.method === 'GET' || request.method === 'HEAD';
    return follows ? sendFollowing(transport, sent, this.options.limits.redirects) : transport.send(sent);
  }

  /** Finds the scheme once; later requests share the answer. A failure is not remembered. */
  #connect(signal: AbortSignal): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const connecting = this.#probe(signal);
    this.#connection = connecting;
    connecting.catch(() => {
      this.#connection = undefined;
    });
    return connecting;
  }

  async #probe(signal: AbortSignal): Promise<Connection> {
    const { registry, settings } = this.options;
    const host = settings.endpoint ?? dockerHub(registry);
    if (settings.scheme !== undefined) return this.#open(`${settings.scheme}://${host}`);
    const secure = this.#open(`https://${host}`);
    if (settings.insecure !== true && !isLoopbackHost(secure.origin.hostname)) return secure;
    try {
      const url = new URL('/v2/', secure.origin);
      const headers = { 'user-agent': this.options.userAgent };
      await discard(await secure.transport.send({ method: 'GET', url, headers, signal }));
      return secure;
    } catch (error) {
      await secure.transport.close();
      if (!isPlainHttpPort(error) && !(await this.#answersPlain(error, host, signal))) throw error;
      return this.#open(`http://${host}`);
    }
  }

  /** Some plain servers just drop the connection when TLS knocks; then only a plain request can tell. */
  async #answersPlain(error: unknown, host: string, signal: AbortSignal): Promise<boolean> {
    const cause = error instanceof RegistryError ? (error.cause as { code?: unknown } | undefined) : undefined;
    if (cause?.code !== 'ECONNRESET' && cause?.code !== 'UND_ERR_SOCKET') return false;
    const plain = this.#open(`http://${host}`);
    try {
      const url = new URL('/v2/', plain.origin);
      const headers = { 'user-agent': this.options.userAgent };
      await discard(await plain.transport.send({ method: 'GET', url, headers, signal }));
      return true;
    } catch {
      return false;
    } finally {
      await plain.transport.close();
    }
  }

  #open(address: string): Connection {
    const origin = new URL(address);
    const { settings, limits, proxies } = this.options;
    const transport = createRegistryTransport(origin, settings, limits, proxies);
    // A mirror is another party: it gets the credentials stored under its own name, never those of the registry.
    const registry = settings.endpoint ?? this.options.registry;
    return { origin, transport, authorizer: new Authorizer({ ...this.options, registry }, transport) };
  }
}

/** Docker Hub's references and its API have different host names. */
function dockerHub(registry: string): string {
  return registry === 'docker.io' || registry === 'index.docker.io' ? 'registry-1.docker.io' : registry;
}

function describe(request: ClientRequest): string {
  const path = typeof request.target === 'string' ? request.target : request.target.pathname;
  return `${request.method} ${path.replace(/\?.*$/, '')}`;
}
