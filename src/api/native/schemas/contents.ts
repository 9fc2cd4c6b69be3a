import { z } from 'zod';
import type { ImageHead, Lineage, LineageFix } from '../../../service/index.ts';
import { iso, isoOrNull, reason, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const value = named(
  'ConfigValue',
  z.object({ name: z.string(), value: z.string(), masked: z.boolean().describe('A secret in it is masked') }),
);

/** How an image runs and was built. */
export const imageConfigSchema = named(
  'ImageConfig',
  z.object({
    digest: z.string(),
    created: z.string().nullable().describe('As written'),
    author: z.string().nullable(),
    architecture: z.string().nullable(),
    os: z.string().nullable(),
    variant: z.string().nullable(),
    user: z.string().nullable(),
    workingDir: z.string().nullable(),
    stopSignal: z.string().nullable(),
    entrypoint: z.array(z.string()).nullable(),
    cmd: z.array(z.string()).nullable(),
    env: z.array(value),
    labels: z.array(value),
    exposedPorts: z.array(z.string()),
    volumes: z.array(z.string()),
    healthcheck: z
      .object({
        test: z.array(z.string()),
        interval: z.number().nullable().describe('Nanoseconds'),
        timeout: z.number().nullable(),
        startPeriod: z.number().nullable(),
        retries: z.number().nullable(),
      })
      .nullable(),
    history: z
      .array(
        z.object({
          createdAt: z.string().nullable().describe('As written'),
          createdBy: z.string().nullable(),
          comment: z.string().nullable(),
          author: z.string().nullable(),
          emptyLayer: z.boolean(),
          masked: z.boolean(),
          layer: z
            .object({
              digest: z.string(),
              size: z.number(),
              diffId: z.string().nullable(),
              base: z.boolean().nullable().describe('Null when the base image is not known'),
            })
            .nullable(),
        }),
      )
      .describe('Oldest first'),
    truncated: z.boolean(),
  }),
);

/** What refers to an image in its registry. */
export const referrersSchema = named(
  'Referrers',
  z.object({
    subject: z.string(),
    via: z.enum(['api', 'tag']).nullable(),
    reason: reason.describe('Why the registry cannot tell'),
    items: z.array(
      named(
        'Referrer',
        z.object({
          digest: z.string(),
          artifactType: z.string().nullable(),
          mediaType: z.string(),
          size: z.number(),
          annotations: z.array(z.object({ name: z.string(), value: z.string() })),
        }),
      ),
    ),
    truncated: z.boolean(),
  }),
);

const head = named(
  'ImageHead',
  z.object({
    uuid: z.string(),
    registry: z.string(),
    repository: z.string(),
    tag: z.string().nullable(),
    digest: z.string(),
    current: z.boolean().describe('The tag points at it now'),
  }),
);

const fix = named(
  'LineageFix',
  z.object({
    id: z.string(),
    status: z.enum(['running', 'success', 'partial', 'failed', 'cancelled']),
    stage: z.string(),
    newTag: z.string(),
    newImage: head.nullable(),
    createdAt: time,
    finishedAt: timeOrNull,
  }),
);

/** Where an image comes from, and what came of it. */
export const lineageSchema = named(
  'Lineage',
  z.object({
    origin: z.object({ uuid: z.string(), image: head.nullable(), fix: fix.nullable() }).nullable(),
    fixes: z.array(fix).describe('Made from this image, newest first'),
    base: z
      .object({
        method: z.enum(['label', 'layers', 'history']),
        digest: z.string().nullable(),
        layers: z.number(),
        image: head.nullable(),
      })
      .nullable(),
    sameBase: z
      .object({ total: z.number(), items: z.array(head) })
      .describe('Current images with the same packages from the same base layer; the first 20'),
    tag: z
      .object({
        name: z.string(),
        moved: z.boolean(),
        now: z
          .object({ digest: z.string().nullable().describe('Null = removed'), image: head.nullable(), at: time })
          .nullable(),
      })
      .nullable(),
  }),
);

function fixJson(one: LineageFix) {
  return { ...one, createdAt: iso(one.createdAt), finishedAt: isoOrNull(one.finishedAt) };
}

/** A lineage as the API shows it. */
export function lineageJson({ origin, fixes, tag, ...rest }: Lineage) {
  return {
    ...rest,
    origin: origin && { ...origin, fix: origin.fix && fixJson(origin.fix) },
    fixes: fixes.map(fixJson),
    tag: tag && { ...tag, now: tag.now && nowJson(tag.now) },
  };
}

function nowJson(now: { readonly digest: string | null; readonly image: ImageHead | null; readonly at: number }) {
  return { ...now, at: iso(now.at) };
}
