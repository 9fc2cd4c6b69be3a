import type { FastifyReply, FastifyRequest } from 'fastify';
import { QueryError } from '../../findings/index.ts';
import { ServiceError, type ServiceErrorCode } from '../../service/index.ts';
import { badRequest, HuaweiRefusal, serviceRefusal, throttled, unknownApi } from './errors.ts';

/** Content type of every JSON answer. */
export const jsonType = 'application/json;charset=UTF-8';

const byServiceCode: Readonly<Partial<Record<ServiceErrorCode, Parameters<typeof serviceRefusal>[0]>>> = {
  invalid_order: 'HSS.0001',
  invalid_field: 'HSS.0001',
  conflict: 'HSS.0001',
  name_taken: 'HSS.0001',
  too_many_rows: 'HSS.0001',
  not_found: 'HSS.0011',
  too_many_exports: 'HSS.1002',
  too_many_tasks: 'HSS.1002',
  expired: 'HSS.1018',
};

/** What a client is told of anything that was thrown; null = our own fault, of which it learns nothing. */
function refusalOf(error: unknown): HuaweiRefusal | null {
  if (error instanceof HuaweiRefusal) return error;
  if (error instanceof ServiceError) {
    const code = byServiceCode[error.code];
    if (code !== undefined)
      return serviceRefusal(code, error.field === undefined ? undefined : `Check ${error.field}.`);
    return error.code === 'unavailable'
      ? new HuaweiRefusal('gateway', 502, 'APIGW.0201', 'Backend unavailable.')
      : null;
  }
  if (error instanceof QueryError) return serviceRefusal('HSS.0001');
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return badRequest(413);
  if (status === 404) return unknownApi();
  if (status === 429) return throttled();
  return status >= 400 && status < 500 ? badRequest(400) : null;
}

/** Status and body for anything that was thrown, in the shape of the vendor. Our own faults are logged, not told. */
export function errorAnswer(error: unknown, request: FastifyRequest): { status: number; payload: string } {
  const known = refusalOf(error);
  if (known === null) request.log.error({ err: error, requestId: request.id }, 'request failed');
  const refusal = known ?? new HuaweiRefusal('service', 500, 'HSS.0041', 'Internal error.');
  return { status: refusal.status, payload: JSON.stringify(refusal.body(String(request.id))) };
}

/** Error handler of the facade's context. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, payload } = errorAnswer(error, request);
  return reply.code(status).type(jsonType).send(payload);
}
