import { z } from 'zod';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import {
  listOf,
  noBody,
  pageJson,
  pageOf,
  pageQuery,
  pageSchema,
  present,
  taskIdParam,
  timeInput,
  uuidParam,
} from '../schemas/common.ts';
import { fixOrderOf, fixOrderSchema } from '../schemas/fix-order.ts';
import { fixCycleJson, fixCycleSchema, fixJson, fixSchema } from '../schemas/work.ts';

const tag = 'fixes';
const id = z.strictObject({ id: taskIdParam });
const statuses = ['running', 'success', 'partial', 'failed', 'cancelled'] as const;

const order = route({
  method: 'POST',
  path: '/fixes',
  access: 'drydock:fix:start',
  tag,
  status: 202,
  summary: 'Fix images: all orders are checked before anything is stored; a repeated order answers with its task',
  body: z.strictObject({ orders: z.array(fixOrderSchema).min(1).max(100) }),
  answer: z.object({ items: z.array(fixSchema) }),
  handle: async ({ body, call, caller, deps }) => {
    const trigger = caller.via === 'cookie' ? 'console' : 'api';
    const tasks = await deps.services.fixes.order(
      call,
      body.orders.map((one, index) => fixOrderOf(one, `orders.${index}`)),
      trigger,
    );
    return { items: tasks.map(fixJson) };
  },
});

const list = route({
  method: 'GET',
  path: '/fixes',
  access: 'drydock:fix:read',
  tag,
  summary: 'Fixes, newest first',
  query: z.strictObject({
    status: listOf(z.enum(statuses)).optional(),
    requestId: z.string().max(64).optional().describe('Of the request that ordered them, also through a cloud API'),
    image: uuidParam.optional(),
    from: timeInput.optional(),
    to: timeInput.optional(),
    ...pageQuery,
  }),
  answer: pageSchema('Fix', fixSchema),
  handle: async ({ query, call, deps }) => {
    const { status, requestId, image, from, to } = query;
    const wanted = present({ statuses: status, requestId, imageUuid: image, from, to });
    return pageJson(await deps.services.fixes.page(call, { ...wanted, page: pageOf(query) }), fixJson);
  },
});

const get = route({
  method: 'GET',
  path: '/fixes/:id',
  access: 'drydock:fix:read',
  tag,
  etag: true,
  summary: 'One fix',
  params: id,
  answer: fixSchema,
  handle: async ({ params, call, deps }) => fixJson(found(await deps.services.fixes.get(call, params.id), 'fix')),
});

const report = route({
  method: 'GET',
  path: '/fixes/:id/report',
  access: 'drydock:fix:read',
  tag,
  etag: true,
  summary: 'Fix report (docs/api/fix-report.schema.json); 404 before planning has ended',
  params: id,
  answer: z.looseObject({}).describe('docs/api/fix-report.schema.json'),
  handle: async ({ params, call, deps }) => {
    found(await deps.services.fixes.get(call, params.id), 'fix');
    return found(await deps.services.fixes.report(call, params.id), 'report of this fix') as Record<string, unknown>;
  },
});

const log = route({
  method: 'GET',
  path: '/fixes/:id/log',
  access: 'drydock:fix:read',
  tag,
  summary: 'What happened, in lines for a person',
  params: id,
  answer: z.object({ lines: z.array(z.string()) }),
  handle: async ({ params, call, deps }) => {
    found(await deps.services.fixes.get(call, params.id), 'fix');
    return { lines: await deps.services.fixes.log(call, params.id) };
  },
});

const cancel = route({
  method: 'POST',
  path: '/fixes/:id/cancel',
  access: 'drydock:fix:cancel',
  tag,
  summary: 'Stop a running fix; the tag stays where it is',
  params: id,
  body: noBody,
  answer: fixSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.fixes.get(call, params.id), 'fix');
    await deps.services.fixes.cancel(call, params.id);
    return fixJson(found(await deps.services.fixes.get(call, params.id), 'fix'));
  },
});

const retry = route({
  method: 'POST',
  path: '/fixes/:id/retry',
  access: 'drydock:fix:start',
  tag,
  status: 202,
  summary: 'Order a fix that has ended again',
  params: id,
  body: noBody,
  answer: fixSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.fixes.get(call, params.id), 'fix');
    return fixJson(await deps.services.fixes.retry(call, params.id));
  },
});

const cycle = route({
  method: 'GET',
  path: '/fix-cycle',
  access: 'drydock:fix:read',
  tag,
  etag: true,
  summary: 'Automatic fixing',
  answer: fixCycleSchema,
  handle: async ({ call, deps }) => fixCycleJson(await deps.services.fixes.cycle(call)),
});

const setCycle = route({
  method: 'PATCH',
  path: '/fix-cycle',
  access: 'drydock:fix:configure',
  tag,
  etag: true,
  summary: 'Change automatic fixing',
  body: z.strictObject({
    enabled: z.boolean().optional(),
    everyDays: z.number().int().min(1).max(365).optional(),
    repositories: z.array(z.string().min(1).max(300)).max(10_000).optional(),
    imageDays: z.number().int().min(0).max(3650).optional(),
  }),
  answer: fixCycleSchema,
  handle: async ({ body, call, deps }) => fixCycleJson(await deps.services.fixes.setCycle(call, present(body))),
});

/** Fixes as tasks, and automatic fixing. */
export const fixRoutes: readonly Route[] = [order, list, get, report, log, cancel, retry, cycle, setCycle];
