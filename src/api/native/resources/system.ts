import { z } from 'zod';
import { nextMoment, putSchedule, type Schedule } from '../../../jobs/index.ts';
import { createReadiness } from '../../http/health.ts';
import { found } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { iso, isoOrNull, noBody, time, timeOrNull } from '../schemas/common.ts';
import { named } from '../schemas/named.ts';

const tag = 'system';

const system = route({
  method: 'GET',
  path: '/system',
  access: 'drydock:system:read',
  global: true,
  tag,
  summary: 'Version, health with reasons, and the queue',
  answer: z.object({
    version: z.string(),
    roles: z.array(z.string()),
    startedAt: time,
    account: z.object({ number: z.number(), name: z.string(), region: z.string() }),
    ready: z.boolean(),
    checks: z.record(z.string(), z.object({ state: z.string(), reason: z.string().nullable(), ms: z.number() })),
    queue: z.array(
      z.object({
        kind: z.string(),
        class: z.string(),
        state: z.string(),
        count: z.number(),
        oldestMs: z.number().nullable(),
      }),
    ),
  }),
  handle: async ({ deps }) => {
    const { version, roles, startedAt } = deps.settings;
    const { number, name, region } = deps.access.account;
    const [{ ready, checks }, queue] = await Promise.all([createReadiness(deps.checks)(), deps.queue.stats()]);
    return { version, roles, startedAt: iso(startedAt), account: { number, name, region }, ready, checks, queue };
  },
});

const version = route({
  method: 'GET',
  path: '/version',
  access: 'signed-in',
  tag,
  summary: 'Version of the server',
  answer: z.object({ version: z.string() }),
  handle: async ({ deps }) => ({ version: deps.settings.version }),
});

const jobs = route({
  method: 'GET',
  path: '/jobs',
  access: 'drydock:system:read',
  global: true,
  tag,
  summary: 'Background jobs, newest first',
  query: z.strictObject({
    kind: z
      .enum(['scan', 'fix', 'plan', 'sync', 'feed', 'rematch', 'export', 'retention', 'probe', 'notify'])
      .optional(),
    state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']).optional(),
  }),
  answer: z.object({
    items: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        class: z.string(),
        state: z.string(),
        attempts: z.number(),
        progress: z.object({ stage: z.string(), done: z.number(), total: z.number().nullable() }).nullable(),
        failure: z.object({ code: z.string(), message: z.string() }).nullable(),
        createdAt: time,
        startedAt: timeOrNull,
        finishedAt: timeOrNull,
      }),
    ),
  }),
  handle: async ({ query, deps }) => {
    const found = await deps.queue.list({
      ...(query.kind === undefined ? {} : { kind: query.kind }),
      ...(query.state === undefined ? {} : { states: [query.state] }),
      limit: 200,
    });
    return {
      items: found.map((job) => ({
        ...job,
        createdAt: iso(job.createdAt),
        startedAt: isoOrNull(job.startedAt),
        finishedAt: isoOrNull(job.finishedAt),
      })),
    };
  },
});

const advisories = route({
  method: 'GET',
  path: '/advisories',
  access: 'drydock:advisory:read',
  tag,
  summary: 'Advisory data: its age and sources',
  answer: z.object({
    snapshot: z
      .object({
        id: z.string(),
        createdAt: time,
        ageMs: z.number(),
        sources: z.array(z.object({ name: z.string(), fetchedAt: timeOrNull, advisories: z.number() })),
      })
      .nullable(),
    recounting: z.boolean(),
  }),
  handle: async ({ deps }) => {
    const { snapshot, recounting } = await deps.advisories.status();
    if (snapshot === null) return { snapshot, recounting };
    return {
      snapshot: {
        id: snapshot.id,
        createdAt: iso(snapshot.createdAt),
        ageMs: Math.max(0, deps.clock.now().getTime() - snapshot.createdAt),
        sources: snapshot.sources.map((source) => ({ ...source, fetchedAt: isoOrNull(source.fetchedAt) })),
      },
      recounting,
    };
  },
});

const update = route({
  method: 'POST',
  path: '/advisories/update',
  access: 'drydock:advisory:update',
  global: true,
  tag,
  status: 202,
  audit: 'advisories.update',
  summary: 'Fetch new advisory data',
  body: noBody,
  answer: z.object({ jobId: z.string() }),
  handle: async ({ deps }) => ({ jobId: await deps.advisories.update() }),
});

const scheduleSchema = named(
  'Schedule',
  z.object({
    name: z.string(),
    kind: z.string(),
    cron: z.string(),
    zone: z.string(),
    jitterMs: z.number(),
    enabled: z.boolean(),
    nextAt: timeOrNull,
    lastAt: timeOrNull,
  }),
);

function scheduleJson(schedule: Schedule) {
  return { ...schedule, nextAt: isoOrNull(schedule.nextAt), lastAt: isoOrNull(schedule.lastAt) };
}

const name = z.strictObject({ name: z.string().regex(/^[\w:.-]{1,100}$/) });

const schedules = route({
  method: 'GET',
  path: '/schedules',
  access: 'drydock:schedule:read',
  global: true,
  tag,
  summary: 'What is due when',
  answer: z.object({ items: z.array(scheduleSchema) }),
  handle: async ({ deps }) => ({ items: (await deps.schedules.list()).map(scheduleJson) }),
});

const schedule = route({
  method: 'GET',
  path: '/schedules/:name',
  access: 'drydock:schedule:read',
  global: true,
  tag,
  etag: true,
  summary: 'One schedule',
  params: name,
  answer: scheduleSchema,
  handle: async ({ params, deps }) => scheduleJson(found(await deps.schedules.get(params.name), 'schedule')),
});

const change = route({
  method: 'PATCH',
  path: '/schedules/:name',
  access: 'drydock:schedule:write',
  global: true,
  tag,
  etag: true,
  audit: 'schedule.change',
  summary: 'Change when something is due',
  params: name,
  body: z.strictObject({
    cron: z.string().min(1).max(200).optional(),
    zone: z.string().min(1).max(100).optional(),
    jitterMs: z.number().int().min(0).max(86_400_000).optional(),
    enabled: z.boolean().optional(),
  }),
  answer: scheduleSchema,
  handle: async ({ params, body, deps }) => {
    const old = found(await deps.schedules.get(params.name), 'schedule');
    const changed = {
      name: old.name,
      kind: old.kind,
      payload: old.payload,
      cron: body.cron ?? old.cron,
      zone: body.zone ?? old.zone,
      jitterMs: body.jitterMs ?? old.jitterMs,
      enabled: body.enabled ?? old.enabled,
    };
    return scheduleJson(await putSchedule(deps.schedules, changed, deps.clock));
  },
});

const moments = route({
  method: 'GET',
  path: '/schedules/:name/moments',
  access: 'drydock:schedule:read',
  global: true,
  tag,
  summary: 'The next five moments of a schedule',
  params: name,
  answer: z.object({ items: z.array(time) }),
  handle: async ({ params, deps }) => {
    const { cron, zone } = found(await deps.schedules.get(params.name), 'schedule');
    const items: string[] = [];
    for (let at: number | null = deps.clock.now().getTime(); items.length < 5; ) {
      at = nextMoment(cron, zone, at);
      if (at === null) break;
      items.push(iso(at));
    }
    return { items };
  },
});

/** The installation itself: health, jobs, advisory data, schedules. */
export const systemRoutes: readonly Route[] = [
  system,
  version,
  jobs,
  advisories,
  update,
  schedules,
  schedule,
  change,
  moments,
];
