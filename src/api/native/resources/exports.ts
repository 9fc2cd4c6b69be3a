import { z } from 'zod';
import type { ExportJob } from '../../../service/index.ts';
import { sendDownload } from '../download.ts';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import {
  filterOf,
  iso,
  isoOrNull,
  noBody,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  reason,
  taskIdParam,
  time,
  timeOrNull,
} from '../schemas/common.ts';
import { named } from '../schemas/named.ts';

const tag = 'exports';
const id = z.strictObject({ id: taskIdParam });
const formats = ['csv', 'jsonl', 'xlsx', 'huawei-zip'] as const;
const sorts = ['worst', 'vuln', 'package', 'image', 'severity', 'cvss', 'epss', 'firstSeen', 'id'] as const;

const orderSchema = named(
  'ExportOrder',
  z.strictObject({
    subject: z.enum(['findings', 'images']).optional().describe('`findings` unless given'),
    grain: z.enum(['finding', 'record', 'vulnerability']).optional(),
    format: z.enum(formats),
    q: z.string().max(10_000).optional(),
    sort: z.strictObject({ by: z.enum(sorts), descending: z.boolean() }).optional(),
    columns: z.array(z.string().min(1).max(100)).min(1).max(200).optional(),
    limit: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
    bom: z.boolean().optional().describe('Byte-order mark at the start of CSV'),
    raw: z.boolean().optional().describe('No formula guard'),
    language: z.enum(['en', 'zh']).optional(),
    fileName: z
      .string()
      .regex(/^[\w][\w. -]{0,199}$/)
      .optional(),
  }),
);

const exportSchema = named(
  'Export',
  z.object({
    id: z.string(),
    number: z.number(),
    projectId: z.number().nullable(),
    subject: z.enum(['findings', 'images']),
    grain: z.string(),
    format: z.enum(formats),
    state: z.enum(['queued', 'running', 'success', 'failure', 'cancelled', 'expired']),
    reason,
    rowsTotal: z.number().describe('Rows that the file will have: counted when ordered'),
    rowsMatched: z.number().describe('Rows that matched before the limit'),
    rowsDone: z.number(),
    fileName: z.string(),
    bytes: z.number().nullable(),
    sha256: z.string().nullable(),
    order: orderSchema.nullable().describe('What was ordered, to order it again; null of orders through a cloud API'),
    download: z.string().nullable().describe('Path of the file; null until `success`'),
    createdAt: time,
    finishedAt: timeOrNull,
    expiresAt: timeOrNull,
  }),
);

function exportJson(job: ExportJob) {
  const { spec, state } = job;
  return {
    ...job,
    subject: spec.subject,
    grain: spec.grain,
    format: spec.format,
    // Cloud APIs record orders of their own shape.
    order: orderSchema.safeParse(spec.request).data ?? null,
    download: state === 'success' ? `/api/v1/exports/${job.id}/file` : null,
    createdAt: iso(job.createdAt),
    finishedAt: isoOrNull(job.finishedAt),
    expiresAt: isoOrNull(job.expiresAt),
  };
}

const order = route({
  method: 'POST',
  path: '/exports',
  access: 'drydock:export:write',
  tag,
  status: 202,
  summary: 'Export what a filter selects; too many rows for a format are refused before the start, never cut',
  body: orderSchema,
  answer: exportSchema,
  handle: async ({ body, call, deps, reply }) => {
    const { q, subject, grain, ...rest } = body;
    const spec = { subject: subject ?? 'findings', grain: grain ?? 'finding', ...filterOf(q), request: body } as const;
    const job = await deps.services.exports.order(call, { ...spec, ...present(rest) });
    reply.header('location', `/api/v1/exports/${job.id}`);
    return exportJson(job);
  },
});

const list = route({
  method: 'GET',
  path: '/exports',
  access: 'drydock:export:read',
  tag,
  summary: 'Exports, newest first',
  query: z.strictObject(pageQuery),
  answer: pageSchema('Export', exportSchema),
  handle: async ({ query, call, deps }) =>
    pageJson(await deps.services.exports.page(call, { page: pageOf(query) }), exportJson),
});

const get = route({
  method: 'GET',
  path: '/exports/:id',
  access: 'drydock:export:read',
  tag,
  etag: true,
  summary: 'One export',
  params: id,
  answer: exportSchema,
  handle: async ({ params, call, deps }) =>
    exportJson(found(await deps.services.exports.get(call, params.id), 'export')),
});

const file = route({
  method: 'GET',
  path: '/exports/:id/file',
  access: 'drydock:export:read',
  tag,
  raw: true,
  content: 'application/octet-stream',
  summary: 'The file; any number of times until it expires. Knows Range, If-Range and If-None-Match',
  params: id,
  answer: z.string(),
  handle: async ({ params, call, deps, request, reply }) => {
    const job = found(await deps.services.exports.get(call, params.id), 'export');
    await sendDownload(request, reply, found(await deps.services.exports.file(call, job.id), 'file of this export'));
    return '';
  },
});

const cancel = route({
  method: 'POST',
  path: '/exports/:id/cancel',
  access: 'drydock:export:write',
  tag,
  summary: 'Stop an export',
  params: id,
  body: noBody,
  answer: exportSchema,
  handle: async ({ params, call, deps }) => {
    const job = found(await deps.services.exports.get(call, params.id), 'export');
    await deps.services.exports.cancel(call, job.id);
    return exportJson(found(await deps.services.exports.get(call, job.id), 'export'));
  },
});

/** Exports and their files. */
export const exportRoutes: readonly Route[] = [order, list, get, file, cancel];
