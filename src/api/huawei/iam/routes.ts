import type { FastifyInstance, FastifyRequest } from 'fastify';
import { jsonType } from '../answers.ts';
import { authenticate } from '../auth/authenticate.ts';
import type { HuaweiDeps } from '../contract.ts';
import { throttled } from '../errors.ts';
import { QueryInput } from '../input/query.ts';
import { incomingCall, targetOf } from '../request.ts';
import { projectBody } from './project.ts';
import { issueToken } from './token.ts';

const maxIamBody = 64 << 10;

/** The parts of the identity service that clients need before their first call. */
export function iamRoutes(app: FastifyInstance, deps: HuaweiDeps): void {
  const { access, clock } = deps;
  const { account } = access;
  app.post('/v3/auth/tokens', { bodyLimit: maxIamBody }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { token, answer } = await issueToken(body, request.ip, access);
    return reply.code(201).header('X-Subject-Token', token).type(jsonType).send(JSON.stringify(answer));
  });
  const listing = (path: string, list: (request: FastifyRequest) => unknown): void => {
    app.get(path, { bodyLimit: maxIamBody }, async (request, reply) => {
      const { principal } = await authenticate(await incomingCall(request, null), access, clock);
      if (access.throttle(principal) > 0) throw throttled();
      return reply.type(jsonType).send(JSON.stringify(list(request)));
    });
  };
  const links = (request: FastifyRequest): object => ({ self: selfLink(request), previous: null, next: null });
  listing('/v3/projects', (request) => {
    const name = new QueryInput(targetOf(request).query).text('name', { max: 64 });
    return { projects: [projectBody(account, name, selfLink(request))], links: links(request) };
  });
  listing('/v3/auth/domains', (request) => ({
    domains: [{ id: account.domainId, name: account.name, enabled: true, description: '' }],
    links: links(request),
  }));
  listing('/v3/regions', (request) => ({
    regions: [{ id: account.region, type: 'public', description: '', parent_region_id: null, locales: {} }],
    links: links(request),
  }));
}

/** Address of the answer as the client asked for it. */
function selfLink(request: FastifyRequest): string {
  return `${request.protocol}://${request.host}${targetOf(request).path}`;
}
