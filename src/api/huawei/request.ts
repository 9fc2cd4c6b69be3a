import type { FastifyRequest } from 'fastify';
import type { IncomingCall } from './auth/authenticate.ts';

/** A request as it came over the wire, before the framework decoded anything. */
export function incomingCall(request: FastifyRequest, projectId: string | null): IncomingCall {
  const target = (request.raw.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const cut = target.indexOf('?');
  return {
    method: request.raw.method ?? 'GET',
    path: cut < 0 ? target : target.slice(0, cut),
    query: cut < 0 ? '' : target.slice(cut + 1),
    headers: request.headers,
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : new Uint8Array(),
    address: request.ip,
    projectId,
  };
}
