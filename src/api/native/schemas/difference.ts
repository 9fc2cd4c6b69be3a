import { z } from 'zod';
import { named } from './named.ts';
import { outcomeTotalsSchema, vulnerabilityOutcomeSchema } from './plan.ts';

const totals = named(
  'SeverityTotals',
  z.object({
    total: z.number(),
    critical: z.number(),
    high: z.number(),
    medium: z.number(),
    low: z.number(),
    unknown: z.number(),
  }),
);

const finding = named(
  'DifferenceFinding',
  z.object({
    id: z.string(),
    package: z.string(),
    version: z.string(),
    severity: z.string(),
    fixable: z.boolean(),
  }),
);

const layer = z.object({ digest: z.string(), size: z.number() });

/** What a fix changed. */
export const differenceSchema = named(
  'FixDifference',
  z.object({
    fixId: z.string(),
    status: z.enum(['running', 'success', 'partial', 'failed', 'cancelled']),
    before: z.object({ imageUuid: z.string(), digest: z.string(), size: z.number().nullable() }),
    after: z
      .object({ imageUuid: z.string().nullable(), digest: z.string(), size: z.number().nullable() })
      .nullable()
      .describe('Null when nothing was delivered'),
    outcomes: z.array(vulnerabilityOutcomeSchema).describe('One for each requested vulnerability'),
    totals: outcomeTotalsSchema,
    packages: z
      .array(z.object({ name: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
      .describe('`from` null = added, `to` null = removed'),
    vulnerabilities: z
      .object({ gone: z.array(finding), remaining: z.array(finding), new: z.array(finding) })
      .nullable()
      .describe('By the scans of both images, with the advisories of today; null without two scans'),
    counts: z
      .object({ before: totals, after: totals.nullable() })
      .describe('Operating-system findings as the fix itself counted them'),
    layers: z.object({ kept: z.number(), added: z.array(layer), removed: z.array(layer) }).nullable(),
    config: z
      .object({ changed: z.array(z.string()) })
      .nullable()
      .describe('Keys that differ; null when one of the configs is not known'),
  }),
);
