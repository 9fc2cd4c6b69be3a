import { z } from 'zod';
import { named } from './named.ts';

/** Numbers by day. */
export const trendSchema = named(
  'Trend',
  z.object({
    items: z.array(
      named(
        'TrendDay',
        z.object({
          day: z.string().describe('`2026-11-30`, UTC'),
          critical: z.number(),
          high: z.number(),
          medium: z.number(),
          low: z.number(),
          unknown: z.number(),
          total: z.number().describe('Sum of the severities: open findings of packages'),
          fixable: z.number(),
          kev: z.number().describe('Findings known to be exploited'),
          images: z.number(),
          scanned: z.number(),
          imagesAtRisk: z.number(),
          baseline: z.number(),
          instruction: z.number(),
          malicious: z.number(),
          sensitive: z.number(),
        }),
      ),
    ),
  }),
);

const group = named(
  'WorklistGroup',
  z.object({
    key: z
      .string()
      .describe(
        'kev_fixable, malicious, critical_fixable, high_fixable, sensitive_high, scan_failed, scan_incomplete, end_of_life, never_scanned, stale_scan',
      ),
    filter: z.string().describe('`q` of /images for exactly these images'),
    images: z.number(),
    fixable: z.number().describe('Open findings with a fix: those that the filter names, else all of these images'),
    top: z
      .array(
        z.object({
          uuid: z.string(),
          registry: z.string(),
          repository: z.string(),
          tag: z.string().nullable(),
          digest: z.string(),
        }),
      )
      .describe('The worst three'),
  }),
);

/** What to do first, and how scans went. */
export const worklistSchema = named(
  'Worklist',
  z.object({
    groups: z.array(group).describe('The most urgent first; empty ones are left out'),
    scanHealth: z.object({
      images: z.number(),
      states: z.array(z.object({ state: z.string(), images: z.number(), filter: z.string() })),
      reasons: z.array(z.object({ state: z.string(), code: z.string(), message: z.string(), images: z.number() })),
    }),
  }),
);

/** What upgrading versions of a package would end. */
export const adviceSchema = named(
  'PackageAdviceList',
  z.object({
    items: z.array(
      named(
        'PackageAdvice',
        z.object({
          purl: z.string(),
          type: z.string(),
          name: z.string(),
          version: z.string(),
          images: z.number().describe('Current images that hold it'),
          findings: z.number().describe('Open findings with a published fix, over these images'),
          upgrades: z
            .array(z.object({ to: z.string(), removes: z.number() }))
            .describe('Announced fixed versions, the lowest first; `removes` counts what earlier ones end, too'),
        }),
      ),
    ),
  }),
);
