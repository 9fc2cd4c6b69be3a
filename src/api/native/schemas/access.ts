import { z } from 'zod';
import type { AuditRecord, KeyRecord, TokenRecord, UserRecord } from '../../../access/index.ts';
import { iso, isoOrNull, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const projects = z.union([z.literal('all'), z.array(z.number().int().positive()).max(10_000)]);

/** A policy of a user with the projects that it counts in. */
export const grantSchema = named('Grant', z.strictObject({ policy: z.string().min(1).max(100), projects }));

/** A user; it never holds a password. */
export const userSchema = named(
  'User',
  z.object({
    id: z.number(),
    name: z.string(),
    hasPassword: z.boolean(),
    disabled: z.boolean(),
    grants: z.array(grantSchema),
    createdAt: time,
    updatedAt: time,
  }),
);

/** A user as the API shows it. */
export function userJson(user: UserRecord) {
  return { ...user, createdAt: iso(user.createdAt), updatedAt: iso(user.updatedAt) };
}

/** Rules of a policy. */
export const statementsSchema = z
  .array(
    z.strictObject({
      effect: z.enum(['Allow', 'Deny']),
      actions: z
        .array(z.string().regex(/^[\w:*-]{1,200}$/, 'like `drydock:image:read`, with `*` for any characters'))
        .min(1)
        .max(1000),
    }),
  )
  .min(1)
  .max(1000);

/** A named set of rules. */
export const policySchema = named(
  'Policy',
  z.object({ name: z.string(), builtIn: z.boolean(), statements: statementsSchema }),
);

/** A project. */
export const projectSchema = named('Project', z.object({ id: z.number(), name: z.string(), extId: z.string() }));

/** An access key without its secret. */
export const keySchema = named(
  'AccessKey',
  z.object({
    id: z.string(),
    userId: z.number(),
    active: z.boolean(),
    createdAt: time,
    expiresAt: timeOrNull,
    lastUsedAt: timeOrNull,
  }),
);

/** An access key as the API shows it. */
export function keyJson(key: KeyRecord) {
  return {
    ...key,
    createdAt: iso(key.createdAt),
    expiresAt: isoOrNull(key.expiresAt),
    lastUsedAt: isoOrNull(key.lastUsedAt),
  };
}

/** A robot token without its text. */
export const tokenSchema = named(
  'Token',
  z.object({
    id: z.number(),
    userId: z.number(),
    name: z.string().nullable(),
    statements: statementsSchema.nullable().describe('Narrows the rights of the user; null = as the user'),
    issuedAt: time,
    expiresAt: time,
    lastUsedAt: timeOrNull,
  }),
);

/** A token as the API shows it. */
export function tokenJson({ policy, ...token }: TokenRecord) {
  return {
    ...token,
    statements: policy,
    issuedAt: iso(token.issuedAt),
    expiresAt: iso(token.expiresAt),
    lastUsedAt: isoOrNull(token.lastUsedAt),
  };
}

/** One entry of the audit log. */
export const auditSchema = named(
  'AuditEntry',
  z.object({
    seq: z.number(),
    at: time,
    actor: z.object({
      name: z.string(),
      userId: z.number().nullable(),
      accessKeyId: z.string().nullable(),
      address: z.string().nullable(),
      requestId: z.string(),
    }),
    action: z.string(),
    object: z.string(),
    projectId: z.number().nullable(),
    detail: z.record(z.string(), z.unknown()),
  }),
);

/** An entry of the audit log as the API shows it. */
export function auditJson(entry: AuditRecord) {
  return { ...entry, at: iso(entry.at) };
}
