import { z } from 'zod';
import { found, NativeError } from '../errors.ts';
import { type Route, route } from '../route.ts';
import {
  filterOf,
  listOf,
  noBody,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  taskIdParam,
  timeInput,
} from '../schemas/common.ts';
import { named } from '../schemas/named.ts';
import { scanItemJson, scanItemSchema, scanJson, scanSchema } from '../schemas/work.ts';

const tag = 'scans';
const id = z.strictObject({ id: taskIdParam });
const itemStates = [
  ...(['never', 'queued', 'pulling', 'analysing', 'matched', 'partial', 'unsupported', 'too_large'] as const),
  ...(['failed', 'cancelled'] as const),
];

const order = named(
  'ScanOrder',
  z.strictObject({
    q: z.string().max(10_000).optional().describe('Filter; every image that it selects'),
    uuids: z
      .array(z.string().regex(/^[0-9a-f]{32}$/))
      .min(1)
      .max(10_000)
      .optional()
      .describe('Images'),
    name: z.string().min(1).max(200).optional(),
    force: z.boolean().optional().describe('Also what is already matched with the present analysers'),
  }),
);

function orderOf(body: z.output<typeof order>) {
  if (body.q === undefined && body.uuids === undefined) {
    throw new NativeError('invalid_field', 'Give images or a filter', { field: 'uuids' });
  }
  const { uuids, name, force } = body;
  return { ...filterOf(body.q), ...present({ uuids, name, force }), source: 'api' };
}

const start = route({
  method: 'POST',
  path: '/scans',
  access: 'drydock:scan:start',
  tag,
  status: 202,
  summary: 'Scan images; repeat with the same Idempotency-Key without starting another',
  body: order,
  answer: scanSchema,
  handle: async ({ body, call, deps, reply }) => {
    const task = await deps.services.scans.start(call, orderOf(body));
    if (task === null) {
      throw new NativeError('rate_limited', 'As many scans as this installation runs at a time are under way', {
        hint: 'Wait for one to finish, or cancel one.',
        retryAfterMs: 10_000,
      });
    }
    reply.header('location', `/api/v1/scans/${task.id}`);
    return scanJson(task);
  },
});

const preview = route({
  method: 'POST',
  path: '/scans/preview',
  access: 'drydock:scan:start',
  tag,
  safe: true,
  summary: 'How many images an order would scan',
  body: order,
  answer: z.object({ images: z.number() }),
  handle: async ({ body, call, deps }) => ({ images: await deps.services.scans.preview(call, orderOf(body)) }),
});

const list = route({
  method: 'GET',
  path: '/scans',
  access: 'drydock:scan:read',
  tag,
  summary: 'Scans and synchronisations, newest first',
  query: z.strictObject({
    kind: z.enum(['image_scan', 'registry_sync']).optional(),
    state: listOf(z.enum(['queued', 'running', 'finished', 'cancelled'])).optional(),
    source: z.string().max(100).optional(),
    name: z.string().max(200).optional(),
    from: timeInput.optional(),
    to: timeInput.optional(),
    ...pageQuery,
  }),
  answer: pageSchema('Scan', scanSchema),
  handle: async ({ query, call, deps }) => {
    const { kind, state, source, name, from, to } = query;
    const wanted = { ...present({ kind, states: state, source, name, from, to }), page: pageOf(query) };
    return pageJson(await deps.services.scans.page(call, wanted), scanJson);
  },
});

const get = route({
  method: 'GET',
  path: '/scans/:id',
  access: 'drydock:scan:read',
  tag,
  etag: true,
  summary: 'One scan',
  params: id,
  answer: scanSchema,
  handle: async ({ params, call, deps }) => scanJson(found(await deps.services.scans.get(call, params.id), 'scan')),
});

const items = route({
  method: 'GET',
  path: '/scans/:id/items',
  access: 'drydock:scan:read',
  tag,
  summary: 'Images of a scan with their states',
  params: id,
  query: z.strictObject({ state: listOf(z.enum(itemStates)).optional(), ...pageQuery }),
  answer: pageSchema('ScanItem', scanItemSchema),
  handle: async ({ params, query, call, deps }) => {
    const task = found(await deps.services.scans.get(call, params.id), 'scan');
    const wanted = { taskId: task.id, ...present({ states: query.state }), page: pageOf(query) };
    return pageJson(await deps.services.scans.items(call, wanted), scanItemJson);
  },
});

const cancel = route({
  method: 'POST',
  path: '/scans/:id/cancel',
  access: 'drydock:scan:cancel',
  tag,
  summary: 'Stop what of a scan has not finished; finished results stay',
  params: id,
  body: noBody,
  answer: scanSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.scans.get(call, params.id), 'scan');
    await deps.services.scans.cancel(call, params.id);
    return scanJson(found(await deps.services.scans.get(call, params.id), 'scan'));
  },
});

/** Scans as tasks. */
export const scanRoutes: readonly Route[] = [start, preview, list, get, items, cancel];
