import { z } from 'zod';

/* What the published forms of both reports are made of; like them, they are loaded only when needed. */

/** `sha256:…` or `sha512:…`, in lower case. */
export const digest = z
  .string()
  .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/)
  .describe('Digest with its algorithm.');

/** A time as JavaScript writes it: RFC 3339 in UTC. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  .meta({ format: 'date-time', description: 'RFC 3339 in UTC.' });

/** A count or another whole number from zero on. */
export const number = z.int().min(0);

/** A text, or that nothing is known. */
export const nullableText = z.string().nullable();

/** Counts of what an earlier version did not look for. */
export const noLevels = { high: 0, medium: 0, low: 0, total: 0 };

/** Counts by level. */
export const levelCounts = z.strictObject({ high: number, medium: number, low: number, total: number });

/** Why a finding does not count. */
export const ignored = z.strictObject({
  reason: z.string(),
  by: z.string(),
  until: nullableText,
  vex: z
    .strictObject({
      status: z.enum(['not_affected', 'fixed', 'under_investigation']),
      justification: nullableText,
      document: z.string(),
    })
    .optional(),
});

/** Mark of a baseline report. */
export const known = z.literal(true).describe('Only with a baseline: it had this finding already.');
