import type { FastifyInstance } from 'fastify';
import type { Readiness } from './health.ts';
import type { ServerMetrics } from './metrics.ts';

/** `/livez`, `/readyz` and `/metrics`: for probes and Prometheus, without authentication of users. */
export async function systemPages(
  app: FastifyInstance,
  deps: {
    readonly readiness: () => Promise<Readiness>;
    readonly draining: () => boolean;
    readonly metrics: ServerMetrics;
    readonly mayReadMetrics: (address: string, authorization: string | undefined) => boolean;
  },
): Promise<void> {
  app.get('/livez', async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, checks } = await deps.readiness();
    const draining = deps.draining();
    return reply
      .code(ready && !draining ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: draining ? 'draining' : ready ? 'ready' : 'not_ready', checks });
  });
  app.get('/metrics', async (request, reply) => {
    if (!deps.mayReadMetrics(request.ip, request.headers.authorization)) {
      return reply.code(403).type('application/problem+json').send({
        type: 'urn:drydock:problem:denied',
        title: 'Metrics are not for this address',
        status: 403,
        code: 'denied',
        detail: 'List the address or use the metrics token',
        requestId: request.id,
      });
    }
    return reply
      .header('cache-control', 'no-store')
      .type(deps.metrics.registry.contentType)
      .send(await deps.metrics.registry.metrics());
  });
}
