import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { present } from '../schemas/common.ts';
import { adviceSchema, trendSchema, worklistSchema } from '../schemas/overview.ts';

const tag = 'overview';

const trend = route({
  method: 'GET',
  path: '/statistics/trend',
  access: 'drydock:image:read',
  tag,
  summary: 'Findings and images by day, oldest first; days without a record are absent, today is as it is now',
  query: z.strictObject({
    days: z
      .string()
      .regex(/^\d{1,3}$/, 'a number')
      .transform(Number)
      .refine((days) => days >= 1 && days <= 400, '1 to 400')
      .optional()
      .describe('1 to 400; 30 unless given'),
  }),
  answer: trendSchema,
  handle: async ({ query, call, deps }) => ({ items: await deps.services.overview.trend(call, query.days ?? 30) }),
});

const worklist = route({
  method: 'GET',
  path: '/worklist',
  access: 'drydock:image:read',
  tag,
  summary: 'What to do first: groups of images, each with the filter that selects it; and how scans went',
  answer: worklistSchema,
  handle: async ({ call, deps }) => deps.services.overview.worklist(call),
});

const advice = route({
  method: 'GET',
  path: '/packages/advice',
  access: 'drydock:finding:read',
  tag: 'findings',
  summary: 'What upgrading the versions of a package would end, those with most findings first',
  query: z.strictObject({
    name: z.string().min(1).max(300).describe('The whole name'),
    version: z.string().min(1).max(300).optional(),
  }),
  answer: adviceSchema,
  handle: async ({ query, call, deps }) => {
    const of = { name: query.name, ...present({ version: query.version }) };
    return { items: await deps.services.overview.advice(call, of) };
  },
});

/** What a first page shows, and advice on packages. */
export const overviewRoutes: readonly Route[] = [worklist, trend, advice];
