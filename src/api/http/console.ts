import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type ConsoleFile, readConsole } from './console-files.ts';
import { requestHead } from './request-head.ts';

function plainPage(version: string): string {
  return `Drydock ${version}

The security center for container images. This server answers:

  /api/v1           native API; its description is /api/v1/openapi.json
  /v3, /v5          Huawei Cloud clients (HSS)
  /                 Alibaba Cloud clients (Security Center, RPC)
  /livez, /readyz   health
  /metrics          Prometheus

The console is not built here: \`npm run console\` builds it; it is served after the next start.

Documentation: docs/api/ and docs/operations/server.md of the distribution.
`;
}

function sendFile(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply {
  reply
    .header('etag', file.etag)
    .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (file.encoded.length > 0) reply.header('vary', 'accept-encoding');
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const encoded = file.encoded.find(({ coding }) => accepts(request, coding));
  if (encoded === undefined) return reply.type(file.contentType).send(file.bytes);
  return reply.type(file.contentType).header('content-encoding', encoded.coding).send(encoded.bytes);
}

/** Whether a client takes a content coding; one that it weighs with 0 it does not. */
function accepts(request: FastifyRequest, coding: string): boolean {
  const words = String(request.headers['accept-encoding'] ?? '')
    .slice(0, 1000)
    .split(',');
  return words.some((word) => {
    const [name, weight = 'q=1'] = word.split(';').map((part) => part.trim().toLowerCase());
    return name === coding && !/^q=0(\.0*)?$/.test(weight);
  });
}

/** Serves the console at `/`, or a plain page that names the APIs when there is no console. */
export async function consolePages(
  app: FastifyInstance,
  options: { readonly folder: string | null; readonly version: string },
): Promise<void> {
  const files = options.folder === null ? undefined : readConsole(options.folder);
  const index = files?.get('/index.html');
  app.get('/', (request, reply) =>
    index === undefined
      ? reply.type('text/plain; charset=utf-8').send(plainPage(options.version))
      : sendFile(request, reply, index),
  );
  if (files === undefined) return;
  app.get('/*', (request, reply) => {
    const { path } = requestHead(request.raw);
    const file = files.get(path);
    if (file !== undefined) return sendFile(request, reply, file);
    // Addresses inside the console are pages of it; anything else with an ending is a file that is not there.
    const page = index !== undefined && /^(\/[\w:@%.~-]*)*$/.test(path) && !/\.\w{1,5}$/.test(path);
    if (!page || !(request.headers.accept ?? '').includes('text/html')) return reply.callNotFound();
    return sendFile(request, reply, index);
  });
}
