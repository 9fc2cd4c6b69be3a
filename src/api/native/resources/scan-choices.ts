import { z } from 'zod';
import type { BaselineStrategy, RuleSelection } from '../../../service/index.ts';
import { type Route, route } from '../route.ts';
import { present } from '../schemas/common.ts';
import { named } from '../schemas/named.ts';

const tag = 'scans';
const keys = z.array(z.string().min(1).max(300)).max(2000);

const strategySchema = named(
  'BaselineStrategy',
  z.object({
    id: z.number(),
    name: z.string(),
    type: z.enum(['default', 'normal', 'full', 'own']),
    items: z.array(z.string()).describe('Items of checks that scans ask'),
    totalItems: z.number(),
    keepDays: z.number(),
    active: z.boolean().describe('Scans use it'),
  }),
);
const selectionSchema = named(
  'RuleSelection',
  z.object({ id: z.number(), selected: z.array(z.string()), total: z.number(), enableNew: z.boolean() }),
);
const strategyJson = (strategy: BaselineStrategy) => ({ ...strategy, items: [...strategy.items] });
const selectionJson = (selection: RuleSelection) => ({ ...selection, selected: [...selection.selected] });

const strategies = route({
  method: 'GET',
  path: '/scan-choices/strategies',
  access: 'drydock:scan:read',
  tag,
  summary: 'Which checks of the baseline scans ask',
  answer: z.object({ items: z.array(strategySchema) }),
  handle: async ({ call, deps }) => ({ items: (await deps.services.risks.strategies(call)).map(strategyJson) }),
});

const saveStrategy = route({
  method: 'PUT',
  path: '/scan-choices/strategies',
  access: 'drydock:scan:configure',
  global: true,
  tag,
  summary: 'Save a strategy; scans use it from now on',
  body: z.strictObject({
    id: z.number().int().positive().optional().describe('Absent = a new one'),
    name: z.string().min(1).max(200).optional(),
    type: z.enum(['default', 'normal', 'full', 'own']).optional(),
    items: keys.optional(),
    keepDays: z.number().int().min(0).max(3650).optional(),
  }),
  answer: strategySchema,
  handle: async ({ body, call, deps }) => strategyJson(await deps.services.risks.saveStrategy(call, present(body))),
});

const kind = z.strictObject({ kind: z.enum(['sensitive', 'instruction']) });

const selection = route({
  method: 'GET',
  path: '/scan-choices/rules/:kind',
  access: 'drydock:scan:read',
  tag,
  summary: 'Which rules of sensitive files or build instructions scans use',
  params: kind,
  answer: selectionSchema,
  handle: async ({ params, call, deps }) => selectionJson(await deps.services.risks.selection(call, params.kind)),
});

const select = route({
  method: 'PUT',
  path: '/scan-choices/rules/:kind',
  access: 'drydock:scan:configure',
  global: true,
  tag,
  summary: 'Select rules of sensitive files or build instructions',
  params: kind,
  body: z.strictObject({ selected: keys.optional(), enableNew: z.boolean().optional() }),
  answer: selectionSchema,
  handle: async ({ params, body, call, deps }) =>
    selectionJson(await deps.services.risks.select(call, params.kind, present(body))),
});

const sensitiveScan = z.object({ on: z.boolean() });

const sensitive = route({
  method: 'GET',
  path: '/scan-choices/sensitive-scan',
  access: 'drydock:scan:read',
  tag,
  summary: 'Whether scans look for sensitive files',
  answer: sensitiveScan,
  handle: async ({ call, deps }) => ({ on: await deps.services.risks.sensitiveScan(call) }),
});

const setSensitive = route({
  method: 'PUT',
  path: '/scan-choices/sensitive-scan',
  access: 'drydock:scan:configure',
  global: true,
  tag,
  summary: 'Turn the search for sensitive files on or off',
  body: z.strictObject({ on: z.boolean() }),
  answer: sensitiveScan,
  handle: async ({ body, call, deps }) => ({ on: await deps.services.risks.setSensitiveScan(call, body.on) }),
});

/** What scans look for. */
export const scanChoiceRoutes: readonly Route[] = [
  ...[strategies, saveStrategy, selection, select],
  ...[sensitive, setSensitive],
];
