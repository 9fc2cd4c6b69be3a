import type { TLSSocket } from 'node:tls';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { refuse } from './answers.ts';
import type { Mount } from './contract.ts';
import type { ServerMetrics } from './metrics.ts';
import type { ServerOptions } from './options.ts';
import { createRateLimiter } from './rate-limit.ts';
import { redactedTarget } from './redact.ts';
import { ownerOf } from './request-head.ts';
import { secureHeaders } from './secure-headers.ts';

const pages = ['/livez', '/readyz', '/metrics'];

function isEncrypted(request: FastifyRequest): boolean {
  return (request.raw.socket as TLSSocket).encrypted === true || request.protocol === 'https';
}

/** Headers of every answer to a request. */
export function commonHeaders(request: FastifyRequest): Record<string, string> {
  return { ...secureHeaders(isEncrypted(request)), 'x-request-id': request.id };
}

function wantsClose({ raw }: FastifyRequest): boolean {
  const wish = raw.headers.connection?.toLowerCase() ?? '';
  return wish.includes('close') || (raw.httpVersion === '1.0' && !wish.includes('keep-alive'));
}

/** What happens to every request, whatever it asks for: headers, limits, draining, log line, metrics. */
export function requestHooks(
  app: FastifyInstance,
  deps: {
    readonly options: ServerOptions;
    readonly mounts: readonly Mount[];
    readonly metrics: ServerMetrics;
    readonly draining: () => boolean;
  },
): void {
  const { mounts } = deps;
  const { requestsPerSecond, requestBurst } = deps.options.limits;
  const limiter = createRateLimiter(requestsPerSecond, requestBurst);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(commonHeaders(request));
    const page = pages.includes(request.url);
    if (deps.draining() && !page) {
      reply.header('connection', 'close');
      return refuse(request, reply, mounts, {
        code: 'unavailable',
        status: 503,
        detail: 'This server is shutting down',
        retryAfterMs: 1000,
      });
    }
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) {
      return refuse(request, reply, mounts, { code: 'bad_request', status: 400, detail: 'The Host header is missing' });
    }
    const wait = page ? 0 : limiter.take(request.ip, performance.now());
    if (wait > 0) {
      return refuse(request, reply, mounts, {
        code: 'rate_limited',
        status: 429,
        detail: 'This address sends too many requests',
        retryAfterMs: wait,
      });
    }
    return undefined;
  });

  // Whatever a facade promises about its connection: a client that wants it closed waits for that.
  app.addHook('onSend', async (request, reply, payload) => {
    if (deps.draining() || wantsClose(request)) reply.removeHeader('keep-alive').header('connection', 'close');
    return payload;
  });

  app.addHook('onResponse', async (request, reply) => {
    const mount = ownerOf(request.raw, mounts)?.name ?? 'server';
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    // A stream lasts as long as its reader stays: no latency.
    if (
      !String(reply.getHeader('content-type') ?? reply.raw.getHeader('content-type')).startsWith('text/event-stream')
    ) {
      const labels = { mount, method: request.method, route, status: reply.statusCode };
      deps.metrics.observe(labels, reply.elapsedTime / 1000);
    }
    const line = {
      requestId: request.id,
      mount,
      method: request.method,
      target: redactedTarget(request.originalUrl),
      address: request.ip,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (reply.statusCode >= 500) request.log.error(line, 'request');
    else if (pages.includes(request.url)) request.log.debug(line, 'request');
    else request.log.info(line, 'request');
  });
}
