import { z } from 'zod';
import { digest, number, time } from '../schema-parts.ts';

/* The published form of a comparison; only tools and tests import it. */

const side = z.strictObject({
  reference: z.string(),
  digest,
  platform: z.string(),
  finishedAt: time.describe('When it was scanned.'),
  state: z.enum(['complete', 'partial', 'unsupported']),
  snapshot: z.string(),
});

const change = z.strictObject({
  type: z.string(),
  name: z.string(),
  before: z.array(z.string()).describe('Versions; empty when the package was added.'),
  after: z.array(z.string()).describe('Versions; empty when it was removed.'),
});

const finding = z.strictObject({
  kind: z.enum(['cve', 'sca', 'malicious']),
  id: z.string(),
  aliases: z.array(z.string()),
  package: z.strictObject({ type: z.string(), name: z.string() }),
  before: z.array(z.string()).describe('Affected versions; empty where this side has none.'),
  after: z.array(z.string()),
  severity: z.enum(['critical', 'high', 'medium', 'low', 'negligible', 'unknown']),
  fixable: z.boolean(),
  kev: z.boolean(),
  title: z.string().nullable(),
});

const oneSided = finding.extend({
  why: z
    .enum(['package_added', 'package_removed', 'package_changed', 'same_package', 'other'])
    .describe('same_package: what is known about the package changed.'),
});

const totals = z.strictObject({
  critical: number,
  high: number,
  medium: number,
  low: number.describe('With negligible.'),
  unknown: number,
  total: number,
});

/** The comparison of `drydock diff`, schema version 1. */
export const comparisonSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('drydock'), version: z.string() }),
  before: side,
  after: side,
  packages: z.strictObject({
    added: z.array(change),
    removed: z.array(change),
    changed: z.array(change),
    unchanged: number,
  }),
  counts: z.strictObject({
    introduced: totals,
    fixed: totals,
    unchanged: totals,
    dismissed: totals.describe('Counted before, still there, no longer counted.'),
  }),
  findings: z
    .strictObject({ introduced: z.array(oneSided), fixed: z.array(oneSided), unchanged: z.array(finding) })
    .describe('Most severe first.'),
});
