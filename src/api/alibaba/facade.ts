import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessControl, Actor } from '../../access/index.ts';
import { QueryError } from '../../findings/index.ts';
import { type Clock, hasCode, messageOf } from '../../kernel/index.ts';
import { ServiceError, type Services } from '../../service/index.ts';
import type { Action, ActionContext, Body } from './action.ts';
import { actions } from './actions/list.ts';
import { linkAction, sendLinkedFile } from './download.ts';
import { RpcError, refusal, throttled, unreadable } from './errors.ts';
import { errorBody, goneSignal, jsonType, requestIdOf, setCommonHeaders } from './protocol/answer.ts';
import { authenticate } from './protocol/authenticate.ts';
import { authorize } from './protocol/authorize.ts';
import { maxBodyBytes } from './protocol/parameters.ts';
import { operationOf, readRequest } from './protocol/request.ts';
import type { AlibabaSettings } from './settings.ts';
import { isTimeZone } from './views/time.ts';

/** What the facade is made of. */
export interface AlibabaDeps {
  readonly access: AccessControl;
  readonly services: Services;
  readonly clock: Clock;
  readonly settings: AlibabaSettings;
}

/** The only version of the product. */
const version = '2018-12-03';
const actionsByName: ReadonlyMap<string, Action> = new Map(actions.map((action) => [action.name, action]));

/**
 * The Alibaba-compatible RPC API (product Sas, version 2018-12-03) at `/`, as a Fastify plug-in in a context of its own:
 * it takes bodies as bytes, answers everything with JSON and sees services through their contracts alone.
 * @throws RangeError for a time zone that does not exist, or a short key
 */
export async function alibabaFacade(app: FastifyInstance, deps: AlibabaDeps): Promise<void> {
  if (!isTimeZone(deps.settings.timeZone)) throw new RangeError(`${deps.settings.timeZone} is no time zone`);
  if (deps.settings.linkKey.length < 32) throw new RangeError('the key of download links has less than 32 bytes');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) => {
    done(null, body);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(request, reply, error));
  app.route({
    method: ['GET', 'POST', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    url: '/',
    handler: (request, reply) => answer(request, reply, deps),
  });
}

async function answer(request: FastifyRequest, reply: FastifyReply, deps: AlibabaDeps): Promise<FastifyReply> {
  const requestId = requestIdOf(request.id);
  setCommonHeaders(reply, requestId);
  if (request.method !== 'GET' && request.method !== 'POST' && request.method !== 'HEAD') {
    throw refusal('UnsupportedHTTPMethod');
  }
  const rpc = readRequest(request);
  const operation = operationOf(rpc);
  if (operation.action === linkAction) {
    return sendLinkedFile(request, reply, { ...deps, parameters: rpc.parameters.query, requestId });
  }
  if (request.method === 'HEAD') throw refusal('UnsupportedHTTPMethod');
  const now = deps.clock.now().getTime();
  const key = await authenticate(rpc, deps.access, now);
  const wait = deps.access.throttle(key.principal);
  if (wait > 0) throw throttled(wait);
  if (operation.version !== version) throw refusal('InvalidVersion');
  const action = actionsByName.get(operation.action);
  if (action === undefined) throw refusal('InvalidAction.NotFound');
  const projects = authorize(deps.access, key.principal, action.name);
  const actor: Actor = {
    name: key.principal.name,
    userId: key.principal.userId,
    accessKeyId: key.id,
    address: request.ip,
    requestId,
  };
  const context: ActionContext = {
    call: {
      projects,
      actor,
      // A change that was begun is finished: clients repeat what they gave up waiting for.
      signal: action.level === 'read' ? goneSignal(reply) : new AbortController().signal,
    },
    services: deps.services,
    account: deps.access.account,
    settings: deps.settings,
    now: () => deps.clock.now().getTime(),
    origin: deps.settings.publicUrl ?? `${request.protocol}://${request.host}`,
    header: (name, value) => void reply.header(name, value),
  };
  const body = await action.call(rpc.parameters.all, context);
  return reply
    .code(200)
    .type(jsonType)
    .send(JSON.stringify({ RequestId: requestId, ...body } satisfies Body));
}

function sendError(request: FastifyRequest, reply: FastifyReply, thrown: unknown): FastifyReply {
  const requestId = requestIdOf(request.id);
  const error = toRpcError(thrown);
  if (error.status >= 500) request.log.error({ requestId, err: thrown, reason: messageOf(thrown) }, 'operation failed');
  setCommonHeaders(reply, requestId);
  return reply
    .code(error.status)
    .headers(error.extra.headers ?? {})
    .type(jsonType)
    .send(JSON.stringify(errorBody(error, requestId, request.host ?? '')));
}

function toRpcError(thrown: unknown): RpcError {
  if (thrown instanceof RpcError) return thrown;
  if (thrown instanceof ServiceError) return ofService(thrown);
  if (hasCode(thrown, 'unavailable')) return refusal('ServiceUnavailable');
  // More values, or longer ones, than a filter may have, or a page that no list has.
  if (thrown instanceof QueryError) return unreadable(thrown.code === 'bad_cursor' ? 'page' : 'filter');
  const status = (thrown as { statusCode?: number }).statusCode ?? 500;
  if (status === 413) return refusal('RequestEntityTooLarge');
  return status < 500 ? unreadable('body') : refusal('ServerError');
}

/** Refusals that no operation has put into words of its own. */
function ofService(error: ServiceError): RpcError {
  if (error.code === 'unavailable') return refusal('ServiceUnavailable');
  if (error.code === 'too_many_tasks' || error.code === 'too_many_exports') return throttled(30_000);
  if (error.retryable) return refusal('ServiceUnavailable');
  return unreadable(error.field ?? 'value');
}
