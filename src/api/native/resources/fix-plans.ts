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
  uuidParam,
} from '../schemas/common.ts';
import { fixOrderOf, fixOrderSchema } from '../schemas/fix-order.ts';
import { planDetailJson, planDetailSchema, planJson, planSchema, planStates } from '../schemas/plan.ts';

const tag = 'fixes';
const id = z.strictObject({ id: taskIdParam });

const order = route({
  method: 'POST',
  path: '/fix-plans',
  access: 'drydock:fix:start',
  tag,
  status: 202,
  summary: 'Preview a fix with the planning of the fix itself; a repeated order answers with its plan while that holds',
  body: fixOrderSchema,
  answer: planSchema,
  handle: async ({ body, call, deps }) => planJson(await deps.services.plans.order(call, fixOrderOf(body, ''))),
});

const list = route({
  method: 'GET',
  path: '/fix-plans',
  access: 'drydock:fix:read',
  tag,
  summary: 'Previews of fixes, newest first; kept for a day',
  query: z.strictObject({
    image: uuidParam.optional(),
    state: listOf(z.enum(planStates)).optional(),
    ...pageQuery,
  }),
  answer: pageSchema('FixPlan', planSchema),
  handle: async ({ query, call, deps }) => {
    const wanted = present({ imageUuid: query.image, states: query.state });
    return pageJson(await deps.services.plans.page(call, { ...wanted, page: pageOf(query) }), planJson);
  },
});

const get = route({
  method: 'GET',
  path: '/fix-plans/:id',
  access: 'drydock:fix:read',
  tag,
  etag: true,
  summary: 'One preview of a fix, with its result once that is ready',
  params: id,
  answer: planDetailSchema,
  handle: async ({ params, call, deps }) => {
    const plan = found(await deps.services.plans.get(call, params.id), 'plan');
    return planDetailJson(plan, await deps.services.plans.result(call, params.id));
  },
});

const cancel = route({
  method: 'POST',
  path: '/fix-plans/:id/cancel',
  access: 'drydock:fix:cancel',
  tag,
  summary: 'Stop the making of a preview',
  params: id,
  body: noBody,
  answer: planSchema,
  handle: async ({ params, call, deps }) => {
    found(await deps.services.plans.get(call, params.id), 'plan');
    await deps.services.plans.cancel(call, params.id);
    return planJson(found(await deps.services.plans.get(call, params.id), 'plan'));
  },
});

/** Previews of fixes. */
export const fixPlanRoutes: readonly Route[] = [order, list, get, cancel];
