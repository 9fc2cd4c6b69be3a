import { z } from 'zod';
import { ignored, known, nullableText, number } from './schema-parts.ts';

/* The published form of the findings of detectors; like the other schemas it is loaded only when needed. */

const level = z.enum(['high', 'medium', 'low']);
const inBase = z.boolean().default(false).describe('All of it lies in the base image.');
const shared = { title: z.string(), inBase, ignored: ignored.nullable(), known: known.optional() };
const present = z
  .boolean()
  .default(true)
  .describe('False where a later layer removed the file: it still travels with the image.');

/** A failed check of the baseline. */
export const baseline = z.strictObject({
  kind: z.literal('baseline'),
  id: z.string(),
  axis: z.enum(['baseline', 'instruction']).describe('What the image holds, or how it was built (counted apart).'),
  class: z.string(),
  name: z.string(),
  item: z.string(),
  level,
  basis: z.literal('default').nullable().describe("default: the product's own default is what is wrong."),
  evidence: z
    .array(
      z.strictObject({
        path: z.string(),
        layer: nullableText,
        line: z.int().min(1).nullable(),
        excerpt: nullableText.describe('Masked.'),
        inBase: z.boolean(),
      }),
    )
    .describe('At most 100.'),
  total: number.describe('How much evidence there was.'),
  description: z.string(),
  advice: z.string(),
  ...shared,
});

/** A malicious file or package. */
export const malicious = z.strictObject({
  kind: z.literal('malicious'),
  id: z.string(),
  key: z.string().default('MALPKG_IMG'),
  level: z.enum(['serious', 'suspicious', 'remind']),
  family: nullableText.default(null),
  path: z.string(),
  member: nullableText.default(null).describe('Inside of the archive at path.'),
  layer: z.string(),
  present,
  md5: nullableText,
  sha256: nullableText,
  size: number.nullable().default(null),
  engine: z.string(),
  rule: z.string(),
  ruleNumber: number.nullable().default(null),
  matches: z.array(z.strictObject({ offset: number, length: number })),
  excerpt: nullableText.default(null).describe('Masked text or hex.'),
  package: nullableText.describe('purl of a malicious package; null for files.'),
  owner: nullableText.default(null).describe('purl of the package that owns the file.'),
  uncounted: z.enum(['coverage', 'observed']).nullable().default(null).describe('Why it is listed and not counted.'),
  ...shared,
});

/** A file with a secret in it. */
export const sensitive = z.strictObject({
  kind: z.literal('sensitive'),
  id: z.string(),
  class: z.string(),
  level,
  path: z.string(),
  layer: nullableText,
  present,
  line: z.int().min(1).nullable(),
  offset: number.nullable(),
  length: number.nullable(),
  excerpt: nullableText.describe('Masked; never the value.'),
  md5: nullableText,
  secretId: z.string().describe('Equal for equal values within one installation.'),
  total: number.describe('Values of the rule in the file.'),
  description: z.string(),
  advice: z.string(),
  ...shared,
});
