import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Principal } from '../../access/index.ts';
import { parseJson } from '../../kernel/index.ts';
import type { Mount } from '../http/contract.ts';
import { nativeMount } from '../http/mounts.ts';
import { actorOf, authenticate, authorise, checkOrigin } from './authenticate.ts';
import type { Caller, NativeDeps } from './contract.ts';
import { NativeError } from './errors.ts';
import { documentOptions, finishDocument, routeSchema } from './openapi.ts';
import { sendProblem } from './problems.ts';
import type { Route } from './route.ts';
import { allowedMethods, nativeRoutes } from './routes.ts';
import { type Admitted, createRunner } from './run-route.ts';
import { endStreams } from './streams.ts';

const maxDepth = 40;
const nobody: Principal = {
  kind: 'user',
  userId: 0,
  name: 'anonymous',
  accessKeyId: null,
  grants: [],
  sessionPolicy: null,
};

const admissions = new WeakMap<FastifyRequest, Admitted>();

function admittedOf(request: FastifyRequest): Admitted {
  const admitted = admissions.get(request);
  if (admitted === undefined) throw new NativeError('unauthenticated', 'This needs authentication');
  return admitted;
}

/** Aborted when the client goes away before it has its answer. */
function signalOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

async function admit(route: Route, deps: NativeDeps, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const signal = signalOf(reply);
  if (route.access === 'public') {
    const caller: Caller = { principal: nobody, via: 'bearer', token: null, expiresAt: null };
    admissions.set(request, { caller, call: { projects: [], actor: actorOf(nobody, request), signal } });
    return;
  }
  const caller = await authenticate(deps.access, request);
  const waitMs = deps.access.throttle(caller.principal);
  if (waitMs > 0) throw new NativeError('rate_limited', 'Too many requests', { retryAfterMs: waitMs });
  checkOrigin(caller, request);
  const call =
    route.access === 'signed-in'
      ? { projects: [], actor: actorOf(caller.principal, request), signal }
      : authorise(deps.access, caller.principal, route.access, request, { global: route.global === true, signal });
  admissions.set(request, { caller, call });
}

/** JSON with limits; an empty body is no body. Other kinds of content are refused by Fastify (415). */
function parsers(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request, body, done) => {
      try {
        done(null, body.length === 0 ? undefined : parseJson(body as Buffer, { maxBytes: 8 * 1024 * 1024, maxDepth }));
      } catch (error) {
        request.log.debug({ requestId: request.id }, 'body is not JSON');
        done(error as Error, undefined);
      }
    },
  );
}

/** The native REST API below `/api/v1`, as a Fastify plug-in. */
export async function nativeApi(app: FastifyInstance, deps: NativeDeps): Promise<void> {
  const run = createRunner(deps, nativeRoutes, admittedOf);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  // Streams never end by themselves; clients come back to a node that is not going.
  app.addHook('preClose', async () => endStreams(deps));
  await app.register(swagger, documentOptions(deps.settings.version));

  const add = (scope: FastifyInstance, route: Route): void => {
    const options: RouteOptions = {
      method: route.method,
      url: `/api/v1${route.path}`,
      schema: routeSchema(route),
      onRequest: async (request, reply) => {
        reply.header('cache-control', 'no-store');
        await admit(route, deps, request, reply);
      },
      handler: run(route),
    };
    if (route.bodyLimit !== undefined) options.bodyLimit = route.bodyLimit;
    scope.route(options);
  };

  await app.register(async (scope) => {
    parsers(scope);
    for (const route of nativeRoutes) if (!takesBytes(route)) add(scope, route);
  });
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    for (const route of nativeRoutes) if (takesBytes(route)) add(scope, route);
  });
  let description: string | undefined;
  app.get('/api/v1/openapi.json', { schema: { hide: true } as object }, async (_request, reply) => {
    description ??= JSON.stringify(finishDocument(app.swagger()));
    return reply.type('application/json; charset=utf-8').send(description);
  });
}

function takesBytes(route: Route): boolean {
  return route.raw === true && route.method === 'POST';
}

/** The native API as a mount of the server, with 405 for methods that a path does not know. */
export function createNativeMount(deps: NativeDeps): Mount {
  return nativeMount((app) => nativeApi(app, deps), allowedMethods);
}
