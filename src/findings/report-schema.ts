import { z } from 'zod';
import { scannerNames } from './report.ts';
import { baseline, malicious, sensitive } from './risk-schema.ts';
import { digest, ignored, known, levelCounts, noLevels, nullableText, number, time } from './schema-parts.ts';

/*
 * The published form of the scan report. Loaded only where a report comes from a file, and by tools and tests: zod has
 * no place in the start of the command line, and reports that we wrote ourselves need no check.
 */

const size = z.int().min(0).describe('Bytes.');

/** A problem with one part of an image that did not end the operation. */
export const diagnosticSchema = z.strictObject({
  code: z.string(),
  path: z.string().optional(),
  layer: z.string().optional(),
  message: z.string(),
  partial: z.boolean().optional(),
});

const severityCounts = z.strictObject({
  critical: number,
  high: number,
  medium: number,
  low: number,
  unknown: number,
  total: number,
  fixable: number,
});

const vulnerability = z.strictObject({
  kind: z.enum(['cve', 'sca']).describe('cve = operating-system package, sca = application package.'),
  id: z.string(),
  aliases: z.array(z.string()),
  package: z.string().describe('purl'),
  installedVersion: z.string(),
  fixedVersion: nullableText,
  state: z.enum(['fixed', 'unfixed', 'will_not_fix', 'unimportant', 'end_of_life']),
  severity: z.strictObject({
    level: z.enum(['critical', 'high', 'medium', 'low', 'negligible', 'unknown']),
    source: nullableText,
    score: z.number().min(0).max(10).nullable(),
    vector: nullableText,
  }),
  kev: z.boolean(),
  epss: z.strictObject({ score: z.number().min(0).max(1), percentile: z.number().min(0).max(1) }).nullable(),
  priority: z.enum(['asap', 'later', 'nntf']),
  priorityReason: z.string(),
  title: nullableText,
  layer: z.string(),
  path: z.string(),
  ignored: ignored.nullable(),
  known: known.optional(),
  match: z.strictObject({
    advisory: z.string(),
    ecosystem: z.string(),
    range: z.string(),
    on: z.enum(['source', 'binary']),
  }),
  reachability: z
    .strictObject({ state: z.literal('no'), reason: z.literal('not-linked') })
    .optional()
    .describe('Whether the affected code can run; absent where nothing is known.'),
});

const reportPackage = z.strictObject({
  purl: z.string(),
  type: z.string(),
  name: z.string(),
  version: z.string(),
  arch: nullableText,
  source: z.strictObject({ name: z.string(), version: z.string() }).nullable(),
  locations: z.array(z.strictObject({ path: z.string(), layer: z.string() })),
  ownedBy: nullableText.describe('purl of the package that owns the files: it speaks for this one too.'),
  scope: z.enum(['installed', 'dev', 'declared', 'removed']),
  confidence: z.enum(['high', 'medium', 'low']),
  guessed: z.boolean().describe('Name or version are an estimate: listed, not matched.'),
});

const image = z.strictObject({
  reference: z.string().describe('As asked for.'),
  digest: digest.describe('Of the platform manifest.'),
  indexDigest: digest.nullable(),
  configDigest: digest,
  platform: z.string(),
  created: nullableText,
  size: size.describe('Sum of the layers as stored, bytes.'),
  os: z
    .strictObject({
      id: z.string(),
      versionId: nullableText,
      prettyName: nullableText,
      endOfLife: z
        .string()
        .regex(/^\d{4}-\d\d-\d\d$/)
        .nullable()
        .describe('Day from which the release gets no more fixes, when past.'),
    })
    .nullable(),
  base: z
    .strictObject({ method: z.enum(['label', 'layers', 'history']), layers: number, digest: digest.nullable() })
    .nullable()
    .describe('Lower layers that come from another image, and how that is known.'),
  layers: z.array(
    z.strictObject({
      digest,
      diffId: z.string(),
      size,
      createdBy: nullableText,
      base: z.boolean().nullable().describe('null when the base image is not known.'),
    }),
  ),
});

const counts = z.strictObject({
  cve: severityCounts,
  sca: severityCounts,
  baseline: levelCounts,
  instruction: levelCounts
    .default(noLevels)
    .describe('Failed checks of build instructions, outside of the base image.'),
  malicious: z.strictObject({ serious: number, suspicious: number, remind: number, total: number }),
  sensitive: levelCounts,
});

/** The scan report, schema version 1. */
export const scanReportSchema = z.strictObject({
  schemaVersion: z.literal(1),
  tool: z.strictObject({ name: z.literal('drydock'), version: z.string() }),
  scan: z.strictObject({
    startedAt: time,
    finishedAt: time,
    layersRead: number,
    layersCached: number,
    bytesRead: size.describe('Stored (compressed) bytes read from the source.'),
    state: z.enum(['complete', 'partial', 'unsupported']),
    scanners: z
      .array(z.enum(scannerNames))
      .default(['vuln'])
      .describe('What was looked for; the counts of what is not named here say nothing.'),
  }),
  image,
  advisories: z.strictObject({
    snapshot: z.string(),
    createdAt: time,
    origin: z.enum(['bundled', 'updated', 'imported']),
    sources: z.array(
      z.strictObject({
        id: z.string(),
        records: number,
        modified: nullableText.describe('Newest record.'),
        bulk: nullableText.optional().describe('Time by which nine tenths of the records were last modified.'),
      }),
    ),
  }),
  counts: counts.describe('Of findings that count: neither ignored nor unimportant.'),
  packages: z.array(reportPackage).describe('Sorted by purl.'),
  findings: z
    .array(z.union([vulnerability, baseline, malicious, sensitive]))
    .describe('Sorted by kind, then vulnerabilities by package and id, others by id and path.'),
  checks: z.strictObject({
    passed: z.array(z.string()),
    notApplicable: z.array(z.strictObject({ id: z.string(), why: z.string() })),
    unknown: z
      .array(z.strictObject({ id: z.string(), code: z.string(), why: z.string() }))
      .default([])
      .describe('Could not be decided, which is not the same as passed.'),
    disabled: z.array(z.string()).default([]).describe('Switched off by the policy.'),
  }),
  diagnostics: z.array(diagnosticSchema),
  baseline: z
    .strictObject({
      reference: z.string(),
      digest,
      finishedAt: time,
      known: number.describe('Counted findings that the baseline had.'),
      new: number.describe('Counted findings that it had not.'),
    })
    .optional()
    .describe('The earlier report whose findings are marked known.'),
});
