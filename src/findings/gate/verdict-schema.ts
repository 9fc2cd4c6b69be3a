import { z } from 'zod';
import { digest, number, time } from '../schema-parts.ts';

/* The published form of a verdict; only tools and tests import it. */

const level = z.enum(['critical', 'high', 'medium', 'low', 'negligible', 'unknown']);

const rule = z.strictObject({
  rule: z.string().describe('Where the rule stands in the policy.'),
  asks: z.string(),
  passed: z.boolean(),
  evidence: z
    .array(
      z.strictObject({
        text: z.string(),
        id: z.string().nullable(),
        package: z.string().nullable().describe('purl'),
        severity: level.nullable(),
      }),
    )
    .describe('Everything that counts against the rule; a rule with max may pass although there is some.'),
});

/** The verdict of `drydock gate`, schema version 1. */
export const gateVerdictSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('drydock'), version: z.string() }),
  policy: z.strictObject({ name: z.string().nullable(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  image: z.strictObject({ reference: z.string(), digest, platform: z.string() }),
  scan: z.strictObject({ finishedAt: time, state: z.enum(['complete', 'partial', 'unsupported']) }),
  advisories: z.strictObject({ snapshot: z.string(), createdAt: time }),
  evaluatedAt: time,
  verdict: z.enum(['pass', 'fail']),
  rules: z.array(rule),
  allowed: z.array(
    z.strictObject({
      id: z.string(),
      package: z.string().nullable().describe('Pattern over package URLs.'),
      reason: z.string(),
      until: z.string().nullable().describe('Last day in UTC; null = for good.'),
      expired: z.boolean(),
      used: number.describe('Findings that do not count because of it.'),
    }),
  ),
});
