import { z } from 'zod';
import type { Call } from '../../../service/index.ts';
import { found, missing, NativeError } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { idParam, noBody, pageJson, pageOf, pageQuery, pageSchema, present } from '../schemas/common.ts';
import {
  abilitiesSchema,
  newRegistrySchema,
  registryChangeSchema,
  registryJson,
  registrySchema,
} from '../schemas/registry.ts';
import { scanJson, scanSchema } from '../schemas/work.ts';

const tag = 'registries';
const id = z.strictObject({ id: idParam });

/** Refuses a project that the caller may not name, in the words for one that does not exist. */
export function checkProject(call: Call, projectId: number | null | undefined): void {
  if (projectId === undefined || call.projects === 'all') return;
  if (projectId === null || !call.projects.includes(projectId)) {
    throw new NativeError('invalid_field', 'There is no such project', { field: 'projectId' });
  }
}

const list = route({
  method: 'GET',
  path: '/registries',
  access: 'drydock:registry:read',
  tag,
  summary: 'Registries',
  query: z.strictObject({ name: z.string().max(100).optional().describe('Part of the name'), ...pageQuery }),
  answer: pageSchema('Registry', registrySchema),
  handle: async ({ query, call, deps }) => {
    const wanted = { ...present({ nameContains: query.name }), page: pageOf(query) };
    return pageJson(await deps.services.registries.page(call, wanted), registryJson);
  },
});

const add = route({
  method: 'POST',
  path: '/registries',
  access: 'drydock:registry:write',
  tag,
  status: 201,
  etag: true,
  summary: 'Onboard a registry; it is tested and synchronised in the background',
  body: newRegistrySchema,
  answer: registrySchema,
  handle: async ({ body, call, deps, reply }) => {
    checkProject(call, body.projectId);
    const registry = await deps.services.registries.add(call, present(body));
    reply.header('location', `/api/v1/registries/${registry.id}`);
    return registryJson(registry);
  },
});

const get = route({
  method: 'GET',
  path: '/registries/:id',
  access: 'drydock:registry:read',
  tag,
  etag: true,
  summary: 'One registry',
  params: id,
  answer: registrySchema,
  handle: async ({ params, call, deps }) =>
    registryJson(found(await deps.services.registries.get(call, params.id), 'registry')),
});

const change = route({
  method: 'PATCH',
  path: '/registries/:id',
  access: 'drydock:registry:write',
  tag,
  etag: true,
  summary: 'Change a registry',
  params: id,
  body: registryChangeSchema,
  answer: registrySchema,
  handle: async ({ params, body, call, deps }) =>
    registryJson(found(await deps.services.registries.update(call, params.id, present(body)), 'registry')),
});

const remove = route({
  method: 'DELETE',
  path: '/registries/:id',
  access: 'drydock:registry:write',
  tag,
  status: 204,
  etag: true,
  summary: 'Take a registry, its images and its unfinished work away',
  params: id,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.services.registries.remove(call, params.id))) throw missing('registry');
  },
});

const test = route({
  method: 'POST',
  path: '/registries/:id/test',
  access: 'drydock:registry:test',
  tag,
  summary: 'Connect now and say which of list, pull, push, delete and referrers works',
  params: id,
  body: noBody,
  answer: abilitiesSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.registries.get(call, params.id), 'registry');
    return deps.services.registries.test(call, params.id);
  },
});

const sync = route({
  method: 'POST',
  path: '/registries/:id/sync',
  access: 'drydock:registry:sync',
  tag,
  status: 202,
  summary: 'Read the tags of a registry again',
  params: id,
  body: noBody,
  answer: scanSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.registries.get(call, params.id), 'registry');
    const task = await deps.services.registries.sync(call, params.id);
    if (task !== null) return scanJson(task);
    throw new NativeError('rate_limited', 'As many tasks as this installation runs at a time are under way', {
      retryAfterMs: 10_000,
    });
  },
});

const rotate = route({
  method: 'POST',
  path: '/registries/:id/hook-secret',
  access: 'drydock:registry:write',
  tag,
  secret: true,
  summary: 'Make a new secret for push notifications; it is shown once',
  params: id,
  body: noBody,
  answer: z.object({ secret: z.string(), path: z.string() }),
  handle: async ({ params, call, deps }) => {
    found(await deps.services.registries.get(call, params.id), 'registry');
    return deps.services.registries.rotateHookSecret(call, params.id);
  },
});

const regions = route({
  method: 'GET',
  path: '/regions',
  access: 'drydock:registry:read',
  tag,
  summary: 'Regions that registries may be in',
  answer: z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }),
  handle: async ({ deps }) => ({ items: deps.services.registries.regions() }),
});

const hook = route({
  method: 'POST',
  path: '/hooks/:registryId',
  access: 'public',
  tag,
  raw: true,
  bodyLimit: 1024 * 1024,
  summary: 'Push notifications of a registry (distribution, Harbor); authenticated by its hook secret',
  params: z.strictObject({ registryId: idParam }),
  answer: z.object({ accepted: z.boolean() }),
  handle: async ({ params, deps, request, reply }) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    await deps.services.registries.hook({ registryId: params.registryId, headers, body, requestId: request.id });
    await reply.code(202).type('application/json').send('{"accepted":true}');
    return { accepted: true };
  },
});

/** Registries and what they push. */
export const registryRoutes: readonly Route[] = [list, add, get, change, remove, test, sync, rotate, regions, hook];
