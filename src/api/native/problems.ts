import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { QueryError } from '../../findings/index.ts';
import { CodedError } from '../../kernel/index.ts';
import { refusalOfError } from '../http/answers.ts';
import { named } from './schemas/named.ts';

/** A refusal (RFC 9457). `code` is stable; `field` names the input; `hint` says what to do. */
export const problemSchema = named(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    code: z.string(),
    detail: z.string(),
    hint: z.string().optional(),
    field: z.string().optional(),
    /** Offset in a filter text where it goes wrong. */
    position: z.number().optional(),
    errors: z.array(z.object({ field: z.string(), detail: z.string() })).optional(),
    requestId: z.string(),
  }),
);

export type Problem = z.output<typeof problemSchema>;

const statusTable: Readonly<Record<number, string>> = {
  400: `invalid_request invalid_field invalid_order address_denied filter_syntax filter_field filter_value filter_limit
    bad_cursor invalid_schedule schedule_invalid glob_invalid base_url_invalid json_invalid json_too_deep json_too_large
    invalid_reference invalid_tag invalid_configuration invalid_access_input vex_invalid ignore_file_invalid`,
  401: 'unauthenticated bad_credentials hook_denied',
  403: 'denied csrf_missing',
  404: 'not_found',
  409: 'conflict name_taken secret_shown_once access_name_taken access_in_use built_in_policy last_owner',
  410: 'expired',
  412: 'precondition_failed',
  422: 'too_many_rows idempotency_key_reused catalogue_closed',
  429: 'too_many_exports too_many_tasks rate_limited locked sign_in_busy too_many_streams',
  502: 'unauthorized untrusted_realm tls_error source_unavailable invalid_response registry_rejected',
  503: 'unavailable store_busy store_unavailable store_timeout serialization_failure storage_full',
  504: 'timeout',
};

const statusByCode: ReadonlyMap<string, number> = new Map(
  Object.entries(statusTable).flatMap(([status, codes]) =>
    codes
      .trim()
      .split(/\s+/)
      .map((code): [string, number] => [code, Number(status)]),
  ),
);

const titles: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Sign in first',
  403: 'This is not allowed',
  404: 'Not found',
  405: 'This method is not supported here',
  406: 'This representation is not available',
  408: 'The request did not arrive in time',
  409: 'This conflicts with what is there',
  410: 'This is no longer there',
  412: 'It has changed since it was read',
  413: 'The request body is too large',
  415: 'This content type is not supported here',
  416: 'This range is not in the file',
  422: 'The request cannot be carried out',
  429: 'Too many requests',
  500: 'Something went wrong inside Drydock',
  502: 'Another server did not play along',
  503: 'Drydock cannot answer now',
  504: 'Another server did not answer in time',
};

function problem(status: number, code: string, detail: string, requestId: string): Problem {
  return {
    type: `urn:drydock:problem:${code}`,
    title: titles[status] ?? titles[500] ?? '',
    status,
    code,
    detail,
    requestId,
  };
}

/** Where in the input a schema is not met: `body.scope.kind`, `limit`. */
function fieldErrors(error: FastifyError): { field: string; detail: string }[] {
  const context = error.validationContext === 'body' ? 'body' : '';
  return (error.validation ?? []).slice(0, 20).map(({ instancePath, message, params }) => {
    const keys = (params as { keys?: readonly string[] }).keys ?? [];
    const path = [context, ...instancePath.split('/'), ...keys.slice(0, 1)].filter((part) => part !== '').join('.');
    return { field: path.replace(/^body\./, ''), detail: (message ?? 'is not valid').slice(0, 300) };
  });
}

function codedProblem(error: CodedError, requestId: string): Problem | undefined {
  const status = statusByCode.get(error.code);
  if (status === undefined) return undefined;
  if (error instanceof QueryError) {
    const { code, hint, position } = error;
    return {
      ...problem(status, code, error.message, requestId),
      ...(hint !== undefined && { hint }),
      field: code === 'bad_cursor' ? 'after' : 'q',
      ...(position >= 0 && { position }),
    };
  }
  const { field } = error as { field?: unknown };
  return {
    ...problem(status, error.code, error.message, requestId),
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(typeof field === 'string' ? { field } : {}),
  };
}

/** Everything that is thrown as problem details; what is our own fault says nothing but its request id. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = fieldErrors(error as unknown as FastifyError);
    const first = errors[0] ?? { field: '', detail: 'is not valid' };
    const detail = first.field === '' ? first.detail : `${first.field}: ${first.detail}`;
    return { ...problem(400, 'invalid_field', detail, requestId), field: first.field, errors };
  }
  if (error instanceof CodedError) {
    const coded = codedProblem(error, requestId);
    if (coded !== undefined) return coded;
    if (error.retryable) return problem(503, 'unavailable', 'This did not work now and may work later', requestId);
  }
  const refusal = refusalOfError((error ?? {}) as FastifyError);
  return problem(refusal.status, refusal.code, refusal.detail, requestId);
}

/** The error handler of the native API. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const body = problemOf(error, request.id);
  if (body.status >= 500) request.log.error({ err: error, requestId: request.id }, 'request failed');
  const { retryAfterMs } = error as { retryAfterMs?: number };
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfterMs / 1000)));
  // Not "Basic": browsers would ask with a dialog of their own.
  if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="drydock"');
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type('application/problem+json')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(body);
}
