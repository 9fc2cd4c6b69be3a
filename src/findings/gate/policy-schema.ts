import { z } from 'zod';

/* The published form of a policy file; loaded only when one is read. */

const text = z.string().min(1).max(1000);
/** The longest pattern; longer package URLs exist only to hurt. */
const maxPattern = 500;
const pattern = z
  .string()
  .max(maxPattern)
  .startsWith('pkg:', 'write a package URL, for example pkg:npm/event-stream or pkg:deb/debian/telnet*');
const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'write a day as YYYY-MM-DD')
  .refine(isDay, 'there is no such day');

/** Dates are parsed leniently: the 31st of February becomes a day of March. */
function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const vulnerabilityRule = z.strictObject({
  severity: z
    .enum(['critical', 'high', 'medium', 'low', 'negligible', 'unknown'])
    .describe('This level or worse; unknown means all.'),
  kinds: z
    .array(z.enum(['cve', 'sca']))
    .min(1)
    .optional()
    .describe('cve = operating-system packages, sca = application packages; default both.'),
  fixable: z.boolean().optional().describe('Only what has a published fix; default false.'),
  kev: z.boolean().optional().describe('Only what is known to be exploited; default false.'),
  max: z.int().min(0).optional().describe('So many are tolerated; default 0.'),
});

const riskRule = z.strictObject({
  severity: z.enum(['high', 'medium', 'low']).describe('This level or worse.'),
  max: z.int().min(0).optional().describe('So many are tolerated; default 0.'),
  except: z.array(text).max(1000).optional().describe('Ids of checks, or keys of secrets, that are left out.'),
});

const allowance = z.strictObject({
  id: text.describe('Id or alias of a vulnerability, or record of a malicious package.'),
  package: pattern.optional().describe('Only on packages whose URL matches; * stands for anything.'),
  reason: text,
  until: z.union([day, z.literal('never')]).describe('Last day in UTC, or never for one that does not expire.'),
});

/** Rules of one file; more are a mistake. */
const maxRules = 1000;
const maxAllowed = 100_000;

/** A policy for `drydock gate`, version 1. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  name: text.optional(),
  vulnerabilities: z.array(vulnerabilityRule).max(maxRules).optional(),
  malicious: z.enum(['deny', 'allow']).optional().describe('Malicious packages and files; default deny.'),
  sensitive: riskRule.optional().describe('Secrets in files; asks for a scan with the scanner secret.'),
  baseline: riskRule.optional().describe('Failed checks; asks for a scan with the scanner baseline.'),
  endOfLife: z.enum(['deny', 'allow']).optional().describe('Releases without further fixes; default allow.'),
  scan: z
    .enum(['complete', 'any'])
    .optional()
    .describe('Whether a scan that could not look at everything may pass; default complete.'),
  advisories: z.strictObject({ maxAgeDays: z.int().min(0).max(36_500) }).optional(),
  packages: z
    .strictObject({
      deny: z.array(z.strictObject({ purl: pattern, reason: text.optional() })).max(maxRules),
    })
    .optional(),
  allow: z.array(allowance).max(maxAllowed).optional(),
});
