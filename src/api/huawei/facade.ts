import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerError, errorAnswer, jsonType } from './answers.ts';
import { authenticate, type Caller } from './auth/authenticate.ts';
import { ReplayGuard, type StoredAnswer } from './auth/replays.ts';
import { scopeOf } from './auth/scope.ts';
import type { FileAnswer, HuaweiDeps, HuaweiRoute, RouteCall } from './contract.ts';
import { serviceRefusal, throttled, unauthenticated, unknownApi } from './errors.ts';
import { iamRoutes } from './iam/routes.ts';
import { type BodyInput, maxBodyBytes, parseBody } from './input/body.ts';
import { QueryInput } from './input/query.ts';
import { incomingCall } from './request.ts';
import { huaweiRoutes } from './routes/list.ts';

/**
 * The Huawei-compatible API as a Fastify plug-in: `/v5/{project_id}/…` and the parts of `/v3` that its clients need
 * (huawei.md). It has its own body parser, error shapes and 404, and touches nothing outside of its context.
 */
export async function huaweiFacade(app: FastifyInstance, deps: HuaweiDeps): Promise<void> {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setErrorHandler(answerError);
  iamRoutes(app, deps);
  const replays = new ReplayGuard(deps.access, deps.clock);
  for (const route of huaweiRoutes) {
    app.route({
      method: route.method,
      url: `/v5/:project_id${route.path}`,
      bodyLimit: maxBodyBytes,
      handler: (request, reply) => answer(route, request, reply, { deps, replays }),
    });
  }
}

interface Context {
  readonly deps: HuaweiDeps;
  readonly replays: ReplayGuard;
}

async function answer(
  route: HuaweiRoute,
  request: FastifyRequest,
  reply: FastifyReply,
  context: Context,
): Promise<FastifyReply> {
  const { access, clock } = context.deps;
  const projectId = projectOf(request);
  const incoming = await incomingCall(request, projectId);
  const caller = await authenticate(incoming, access, clock);
  const wait = access.throttle(caller.principal);
  if (wait > 0) {
    reply.header('retry-after', String(Math.ceil(wait / 1000)));
    throw throttled();
  }
  const named = request.headers['x-project-id'];
  if (typeof named === 'string' && named !== '' && named !== projectId) throw serviceRefusal('HSS.0013');
  const query = new QueryInput(incoming.query);
  const projects = await scopeOf(route, query, caller.principal, access);
  const call = routeCall(
    { request, reply, projectId, query, caller, projects },
    bodyOf(route, caller, incoming.body),
    context,
  );
  const guarded = route.writes && caller.signature !== null && caller.accessKeyId !== null;
  if (!guarded) return send(reply, await route.handle(call));
  return once(caller as Caller & { accessKeyId: string; signature: string }, request, reply, context, () =>
    route.handle(call),
  );
}

/** Runs a write at most once for one signature; a repetition gets the answer that the first one got. */
async function once(
  { accessKeyId, signature }: { readonly accessKeyId: string; readonly signature: string },
  request: FastifyRequest,
  reply: FastifyReply,
  { replays }: Context,
  work: () => Promise<unknown>,
): Promise<FastifyReply> {
  const entry = await replays.enter(accessKeyId, signature);
  if (entry === null) throw unauthenticated('verify aksk signature fail, the signature was used before');
  if (entry !== 'first') return reply.code(entry.status).headers(entry.headers).send(entry.payload);
  const headers = { 'content-type': jsonType };
  let stored: StoredAnswer = { status: 500, headers, payload: '' };
  try {
    stored = { status: 200, headers, payload: JSON.stringify((await work()) ?? {}) };
    return reply.code(200).headers(headers).send(stored.payload);
  } catch (error) {
    stored = { headers, ...errorAnswer(error, request) };
    return reply.code(stored.status).headers(headers).send(stored.payload);
  } finally {
    replays.store(accessKeyId, signature, stored);
  }
}

function projectOf(request: FastifyRequest): string {
  const { project_id: id = '' } = request.params as Readonly<Record<string, string>>;
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw unknownApi();
  return id;
}

/** The body of a write or a search; ignored on GET. One that the signature does not cover is not used. */
function bodyOf(route: HuaweiRoute, caller: Caller, bytes: Uint8Array): BodyInput {
  if (route.method === 'GET') return parseBody(new Uint8Array());
  if (!caller.bodySigned && bytes.length > 0) throw serviceRefusal('HSS.0002');
  return parseBody(bytes);
}

function routeCall(
  given: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly projectId: string;
    readonly query: QueryInput;
    readonly caller: Caller;
    readonly projects: RouteCall['call']['projects'];
  },
  body: BodyInput,
  { deps }: Context,
): RouteCall {
  const { request, caller } = given;
  const controller = new AbortController();
  // A client that is gone before it has its answer needs no rest of a search.
  given.reply.raw.once('close', () => controller.abort());
  return {
    params: request.params as Readonly<Record<string, string>>,
    query: given.query,
    body,
    call: {
      projects: given.projects,
      signal: controller.signal,
      actor: {
        name: caller.principal.name,
        userId: caller.principal.userId,
        accessKeyId: caller.accessKeyId,
        address: request.ip,
        requestId: String(request.id),
      },
    },
    services: deps.services,
    clock: deps.clock,
    account: deps.access.account,
    projectId: given.projectId,
    header: (name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? value : undefined;
    },
  };
}

function send(reply: FastifyReply, result: unknown): FastifyReply {
  if (isFile(result)) return reply.code(result.status).headers(result.headers).send(result.file);
  return reply
    .code(200)
    .type(jsonType)
    .send(JSON.stringify(result ?? {}));
}

function isFile(result: unknown): result is FileAnswer {
  return typeof result === 'object' && result !== null && 'file' in result;
}
