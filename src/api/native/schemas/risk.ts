import { z } from 'zod';
import type { RiskGroup, RiskHit, RiskImage, RiskKind } from '../../../service/index.ts';
import { iso, isoOrNull, time, timeOrNull } from './common.ts';
import { imageJson, imageSchema } from './image.ts';
import { named } from './named.ts';

/** Kinds of risks by the word of their paths. */
export const riskPaths = {
  baseline: 'baseline',
  instructions: 'instruction',
  malicious: 'malicious',
  sensitive: 'sensitive',
} as const satisfies Record<string, RiskKind>;

/** How findings stand. */
export const riskStatuses = ['open', 'verifying', 'handled', 'whitelisted', 'false_positive'] as const;

const text = named('Text', z.object({ en: z.string(), zh: z.string() }));

/** Numbers by level. */
export const riskLevelsSchema = named(
  'RiskLevels',
  z.object({
    high: z.number().describe('Of malicious files: serious'),
    medium: z.number().describe('Of malicious files: suspicious'),
    low: z.number().describe('Of malicious files: remind'),
    total: z.number(),
  }),
);

const texts = {
  classKey: z.string(),
  className: text,
  nameKey: z.string(),
  name: text,
  ruleKey: z.string(),
  title: text,
  description: text,
  advice: text,
};
const kind = z.enum(['baseline', 'instruction', 'malicious', 'sensitive']);
const level = z.enum(['high', 'medium', 'low', 'serious', 'suspicious', 'remind']);

/** One finding of one image. */
export const riskHitSchema = named(
  'RiskHit',
  z.object({
    id: z.number().describe('Given out when it is first shown; stays'),
    kind,
    image: z.object({ uuid: z.string(), digest: z.string(), repository: z.string(), tag: z.string().nullable() }),
    level,
    ...texts,
    finding: z.looseObject({}).describe('As in docs/api/report.schema.json; secrets are masked'),
    counted: z.boolean().describe('False: it is only listed'),
    status: z.enum(riskStatuses),
    decision: z
      .object({ ruleId: z.number(), reason: z.string(), by: z.string(), until: timeOrNull })
      .nullable()
      .describe('What decided its status'),
    firstSeen: time,
    lastSeen: time,
    lastVerified: time.describe('The last scan that looked for it'),
  }),
);

/** A finding as the API shows it. */
export function riskHitJson({ image, finding, decision, firstSeen, lastSeen, lastVerified, ...hit }: RiskHit) {
  return {
    ...hit,
    image: { uuid: image.uuid, digest: image.digest, repository: image.repository.path, tag: image.tag },
    finding: { ...finding },
    decision: decision && { ...decision, until: isoOrNull(decision.until) },
    ...{ firstSeen: iso(firstSeen), lastSeen: iso(lastSeen), lastVerified: iso(lastVerified) },
  };
}

/** Findings of one rule, one file or one baseline over images. */
export const riskGroupSchema = named(
  'RiskGroup',
  z.object({
    kind,
    key: z.string().describe('Item of a check, rule of a secret, MD5 of a malicious file, or key of the baseline'),
    ...texts,
    level: level.describe('The worst'),
    images: riskLevelsSchema.describe('Images by their worst finding of the group'),
    openImages: z.number(),
    hits: riskLevelsSchema,
    status: z.enum(riskStatuses).describe('`open` while any of it is'),
    firstSeen: time,
    lastSeen: time,
  }),
);

/** A group as the API shows it. */
export function riskGroupJson({ firstSeen, lastSeen, ...group }: RiskGroup) {
  return { ...group, firstSeen: iso(firstSeen), lastSeen: iso(lastSeen) };
}

/** An image with what a query selects of it. */
export const riskImageSchema = named(
  'RiskImage',
  z.object({
    image: imageSchema,
    level,
    hits: riskLevelsSchema,
    status: z.enum(riskStatuses),
    firstSeen: time,
    lastSeen: time,
  }),
);

/** An image with risks as the API shows it. */
export function riskImageJson({ image, firstSeen, lastSeen, ...rest }: RiskImage) {
  return { ...rest, image: imageJson(image), firstSeen: iso(firstSeen), lastSeen: iso(lastSeen) };
}
