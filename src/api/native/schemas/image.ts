import { z } from 'zod';
import type { ImageView, RepositoryView } from '../../../service/index.ts';
import { iso, isoOrNull, reason, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const kindCounts = z.object({
  critical: z.number(),
  high: z.number(),
  medium: z.number(),
  low: z.number(),
  unknown: z.number(),
  total: z.number(),
  fixable: z.number(),
});

const levels = z.object({ high: z.number(), medium: z.number(), low: z.number(), total: z.number() });

const counts = named(
  'ImageCounts',
  z.object({
    cve: kindCounts.describe('Findings of operating-system packages, without handled ones'),
    sca: kindCounts.describe('Findings of application packages, without handled ones'),
    baseline: z.number(),
    malicious: z.number(),
    sensitive: z.number(),
    instruction: z.number().describe('Failed checks of build instructions'),
    risks: z
      .object({ baseline: levels, instruction: levels, malicious: levels, sensitive: levels })
      .describe('By level'),
    kev: z.number().describe('Findings known to be exploited'),
    vulnerabilities: z.number().describe('Distinct vulnerabilities'),
    handledCve: z.number(),
    handledSca: z.number(),
    recounting: z.boolean().describe('Advisories are being applied; the numbers are not final'),
  }),
);

/** One image of the inventory with its numbers. */
export const imageSchema = named(
  'Image',
  z.object({
    uuid: z.string(),
    reference: z.string().describe('`host/namespace/name:tag`, or `…@digest` without a tag'),
    registry: z.object({ id: z.number(), name: z.string(), instanceId: z.string() }),
    projectId: z.number(),
    repository: z.string(),
    tag: z.string().nullable(),
    tagImmutable: z.boolean(),
    digest: z.string(),
    indexDigest: z.string().nullable(),
    configDigest: z.string().nullable(),
    platform: z.string().nullable(),
    size: z.number().nullable().describe('Bytes of the compressed layers'),
    createdAt: timeOrNull,
    since: time.describe('Since when the tag points here'),
    until: timeOrNull.describe('Until when it did; null = it still does'),
    os: z.object({ id: z.string(), versionId: z.string().nullable(), name: z.string().nullable() }).nullable(),
    scan: z.object({
      state: z.string(),
      reason,
      finishedAt: timeOrNull,
      progress: z.number().nullable().describe('Percent of a running scan'),
    }),
    counts,
    fixedFrom: z.string().nullable().describe('uuid of the image that a fix made this one from'),
  }),
);

/** Host and path of an image, as `docker pull` wants it. */
function referenceOf(image: ImageView): string {
  const host = image.registry.baseUrl.replace(/^https?:\/\//, '');
  const name = `${host}/${image.repository.path}`;
  return image.tag === null ? `${name}@${image.digest}` : `${name}:${image.tag}`;
}

/** An image as the API shows it. */
export function imageJson(image: ImageView) {
  return {
    uuid: image.uuid,
    reference: referenceOf(image),
    registry: { id: image.registry.id, name: image.registry.name, instanceId: image.registry.instanceId },
    projectId: image.repository.projectId,
    repository: image.repository.path,
    tag: image.tag,
    tagImmutable: image.tagImmutable,
    digest: image.digest,
    indexDigest: image.indexDigest,
    configDigest: image.configDigest,
    platform: image.platform,
    size: image.size,
    createdAt: isoOrNull(image.createdAt),
    since: iso(image.since),
    until: isoOrNull(image.until),
    os: image.os,
    scan: {
      state: image.scan.state,
      reason: image.scan.reason,
      finishedAt: isoOrNull(image.scan.at),
      progress: image.scanProgress,
    },
    counts: image.counts,
    fixedFrom: image.fixedFrom,
  };
}

/** A repository with sums over its current images. */
export const repositorySchema = named(
  'Repository',
  z.object({
    id: z.string(),
    registry: z.object({ id: z.number(), name: z.string() }),
    projectId: z.number(),
    path: z.string(),
    public: z.boolean(),
    images: z.number(),
    imagesAtRisk: z.number(),
    vulnerabilities: z.number(),
  }),
);

/** A repository as the API shows it. */
export function repositoryJson(repository: RepositoryView) {
  return {
    id: repository.extId,
    registry: { id: repository.registry.id, name: repository.registry.name },
    projectId: repository.projectId,
    path: repository.path,
    public: repository.public,
    images: repository.images,
    imagesAtRisk: repository.imagesAtRisk,
    vulnerabilities: repository.vulnerabilities,
  };
}
