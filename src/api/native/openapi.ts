import type { SwaggerOptions } from '@fastify/swagger';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { problemSchema } from './problems.ts';
import type { Route } from './route.ts';

const problemAnswer = {
  description: 'A refusal as problem details (RFC 9457)',
  content: { 'application/problem+json': { schema: problemSchema } },
};

/** Schema of a route for validation and for the description. */
export function routeSchema(route: Route): object {
  const status = route.status ?? 200;
  return {
    summary: route.summary,
    tags: [route.tag],
    operationId: operationId(route),
    'x-drydock-access': route.access,
    ...(route.access === 'public' ? { security: [] } : {}),
    ...(route.params === undefined ? {} : { params: route.params }),
    ...(route.query === undefined ? {} : { querystring: route.query }),
    ...(route.body === undefined || route.raw === true ? {} : { body: route.body }),
    response: { [status]: answerOf(route), default: problemAnswer },
  };
}

function answerOf(route: Route): object {
  if (route.answer === undefined) return z.undefined().describe('Done');
  const content = route.content ?? 'application/json';
  return { description: route.status === 202 ? 'Accepted' : 'Done', content: { [content]: { schema: route.answer } } };
}

/** `getImagesByUuid` for `GET /images/:uuid`: stable as long as the path is. */
function operationId(route: Route): string {
  const words = route.path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
    .join('-')
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return route.method.toLowerCase() + words.join('');
}

/** Answers may grow members in later versions, so their objects are open; input is closed where its schema is strict. */
function openAnswers(context: { zodSchema: object; jsonSchema: { additionalProperties?: unknown } }): void {
  const { def } = (context.zodSchema as z.ZodType)._zod as unknown as { def: { type: string; catchall?: unknown } };
  if (def.type === 'object' && def.catchall === undefined) delete context.jsonSchema.additionalProperties;
}

/** How the description is generated: OpenAPI 3.1 from the schemas that validate. */
export function documentOptions(version: string): SwaggerOptions {
  const config = { zodToJsonConfig: { unrepresentable: 'any' as const, override: openAnswers } };
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Drydock native API',
        version,
        description:
          'Images, findings, scans, fixes, exports and administration of one Drydock installation. ' +
          'Times are RFC 3339 in UTC. Lists are pages: repeat the request with `cursor` = `next` of the answer before.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Token of a session or a robot' },
          accessKey: { type: 'http', scheme: 'basic', description: 'Access key id and secret' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: 'drydock_session',
            description: 'Browsers, with x-csrf-token',
          },
        },
      },
      security: [{ bearer: [] }, { accessKey: [] }, { session: [] }],
    },
    transform: createJsonSchemaTransform(config) as never,
    transformObject: createJsonSchemaTransformObject(config) as never,
  };
}

interface Operation {
  parameters?: object[];
  readonly responses: Record<string, { content?: object }>;
}

const header = (name: string, description: string): object => ({
  schema: { type: 'string' },
  in: 'header',
  name,
  required: false,
  description,
});

/** Headers that the API knows everywhere, which no schema of a route names. */
function addHeaders(method: string, operation: Operation): void {
  const added = [
    ...(method === 'post' ? [header('Idempotency-Key', 'A repetition within 24 hours gets the first answer')] : []),
    ...(['patch', 'put', 'delete'].includes(method) ? [header('If-Match', '`ETag` of what was read before')] : []),
  ];
  if (added.length > 0) operation.parameters = [...(operation.parameters ?? []), ...added];
}

/**
 * Finishes a generated description: headers, no content for 204, and without the schemas that nothing refers to (each was
 * generated once as input and once as output).
 */
export function finishDocument(document: object): object {
  const { components, paths, ...rest } = document as {
    components?: { schemas?: Record<string, unknown> };
    paths: Record<string, Record<string, Operation>>;
  };
  for (const operations of Object.values(paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      addHeaders(method, operation);
      delete operation.responses['204']?.content;
    }
  }
  return { ...rest, paths, components: { ...components, schemas: usedSchemas(paths, components?.schemas ?? {}) } };
}

const reference = /"\$ref":"#\/components\/schemas\/([^"]+)"/g;

function usedSchemas(paths: object, schemas: Record<string, unknown>): Record<string, unknown> {
  const used = new Set<string>();
  const follow = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(reference)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name]);
    }
  };
  follow(paths);
  const names = Object.keys(schemas).filter((name) => used.has(name));
  return Object.fromEntries(names.sort().map((name) => [name, schemas[name]]));
}
