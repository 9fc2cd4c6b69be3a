import { z } from 'zod';
import type { PlanResult, PlanTask } from '../../../service/index.ts';
import { iso, isoOrNull, reason, time, timeOrNull } from './common.ts';
import { fixOrderJson, fixOrderSchema } from './fix-order.ts';
import { named } from './named.ts';

/** States of a plan. */
export const planStates = ['queued', 'running', 'ready', 'failed', 'cancelled', 'expired'] as const;

const head = {
  id: z.string(),
  projectId: z.number(),
  imageUuid: z.string(),
  digest: z.string().describe('Platform manifest that the plan is for'),
  state: z.enum(planStates),
  reason: reason.describe('Of `failed` and `cancelled`'),
  stage: z.string().describe('queued, opening, scanning, inspecting, planning, ended'),
  progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable(),
  order: fixOrderSchema.describe('Posted to /fixes as it is, it makes the image that the plan previews'),
  requested: z.number().describe('Distinct vulnerabilities when it was ordered'),
  stale: z.array(z.enum(['advisories', 'tag'])).describe('What has changed since; empty while the plan holds'),
  createdAt: time,
  startedAt: timeOrNull,
  finishedAt: timeOrNull,
  expiresAt: timeOrNull,
};

/** A preview of a fix. */
export const planSchema = named('FixPlan', z.object(head));

/** How requested vulnerabilities end: the values of the fix report. */
export const outcomeNames = [
  ...(['invalid_metadata', 'unsupported', 'not_affected', 'end_of_life', 'no_fix_published'] as const),
  ...(['fix_not_in_repository', 'held', 'conflict', 'download_failed', 'needs_script', 'cancelled'] as const),
  ...(['still_present', 'fixed'] as const),
];

const outcome = named('FixOutcomeName', z.enum(outcomeNames));

/** The one outcome of a requested vulnerability. */
export const vulnerabilityOutcomeSchema = named(
  'VulnerabilityOutcome',
  z.object({
    id: z.string(),
    severity: z.string().nullable(),
    outcome,
    detail: z.string().nullable().describe('Why, in a sentence'),
    packages: z.array(
      z.object({
        package: z.string().nullable(),
        from: z.string().nullable(),
        to: z.string().nullable(),
        outcome,
        detail: z.string().nullable(),
      }),
    ),
  }),
);

/** Requested vulnerabilities by outcome. */
export const outcomeTotalsSchema = named(
  'OutcomeTotals',
  z.object({
    requested: z.number().describe('Sum of the others'),
    fixed: z.number(),
    notAffected: z.number(),
    open: z.number(),
  }),
);

const upgradeSchema = named(
  'PlannedUpgrade',
  z.object({
    source: z.string().describe('Source package'),
    from: z.string().nullable().describe('Installed version of the first package; null = all are new'),
    to: z.string().describe('Version of the source package'),
    repository: z.string().describe('`debian-security bookworm-security/main`'),
    mirror: z.string().nullable(),
    packages: z.array(
      z.object({
        name: z.string(),
        arch: z.string(),
        from: z.string().nullable(),
        to: z.string(),
        size: z.number(),
        reason: z.enum(['requested', 'dependency', 'same source']),
      }),
    ),
    fixes: z.array(z.string()).describe('Requested vulnerabilities that it removes'),
    bytes: z.number(),
  }),
);

const resultSchema = named(
  'FixPlanResult',
  z.object({
    verdict: z
      .object({ builds: z.boolean(), code: z.string().nullable(), message: z.string().nullable() })
      .describe('Whether the order would build an image; if not, why'),
    advisories: z.object({ snapshot: z.string(), createdAt: time }),
    source: z.object({ reference: z.string(), digest: z.string(), platform: z.string() }),
    target: z.object({ reference: z.string(), tag: z.string() }),
    totals: outcomeTotalsSchema,
    upgrades: z.array(upgradeSchema).describe('By source package, those that remove most first'),
    outcomes: z
      .array(vulnerabilityOutcomeSchema)
      .describe('One for each requested vulnerability; what needs the content of packages is found by the fix only'),
    download: z.object({ packages: z.number(), bytes: z.number() }),
    layer: z
      .object({ bytes: z.number(), basis: z.literal('package_files') })
      .describe('Estimate of the compressed new layer: the size of the package files, an upper one'),
    mirrors: z.array(
      z.object({
        archive: z.string(),
        url: z.string().nullable(),
        suites: z.array(z.object({ suite: z.string(), date: z.string() })),
      }),
    ),
    unchanged: z.object({
      config: z.array(z.string()).describe('Keys of the execution parameters that stay: Env, Entrypoint, User …'),
      layers: z.number().describe('Layers that stay byte by byte'),
      replacesOwnLayer: z.boolean(),
      otherPlatforms: z.array(z.object({ platform: z.string(), digest: z.string() })),
      sourceTag: z.string().nullable(),
    }),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
  }),
);

/** A plan with what it found. */
export const planDetailSchema = named(
  'FixPlanDetail',
  z.object({ ...head, result: resultSchema.nullable().describe('Null until it is ready') }),
);

/** A plan as lists of the API show it. */
export function planJson(plan: PlanTask) {
  return {
    ...plan,
    order: fixOrderJson(plan.order),
    createdAt: iso(plan.createdAt),
    startedAt: isoOrNull(plan.startedAt),
    finishedAt: isoOrNull(plan.finishedAt),
    expiresAt: isoOrNull(plan.expiresAt),
  };
}

/** A plan in full. */
export function planDetailJson(plan: PlanTask, result: PlanResult | null) {
  return { ...planJson(plan), result };
}
