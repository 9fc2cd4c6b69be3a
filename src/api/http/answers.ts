import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Mount, Refusal, RefusalCode } from './contract.ts';
import { problemRefusal } from './refusals.ts';
import { ownerOf, requestHead } from './request-head.ts';

/** Answers with a refusal in the vocabulary of the request's mount. */
export function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  mounts: readonly Mount[],
  refusal: Pick<Refusal, 'code' | 'status' | 'detail' | 'retryAfterMs'>,
): FastifyReply {
  const whole: Refusal = { ...refusal, requestId: request.id, host: request.headers.host ?? '' };
  const answer = (ownerOf(request.raw, mounts)?.refuse ?? problemRefusal)(whole);
  return reply.code(answer.status).headers(answer.headers).type(answer.contentType).send(answer.body);
}

const byStatus: Readonly<Record<number, readonly [RefusalCode, string]>> = {
  400: ['bad_request', 'The request could not be understood'],
  404: ['not_found', 'No such path'],
  408: ['request_timeout', 'The request did not arrive in time'],
  413: ['body_too_large', 'The request body exceeds the limit of this path'],
  414: ['uri_too_long', 'The request target is too long'],
  415: ['unsupported_media_type', 'This content type is not supported here'],
};

/** What an error that no facade has mapped means to its client; details of our own faults stay in the log. */
export function refusalOfError(error: FastifyError): Pick<Refusal, 'code' | 'status' | 'detail'> {
  const status = error.statusCode ?? 500;
  const [code, detail] = byStatus[status] ??
    (status < 500 ? byStatus[400] : undefined) ?? ['internal', 'The request failed; the log of the server says why'];
  return { code: code as RefusalCode, status: code === 'internal' ? 500 : status, detail };
}

/** 404, or 405 with `Allow` where the mount knows the path by other methods. */
export function answerNotFound(request: FastifyRequest, reply: FastifyReply, mounts: readonly Mount[]): FastifyReply {
  const allowed = ownerOf(request.raw, mounts)?.allowedMethods?.(requestHead(request.raw).path) ?? [];
  if (allowed.length === 0) {
    return refuse(request, reply, mounts, { code: 'not_found', status: 404, detail: 'No such path' });
  }
  reply.header('allow', allowed.join(', '));
  return refuse(request, reply, mounts, {
    code: 'method_not_allowed',
    status: 405,
    detail: `This path knows ${allowed.join(', ')}`,
  });
}
