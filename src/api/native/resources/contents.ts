import { z } from 'zod';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { flag, taskIdParam, uuidParam } from '../schemas/common.ts';
import { imageConfigSchema, lineageJson, lineageSchema, referrersSchema } from '../schemas/contents.ts';
import { differenceSchema } from '../schemas/difference.ts';

const tag = 'images';
const uuid = z.strictObject({ uuid: uuidParam });

const config = route({
  method: 'GET',
  path: '/images/:uuid/config',
  access: 'drydock:image:read',
  tag,
  etag: true,
  summary: 'How an image runs and was built, secrets masked; from the last scan, else from the registry',
  params: uuid,
  answer: imageConfigSchema,
  handle: async ({ params, call, deps }) => found(await deps.services.contents.config(call, params.uuid), 'image'),
});

const referrers = route({
  method: 'GET',
  path: '/images/:uuid/referrers',
  access: 'drydock:image:read',
  tag,
  summary: 'What refers to an image in its registry, asked now; or why the registry cannot tell',
  params: uuid,
  answer: referrersSchema,
  handle: async ({ params, call, deps }) => found(await deps.services.contents.referrers(call, params.uuid), 'image'),
});

const lineage = route({
  method: 'GET',
  path: '/images/:uuid/lineage',
  access: 'drydock:image:read',
  tag,
  etag: true,
  summary: 'Where an image comes from: origin, base, and what became of its tag; and the fixes made from it',
  params: uuid,
  answer: lineageSchema,
  handle: async ({ params, call, deps }) =>
    lineageJson(found(await deps.services.contents.lineage(call, params.uuid), 'image')),
});

const difference = route({
  method: 'GET',
  path: '/fixes/:id/difference',
  access: 'drydock:fix:read',
  tag: 'fixes',
  etag: true,
  summary: 'What a fix changed: packages, vulnerabilities, layers, config; 404 before planning has ended',
  params: z.strictObject({ id: taskIdParam }),
  query: z.strictObject({ download: flag.optional().describe('As a file') }),
  answer: differenceSchema,
  handle: async ({ params, query, call, deps, reply }) => {
    const changed = found(await deps.services.contents.difference(call, params.id), 'fix with a report');
    if (query.download === true) {
      reply.header('content-disposition', `attachment; filename="${changed.fixId}-difference.json"`);
    }
    return changed;
  },
});

/** What images are made of and came from, and what fixes changed. */
export const contentRoutes: readonly Route[] = [config, referrers, lineage, difference];
