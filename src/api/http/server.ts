import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  fastify,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import { messageOf } from '../../kernel/index.ts';
import { answerNotFound, refusalOfError, refuse } from './answers.ts';
import { answerClientError, rawAnswer } from './client-errors.ts';
import { consolePages } from './console.ts';
import type { GaugeSource, Mount, ReadyCheck } from './contract.ts';
import { ServerStartError } from './errors.ts';
import { createReadiness } from './health.ts';
import { commonHeaders, requestHooks } from './hooks.ts';
import { createMetrics, metricsGuard } from './metrics.ts';
import { ownerConstraint, registerMounts } from './mounting.ts';
import type { ServerOptions } from './options.ts';
import { universalRefusal } from './refusals.ts';
import { drainServer } from './shutdown.ts';
import { systemPages } from './system-pages.ts';
import { readCertificate, watchCertificate } from './tls.ts';

/** What the server is made of. */
export interface ServerDeps {
  readonly logger: Logger;
  /** In the order in which they are asked whether a request is theirs. */
  readonly mounts: readonly Mount[];
  readonly checks: readonly ReadyCheck[];
  readonly gauges: readonly GaugeSource[];
}

/** A server that is ready to listen. */
export interface HttpServer {
  /** For tests: `inject` answers without a socket. */
  readonly app: FastifyInstance;
  /** @throws ServerStartError `listen_failed` */
  listen(): Promise<{ readonly host: string; readonly port: number; readonly url: string }>;
  /** Answers 503 to new requests, lets those under way end, and closes what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
  /** Looks for a new certificate now. */
  reloadCertificate(): void;
}

function tlsOptions(options: ServerOptions): object {
  if (options.tls === null) return {};
  const { cert, key } = readCertificate(options.tls);
  return { cert, key, minVersion: 'TLSv1.2' };
}

function nodeOptions(options: ServerOptions): object {
  const { limits } = options;
  return {
    maxHeaderSize: limits.headerBytes,
    headersTimeout: Math.min(limits.headersMs, limits.requestMs),
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.max(250, Math.min(5000, limits.headersMs / 4)),
    // Node would answer without a body.
    requireHostHeader: false,
    noDelay: true,
    ...tlsOptions(options),
  };
}

/**
 * The one HTTP server: mounts, health, metrics and console on one port. Every answer that the server gives by itself is
 * non-empty JSON in the vocabulary of the mount that the request was meant for.
 */
export async function createServer(options: ServerOptions, deps: ServerDeps): Promise<HttpServer> {
  const { mounts, logger } = deps;
  const metrics = createMetrics(options.version, deps.gauges);
  const state = { draining: false };
  const app = fastify({
    [options.tls === null ? 'http' : 'https']: nodeOptions(options),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID().toUpperCase(),
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    bodyLimit: 1024 * 1024,
    connectionTimeout: options.limits.idleMs,
    keepAliveTimeout: options.limits.keepAliveMs,
    requestTimeout: options.limits.requestMs,
    routerOptions: { maxParamLength: 2000, constraints: { owner: ownerConstraint(mounts) } },
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    clientErrorHandler: (error: Error, socket: Socket) => {
      const refusal = answerClientError(error, socket, mounts);
      if (refusal !== undefined)
        logger.warn({ requestId: refusal.requestId, code: refusal.code }, 'refused unread request');
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      // No hook runs for these.
      reply.headers(commonHeaders(request));
      refuse(request, reply, mounts, refusalOfError(error));
    },
  } as never) as unknown as FastifyInstance;

  requestHooks(app, { options, mounts, metrics, draining: () => state.draining });
  app.setNotFoundHandler((request, reply) => answerNotFound(request, reply, mounts));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOfError(error);
    if (refusal.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
    return refuse(request, reply, mounts, refusal);
  });
  await registerMounts(app, mounts);
  await app.register(systemPages, {
    readiness: createReadiness(deps.checks),
    draining: () => state.draining,
    metrics,
    mayReadMetrics: metricsGuard(options.metrics),
  });
  await app.register(consolePages, { folder: options.consoleDir, version: options.version });
  hardenNodeServer(app.server as Server, options);
  await app.ready();

  const certificate =
    options.tls === null
      ? undefined
      : watchCertificate(app.server as unknown as HttpsServer, options.tls, (outcome) =>
          outcome.reloaded
            ? logger.info(outcome, 'TLS certificate reloaded')
            : logger.error(outcome, 'TLS certificate kept'),
        );
  return {
    app,
    listen: () => listen(app, options),
    stop: async (graceMs) => {
      certificate?.stop();
      await drainServer(app, state, graceMs);
    },
    reloadCertificate: () => certificate?.check(),
  };
}

async function listen(
  app: FastifyInstance,
  options: ServerOptions,
): Promise<{ host: string; port: number; url: string }> {
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    throw new ServerStartError('listen_failed', `${options.host}:${options.port}: ${messageOf(error)}`, {
      hint: 'Choose another address or port with --listen.',
      cause: error,
    });
  }
  const { address, port, family } = app.server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return { host: address, port, url: `${options.tls === null ? 'http' : 'https'}://${host}:${port}` };
}

/** Closes the ways in which Node would answer without a body, or not at all. */
function hardenNodeServer(server: Server, options: ServerOptions): void {
  server.maxConnections = options.limits.connections;
  server.maxRequestsPerSocket = 0;
  server.on('checkExpectation', (request: IncomingMessage, _response: ServerResponse) => {
    const requestId = randomUUID().toUpperCase();
    const detail = 'Only 100-continue is supported';
    const refusal = { code: 'expectation_failed', status: 417, detail, requestId, host: '' } as const;
    request.socket.end(rawAnswer(universalRefusal(refusal), requestId));
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const requestId = randomUUID().toUpperCase();
    const refusal = {
      code: 'method_not_allowed',
      status: 405,
      detail: 'This is no proxy',
      requestId,
      host: '',
    } as const;
    socket.end(rawAnswer(universalRefusal(refusal), requestId));
  });
}
