import { z } from 'zod';
import type { NotificationChannel, NotificationDelivery } from '../../../service/index.ts';
import { iso, isoOrNull, reason, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const eventKinds = [
  'vulnerability.new',
  'scan.failed',
  'advisories.stale',
  'fix.finished',
  'fix.failed',
  'export.ready',
  'export.failed',
  'registry.unreachable',
  'decision.expiring',
  'decision.expired',
  'key.expiring',
] as const;
const levels = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const;
const securities = ['tls', 'starttls', 'none'] as const;
const httpKinds = ['webhook', 'slack', 'dingtalk', 'feishu', 'wecom'] as const;

/** State of a message to a channel. */
export const deliveryState = z.enum(['waiting', 'delivered', 'dead']);

/** Every kind of event. */
export const eventKindsSchema = z.object({
  items: z.array(
    named(
      'NotificationEventKind',
      z.object({
        id: z.enum(eventKinds),
        title: z.string(),
        description: z.string(),
        projects: z.boolean().describe('The choice of projects matters for it'),
        repositories: z.boolean().describe('The choice of repositories matters for it'),
        severity: z.boolean().describe('The minimum severity matters for it'),
      }),
    ),
  ),
});

const target = named(
  'NotificationTarget',
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.enum(httpKinds),
      url: z.string().describe('Scheme, host and port; the rest is secret'),
      hasSecret: z.boolean(),
      ca: z.string().nullable(),
    }),
    z.object({
      kind: z.literal('mail'),
      host: z.string(),
      port: z.number(),
      security: z.enum(securities),
      username: z.string().nullable(),
      hasPassword: z.boolean(),
      from: z.string(),
      to: z.array(z.string()),
      ca: z.string().nullable(),
    }),
  ]),
);

const quietHours = named(
  'QuietHours',
  z.strictObject({
    zone: z.string().min(1).max(64).describe('IANA name: `Asia/Shanghai`'),
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM'),
    to: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'HH:MM'),
    criticalBreaksThrough: z.boolean().describe('Critical vulnerabilities do not wait'),
  }),
);

/** A channel that was set up; it never holds a secret. */
export const channelSchema = named(
  'NotificationChannel',
  z.object({
    id: z.number(),
    name: z.string(),
    enabled: z.boolean(),
    target,
    events: z.array(z.enum(eventKinds)),
    minSeverity: z.enum(levels),
    projects: z.array(z.number()).nullable(),
    repositories: z.array(z.string()),
    quietHours: quietHours.nullable(),
    waiting: z.number().describe('Messages that wait for their first or next attempt'),
    dead: z.number().describe('Messages that were given up'),
    lastDeliveredAt: timeOrNull,
    createdAt: time,
    updatedAt: time,
  }),
);

/** A channel as the API shows it. */
export function channelJson(channel: NotificationChannel) {
  return {
    ...channel,
    lastDeliveredAt: isoOrNull(channel.lastDeliveredAt),
    createdAt: iso(channel.createdAt),
    updatedAt: iso(channel.updatedAt),
  };
}

const url = z.string().min(1).max(2000).describe('Whole address with its token; kept sealed and never shown');
const secret = z.string().min(1).max(500).describe('Signs messages; kept sealed and never shown');
const ca = z.string().max(100_000).nullable().describe('PEM certificates to trust in addition');
const mail = {
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65_535).describe('465 for `tls`, 587 for `starttls`, 25 for `none` unless given'),
  security: z.enum(securities).describe('`starttls` unless given'),
  username: z.string().min(1).max(300).nullable(),
  password: z.string().min(1).max(10_000).nullable().describe('Kept sealed and never shown'),
  from: z.string().min(3).max(320),
  to: z.array(z.string().min(3).max(320)).min(1).max(50),
  ca,
};

const newTarget = named(
  'NewNotificationTarget',
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('webhook'), url, secret: secret.min(16), ca: ca.optional() }),
    z.strictObject({ kind: z.enum(['slack', 'wecom']), url, ca: ca.optional() }),
    z.strictObject({
      kind: z.enum(['dingtalk', 'feishu']),
      url,
      secret: secret.nullable().optional().describe('Of the security setting with a signature; kept sealed'),
      ca: ca.optional(),
    }),
    z
      .strictObject({ kind: z.literal('mail'), ...mail })
      .partial()
      .extend({ kind: z.literal('mail'), host: mail.host, from: mail.from, to: mail.to }),
  ]),
);

const targetChange = named(
  'NotificationTargetChange',
  z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('webhook'),
      url: url.optional(),
      secret: secret.min(16).optional(),
      ca: ca.optional(),
    }),
    z.strictObject({ kind: z.enum(['slack', 'wecom']), url: url.optional(), ca: ca.optional() }),
    z.strictObject({
      kind: z.enum(['dingtalk', 'feishu']),
      url: url.optional(),
      secret: secret.nullable().optional(),
      ca: ca.optional(),
    }),
    z
      .strictObject(mail)
      .partial()
      .extend({ kind: z.literal('mail') }),
  ]),
);

const rules = {
  name: z.string().min(1).max(100),
  enabled: z.boolean(),
  events: z.array(z.enum(eventKinds)).min(1).max(50),
  minSeverity: z.enum(levels).describe('Of vulnerabilities; `high` unless given, `unknown` for all'),
  projects: z.array(z.number().int().positive()).min(1).max(1000).nullable().describe('Null = all'),
  repositories: z.array(z.string().min(1).max(255)).max(200).describe('Globs: `team/*`, `base/**`; empty = all'),
  quietHours: quietHours.nullable(),
};

/** A channel to set up. */
export const newChannelSchema = named(
  'NewNotificationChannel',
  z.strictObject(rules).partial().extend({ name: rules.name, events: rules.events, target: newTarget }),
);

/** A change of a channel: members that are given; secrets that are left out stay. */
export const channelChangeSchema = named(
  'NotificationChannelChange',
  z.strictObject({ ...rules, target: targetChange }).partial(),
);

/** How a test message fared. */
export const testOutcomeSchema = named(
  'NotificationTestOutcome',
  z.object({
    delivered: z.boolean(),
    httpStatus: z.number().nullable(),
    failure: z.object({ code: z.string(), message: z.string(), hint: z.string().nullable() }).nullable(),
    durationMs: z.number(),
  }),
);

/** One message to one channel. */
export const deliverySchema = named(
  'NotificationDelivery',
  z.object({
    id: z.number(),
    channelId: z.number(),
    channelName: z.string(),
    event: z.enum(eventKinds),
    eventId: z.string().describe('The same in every repetition of the message'),
    title: z.string(),
    severity: z.enum(levels).nullable(),
    projectId: z.number().nullable(),
    state: deliveryState,
    attempts: z.number(),
    httpStatus: z.number().nullable(),
    failure: reason.describe('Of the last attempt'),
    nextAt: timeOrNull.describe('When it is tried next'),
    createdAt: time,
    finishedAt: timeOrNull,
  }),
);

/** A delivery as the API shows it. */
export function deliveryJson(delivery: NotificationDelivery) {
  return {
    ...delivery,
    nextAt: isoOrNull(delivery.nextAt),
    createdAt: iso(delivery.createdAt),
    finishedAt: isoOrNull(delivery.finishedAt),
  };
}
