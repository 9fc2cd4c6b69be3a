import type { FastifyRequest } from 'fastify';
import { collect } from '../../kernel/index.ts';
import type { IncomingCall } from './auth/authenticate.ts';
import { badRequest } from './errors.ts';

const maxIgnoredBody = 64 << 10;

/** A request as it came over the wire, before the framework decoded anything. */
export async function incomingCall(request: FastifyRequest, projectId: string | null): Promise<IncomingCall> {
  return {
    method: request.raw.method ?? 'GET',
    ...targetOf(request),
    headers: request.headers,
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : await ignoredBody(request),
    address: request.ip,
    projectId,
  };
}

/** Path and query as sent, still encoded. */
export function targetOf(request: FastifyRequest): { readonly path: string; readonly query: string } {
  const target = (request.raw.url ?? '/').replace(/^https?:\/\/[^/?#]*/i, '');
  const cut = target.indexOf('?');
  return { path: cut < 0 ? target : target.slice(0, cut), query: cut < 0 ? '' : target.slice(cut + 1) };
}

/** The body of a GET has no meaning, but the Node SDK sends one and signs it, so its bytes are needed. */
async function ignoredBody({ raw }: FastifyRequest): Promise<Uint8Array> {
  const announced = Number(raw.headers['content-length'] ?? 0) > 0 || raw.headers['transfer-encoding'] !== undefined;
  if (raw.method !== 'GET' || !announced) return new Uint8Array();
  return collect(raw, maxIgnoredBody, () => badRequest(413));
}
