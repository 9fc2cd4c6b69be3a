import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector, request as undiciRequest } from 'undici';
import { RegistryError } from './errors.ts';
import { createNetworkPolicy } from './network-policy.ts';
import { type Pace, paced } from './pace.ts';
import { defaultRegistryLimits, type RegistryLimits, type RegistrySettings } from './settings.ts';
import { connectionError } from './transport-errors.ts';

/** One HTTP exchange. A body that is a stream can be sent only once. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | Readable | undefined;
  readonly signal: AbortSignal;
}

/** The head of an answer and its body, which the caller must read or discard. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the first value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** Sends single requests: no redirects, no credentials, no repetition; those are the callers' business. */
export interface Transport {
  /** @throws RegistryError for everything that is not an HTTP answer */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Connections for one registry and the servers that it refers to, under its settings and network policy. */
export function createTransport(own: URL, settings: RegistrySettings, limits: RegistryLimits): Transport {
  const policy = createNetworkPolicy(own.hostname, settings.allowedAddresses);
  const ca = settings.ca === undefined ? {} : { ca: [...getCACertificates('default'), settings.ca] };
  const common = { allowH2: false, timeout: limits.connectMs, lookup: policy.lookup, ...ca };
  const strangers = buildConnector(common);
  const registry = buildConnector({
    ...common,
    rejectUnauthorized: settings.insecure !== true,
    ...(settings.clientCertificate === undefined ? {} : { cert: settings.clientCertificate }),
    ...(settings.clientKey === undefined ? {} : { key: settings.clientKey }),
  });
  const agent = new Agent({
    connect: (options, callback) => {
      const { hostname } = options;
      const bare = hostname.replace(/^\[|\]$/g, '');
      try {
        // Names are checked by the lookup; literal addresses never reach it.
        if (isIP(bare) !== 0) policy.check(hostname, bare);
      } catch (error) {
        callback(error as Error, null);
        return;
      }
      // The client certificate and the leave to skip verification belong to the registry's own port alone.
      const isOwn =
        hostname === own.hostname && portOf(options.protocol, options.port) === portOf(own.protocol, own.port);
      (isOwn ? registry : strangers)(options, callback);
    },
    maxHeaderSize: limits.headerBytes,
    headersTimeout: limits.headersMs,
    bodyTimeout: limits.stallMs,
    connections: 8,
    pipelining: 1,
  });
  return {
    send: (request) => exchange(agent, request),
    close: () => agent.destroy(),
  };
}

async function exchange(agent: Agent, request: HttpRequest): Promise<HttpResponse> {
  try {
    const answer = await undiciRequest(request.url, {
      dispatcher: agent,
      method: request.method,
      headers: request.headers,
      body: request.body ?? null,
      signal: request.signal,
    });
    const headers: Record<string, string> = Object.create(null);
    for (const [name, value] of Object.entries(answer.headers)) {
      const first = Array.isArray(value) ? value[0] : value;
      if (first !== undefined) headers[name] = first;
    }
    // Whoever discards a body must not be surprised by its late failure.
    answer.body.on('error', () => {});
    return { status: answer.statusCode, headers, body: answer.body, url: request.url };
  } catch (error) {
    request.signal.throwIfAborted();
    throw connectionError(error, request.url.host);
  }
}

function portOf(protocol: string, port: string): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}

/** Reads a body whole. @throws RegistryError `invalid_response` above `limit` bytes, `timeout` when it drips */
export async function readBody(
  response: HttpResponse,
  limit: number,
  pace: Pace = defaultRegistryLimits,
): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of paced(response.body, pace, response.url.host)) {
      size += part.length;
      if (size > limit) {
        throw new RegistryError('invalid_response', `the answer of ${response.url.host} is larger than ${limit} bytes`);
      }
      parts.push(part);
    }
  } catch (error) {
    throw connectionError(error, response.url.host);
  } finally {
    response.body.destroy();
  }
  return Buffer.concat(parts);
}

/** Gives the connection back after an answer whose body does not matter; a long body costs the connection instead. */
export async function discard(response: HttpResponse): Promise<void> {
  let size = 0;
  try {
    for await (const part of paced(response.body, defaultRegistryLimits, response.url.host)) {
      size += part.length;
      if (size > 64 * 1024) break;
    }
  } catch {
    // nothing was wanted of it
  } finally {
    response.body.destroy();
  }
}
