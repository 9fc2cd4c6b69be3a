import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Call } from '../../service/index.ts';
import { redactDeep } from '../http/redact.ts';
import type { Caller, NativeDeps } from './contract.ts';
import { NativeError } from './errors.ts';
import { createKeyedLock, etagOf, matchesTag } from './etag.ts';
import { createIdempotency, type MadeAnswer } from './idempotency.ts';
import type { Route, RouteCall } from './route.ts';

/** Who asks and what they may, found out before the body is read. */
export interface Admitted {
  readonly caller: Caller;
  readonly call: Call;
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;

/** Makes the handlers of routes: audit, entity tags, repeated requests, and answers that hold what their schema says. */
export function createRunner(
  deps: NativeDeps,
  routes: readonly Route[],
  admitted: (request: FastifyRequest) => Admitted,
): (route: Route) => Handler {
  const once = createIdempotency({ answers: deps.answers, now: () => deps.clock.now().getTime() });
  const lock = createKeyedLock();

  const callOf = (request: FastifyRequest, reply: FastifyReply): RouteCall<unknown, unknown, unknown> => {
    const { params, query, body } = request;
    return { params, query, body, ...admitted(request), deps, request, reply };
  };

  const textOf = async (route: Route, request: FastifyRequest, reply: FastifyReply): Promise<string | null> => {
    const value = await route.handle(callOf(request, reply));
    return route.answer === undefined ? null : JSON.stringify(route.answer.parse(value));
  };

  const audit = async (route: Route, request: FastifyRequest): Promise<void> => {
    if (route.audit === undefined) return;
    await deps.audit.record({
      actor: admitted(request).call.actor,
      action: route.audit,
      object: request.url.split('?', 1)[0] ?? '',
      projectId: null,
      detail: redactDeep({ params: request.params, body: request.body ?? null }) as Record<string, unknown>,
    });
  };

  /** Compares `If-Match` with what reading the same path answers now. */
  const checkMatch = async (route: Route, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const wanted = request.headers['if-match'];
    const reader = routes.find((other) => other.path === route.path && other.method === 'GET' && other.etag === true);
    if (wanted === undefined || reader === undefined) return;
    const current = await reader.handle({ ...callOf(request, reply), query: {}, body: undefined });
    const etag = etagOf(JSON.stringify(reader.answer?.parse(current)));
    if (matchesTag(wanted, etag, false)) return;
    throw new NativeError('precondition_failed', 'It was changed since it was read', { hint: 'Read it again.' });
  };

  const change = async (route: Route, request: FastifyRequest, reply: FastifyReply): Promise<MadeAnswer> => {
    const body = await textOf(route, request, reply);
    await audit(route, request);
    const location = reply.getHeader('location');
    return {
      status: route.status ?? 200,
      headers: typeof location === 'string' ? { location } : {},
      body,
    };
  };

  const changed = (route: Route): Handler => {
    return async (request, reply) => {
      const { caller } = admitted(request);
      const make = (): Promise<MadeAnswer> =>
        route.etag === true
          ? lock(request.url, async () => {
              await checkMatch(route, request, reply);
              return change(route, request, reply);
            })
          : change(route, request, reply);
      const options = { userId: caller.principal.userId, secret: route.secret === true };
      // Not for strangers: all of them would share their keys.
      const keyed = request.method === 'POST' && route.access !== 'public';
      const made = keyed ? await once(request, reply, options, make) : await make();
      reply.headers(made.headers).code(made.status);
      if (made.body === null) return reply.send();
      if (route.etag === true) reply.header('etag', etagOf(made.body));
      return reply.type('application/json; charset=utf-8').send(made.body);
    };
  };

  const read = (route: Route): Handler => {
    return async (request, reply) => {
      const body = (await textOf(route, request, reply)) ?? 'null';
      await audit(route, request);
      if (route.etag === true) {
        const etag = etagOf(body);
        reply.header('etag', etag).header('cache-control', 'private, no-cache');
        if (matchesTag(request.headers['if-none-match'] ?? '', etag, true)) return reply.code(304).send();
      }
      return reply.type('application/json; charset=utf-8').send(body);
    };
  };

  const raw = (route: Route): Handler => {
    return async (request, reply) => {
      await route.handle(callOf(request, reply));
      await audit(route, request);
      return reply;
    };
  };

  return (route) => {
    if (route.raw === true) return raw(route);
    return route.method === 'GET' || route.safe === true ? read(route) : changed(route);
  };
}
