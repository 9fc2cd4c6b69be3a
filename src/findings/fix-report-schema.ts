import { z } from 'zod';
import { diagnosticSchema } from './report-schema.ts';
import { digest, number, time } from './schema-parts.ts';

/* The published form of the fix report; like the scan report's, only tools and tests import it. */

const totals = z.strictObject({
  total: number,
  critical: number,
  high: number,
  medium: number,
  low: number,
  unknown: number,
});

const outcome = z.strictObject({
  id: z.string(),
  package: z.string().nullable().describe('Binary package; null when it concerns no package of the image.'),
  from: z.string().nullable(),
  to: z.string().nullable(),
  outcome: z.enum([
    'invalid_metadata',
    'unsupported',
    'not_affected',
    'end_of_life',
    'no_fix_published',
    'fix_not_in_repository',
    'held',
    'conflict',
    'download_failed',
    'needs_script',
    'cancelled',
    'still_present',
    'fixed',
  ]),
  detail: z.string().nullable(),
  evidence: z.strictObject({
    rescan: z.enum(['absent', 'present']).nullable(),
    changelog: z.enum(['names the CVE', 'silent']).nullable(),
  }),
  platform: z.string().optional(),
});

const task = z.strictObject({
  id: z.string().regex(/^ivf-/),
  status: z.enum(['running', 'success', 'partial', 'failed', 'cancelled']),
  stage: z.enum([
    'queued',
    'planned',
    'fetching',
    'building',
    'pushing',
    'verifying',
    'promoted',
    'failed',
    'cancelled',
  ]),
  startedAt: time,
  finishedAt: time.nullable(),
  reason: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

const layer = z.strictObject({ digest, size: number, files: number, removed: number });

const result = z.strictObject({
  reference: z.string(),
  digest,
  indexDigest: digest.nullable(),
  layer,
  platforms: z
    .array(z.strictObject({ platform: z.string(), digest, layer }))
    .optional()
    .describe('Where the task covers several platforms; digest and layer are then those of the first.'),
  referrers: z.array(z.strictObject({ artifactType: z.string(), digest })),
});

/** The fix report, schema version 1. */
export const fixReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  task,
  source: z.strictObject({ reference: z.string(), digest, platform: z.string() }),
  result: result.nullable().describe('null when nothing was built or the result was held back.'),
  requested: z.array(z.string()).describe('Vulnerability ids after expanding the selection, sorted.'),
  outcomes: z.array(outcome),
  upgrades: z.array(
    z.strictObject({
      name: z.string(),
      arch: z.string(),
      from: z.string().nullable(),
      to: z.string(),
      repository: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      reason: z.enum(['requested', 'dependency', 'same source']),
    }),
  ),
  verification: z
    .strictObject({
      report: z.string().describe('Digest of the rescan report.'),
      remaining: z.array(z.string()),
      introduced: z.array(z.string()),
      sideEffects: z.array(z.string()).describe('Findings that vanished without having been asked for.'),
      integrity: z.strictObject({ files: number, mismatches: number }),
    })
    .nullable(),
  counts: z.strictObject({ before: totals, after: totals.nullable() }),
  diagnostics: z.array(diagnosticSchema),
});
