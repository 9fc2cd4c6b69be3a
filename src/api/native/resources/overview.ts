import { z } from 'zod';
import { type Route, route } from '../route.ts';
import { trendSchema, worklistSchema } from '../schemas/overview.ts';

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

/** What a first page shows. */
export const overviewRoutes: readonly Route[] = [worklist, trend];
