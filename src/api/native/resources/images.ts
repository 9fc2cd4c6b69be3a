import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { exportFormats } from '../../../exports/index.ts';
import type { ScanReport } from '../../../findings/index.ts';
import type { ImageSort, ImageView } from '../../../service/index.ts';
import { found } from '../errors.ts';
import { type Route, type RouteCall, route } from '../route.ts';
import {
  filterOf,
  filterText,
  flag,
  iso,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  time,
  uuidParam,
} from '../schemas/common.ts';
import { imagePackageSchema } from '../schemas/finding.ts';
import { imageJson, imageSchema, repositoryJson, repositorySchema } from '../schemas/image.ts';

const tag = 'images';
const uuid = z.strictObject({ uuid: uuidParam });
const sorts: readonly [ImageSort, ...ImageSort[]] = ['worst', 'repository', 'updated', 'scanned', 'size', 'id'];

/** The image of a path. @throws NativeError `not_found` also for images of other projects */
async function imageOf({ deps, call }: RouteCall<unknown, unknown, unknown>, id: string): Promise<ImageView> {
  const [image] = await deps.services.images.byUuids(call, [id]);
  return found(image, 'image');
}

const list = route({
  method: 'GET',
  path: '/images',
  access: 'drydock:image:read',
  tag,
  summary: 'Images of the inventory; only those that a tag points at now unless the filter says otherwise',
  query: z.strictObject({
    q: filterText,
    sort: z.enum(sorts).optional().describe('`worst` unless given'),
    descending: flag.optional(),
    ...pageQuery,
  }),
  answer: pageSchema('Image', imageSchema),
  handle: async ({ query, call, deps }) => {
    const page = await deps.services.images.page(call, {
      ...filterOf(query.q),
      ...present({ sort: query.sort, descending: query.descending }),
      page: pageOf(query),
    });
    return pageJson(page, imageJson);
  },
});

const facets = route({
  method: 'GET',
  path: '/images/facets',
  access: 'drydock:image:read',
  tag,
  summary: 'How the images that a filter selects are distributed',
  query: z.strictObject({ q: filterText }),
  answer: z.object({
    images: z.number(),
    scanned: z.number(),
    atRisk: z.number(),
    withVulnerabilities: z.number(),
    byState: z.record(z.string(), z.number()),
    bySeverity: z.record(z.string(), z.number()).describe('By worst severity; `none` = scanned and clean'),
  }),
  handle: async ({ query, call, deps }) => deps.services.images.statistics(call, filterOf(query.q).filter),
});

const get = route({
  method: 'GET',
  path: '/images/:uuid',
  access: 'drydock:image:read',
  tag,
  etag: true,
  summary: 'One image',
  params: uuid,
  answer: imageSchema,
  handle: async (request) => imageJson(await imageOf(request, request.params.uuid)),
});

const report = route({
  method: 'GET',
  path: '/images/:uuid/report',
  access: 'drydock:image:read',
  tag,
  etag: true,
  summary: 'Scan report with current matches (docs/api/report.schema.json); 404 before the first scan',
  params: uuid,
  answer: z.looseObject({}).describe('docs/api/report.schema.json'),
  handle: async (request) => {
    const image = await imageOf(request, request.params.uuid);
    const scan = await request.deps.services.images.report(request.call, image.uuid);
    return found(scan, 'scan report of an image') as Record<string, unknown>;
  },
});

const documents = ['cyclonedx', 'spdx', 'sarif', 'openvex', 'html', 'csv', 'junit'] as const;

const document = route({
  method: 'GET',
  path: '/images/:uuid/documents/:format',
  access: 'drydock:image:read',
  tag,
  raw: true,
  content: 'application/octet-stream',
  audit: 'image.document',
  summary:
    'Bill of materials (CycloneDX, SPDX) or findings (SARIF, OpenVEX, HTML, CSV, JUnit) of a scanned image, as a file',
  params: z.strictObject({ uuid: uuidParam, format: z.enum(documents) }),
  answer: z.string(),
  handle: async (request) => {
    const { params, deps, call, reply } = request;
    const image = await imageOf(request, params.uuid);
    const scan = found(await deps.services.images.report(call, image.uuid), 'scan report of an image') as ScanReport;
    const format = found(
      exportFormats.find(({ id }) => id === params.format),
      'format',
    );
    const out = new PassThrough();
    format.write(scan, out, {}).then(
      () => out.end(),
      (error: unknown) => out.destroy(error as Error),
    );
    reply
      .type(format.contentType)
      .header('content-disposition', `attachment; filename="${image.uuid}${format.extension}"`);
    await reply.send(out);
    return '';
  },
});

const packages = route({
  method: 'GET',
  path: '/images/:uuid/packages',
  access: 'drydock:image:read',
  tag,
  summary: 'Installed packages of an image with the number of their findings',
  params: uuid,
  query: z.strictObject({ name: z.string().max(300).optional().describe('Part of the name'), ...pageQuery }),
  answer: pageSchema('ImagePackage', imagePackageSchema),
  handle: async (request) => {
    const { query, call, deps } = request;
    const image = await imageOf(request, request.params.uuid);
    const wanted = { ...present({ name: query.name }), page: pageOf(query) };
    return pageJson(await deps.services.findings.packages(call, image.uuid, wanted), (row) => row);
  },
});

const history = route({
  method: 'GET',
  path: '/images/:uuid/tags',
  access: 'drydock:image:read',
  tag,
  summary: 'Where the tag of an image has pointed, newest first',
  params: uuid,
  answer: z.object({
    items: z.array(
      z.object({
        tag: z.string(),
        digest: z.string().nullable().describe('Null = the tag was removed'),
        at: time,
        source: z.string(),
        actor: z.string().nullable(),
      }),
    ),
  }),
  handle: async (request) => {
    const image = await imageOf(request, request.params.uuid);
    const events = await request.deps.services.images.tagHistory(request.call, image.uuid);
    return { items: events.map((event) => ({ ...event, at: iso(event.at) })) };
  },
});

const repositories = route({
  method: 'GET',
  path: '/repositories',
  access: 'drydock:image:read',
  tag,
  summary: 'Repositories with sums over their current images',
  query: z.strictObject({ q: filterText, ...pageQuery }),
  answer: pageSchema('Repository', repositorySchema),
  handle: async ({ query, call, deps }) => {
    const page = await deps.services.images.repositories(call, { ...filterOf(query.q), page: pageOf(query) });
    return pageJson(page, repositoryJson);
  },
});

/** Images, their documents, and repositories. */
export const imageRoutes: readonly Route[] = [list, facets, get, report, document, packages, history, repositories];
