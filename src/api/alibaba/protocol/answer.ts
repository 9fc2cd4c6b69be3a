import { randomBytes, randomUUID } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { RpcError } from '../errors.ts';

/** Content type of every answer, as the vendor writes it. */
export const jsonType = 'application/json;charset=utf-8';

/** Seconds that an idle connection is promised to live; the server keeps it longer. */
export const keepAliveSeconds = 25;

/** The request id that the server gave, when it has the form that clients expect, or a new one. */
export function requestIdOf(given: string): string {
  return /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(given) ? given : randomUUID().toUpperCase();
}

/** Headers of every answer. */
export function setCommonHeaders(reply: FastifyReply, requestId: string): void {
  reply.headers({
    'x-acs-request-id': requestId,
    'x-acs-trace-id': randomBytes(16).toString('hex'),
    connection: 'keep-alive',
    'keep-alive': `timeout=${keepAliveSeconds}`,
    'cache-control': 'no-store',
  });
}

/** The body of a refusal: all members are texts, `AccessDeniedDetail` apart. */
export function errorBody(error: RpcError, requestId: string, host: string): Readonly<Record<string, unknown>> {
  return {
    RequestId: requestId,
    HostId: host,
    Code: error.code,
    Message: error.message,
    ...(error.extra.accessDenied === undefined ? {} : { AccessDeniedDetail: error.extra.accessDenied }),
  };
}

/** Aborts when the client closes the connection before it has its answer. */
export function goneSignal(reply: FastifyReply): AbortSignal {
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
