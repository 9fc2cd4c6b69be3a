import { z } from 'zod';
import type { Ability, RegistryRecord } from '../../../inventory/index.ts';
import { iso, isoOrNull, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

const ability = z.object({
  state: z.enum(['yes', 'no', 'unknown']),
  code: z.string().nullable(),
  reason: z.string().nullable(),
});

/** What of a registry works, and why the rest does not. */
export const abilitiesSchema = named(
  'RegistryAbilities',
  z.object({ list: ability, pull: ability, push: ability, delete: ability, referrers: ability } satisfies Record<
    string,
    z.ZodType<Ability>
  >),
);

/** A registry that was onboarded; it never holds a password. */
export const registrySchema = named(
  'Registry',
  z.object({
    id: z.number(),
    instanceId: z.string(),
    name: z.string(),
    kind: z.enum(['oci', 'harbor', 'static']),
    baseUrl: z.string(),
    connectAddress: z.string().nullable(),
    region: z.string(),
    projectId: z.number(),
    username: z.string().nullable(),
    hasPassword: z.boolean(),
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    references: z.array(z.string()),
    schedule: z.string().nullable(),
    scansPerHour: z.number().nullable(),
    insecure: z.boolean(),
    ca: z.string().nullable(),
    state: z.enum(['new', 'ok', 'degraded', 'unreachable']),
    stateReason: z.string().nullable(),
    abilities: abilitiesSchema.nullable(),
    images: z.number().optional().describe('In lists'),
    checkedAt: timeOrNull,
    syncedAt: timeOrNull,
    createdAt: time,
    updatedAt: time,
  }),
);

/** A registry as the API shows it. */
export function registryJson(registry: RegistryRecord & { readonly images?: number }) {
  return {
    ...registry,
    checkedAt: isoOrNull(registry.checkedAt),
    syncedAt: isoOrNull(registry.syncedAt),
    createdAt: iso(registry.createdAt),
    updatedAt: iso(registry.updatedAt),
  };
}

const globs = z.array(z.string().min(1).max(300)).max(1000);

const changeable = {
  name: z.string().min(1).max(100),
  baseUrl: z.string().min(1).max(500).describe('`https://registry.example.com:5000`'),
  connectAddress: z.string().max(300).nullable(),
  region: z.string().max(100),
  username: z.string().max(300).nullable(),
  password: z.string().max(10_000).nullable().describe('Kept sealed and never shown'),
  include: globs,
  exclude: globs,
  references: z.array(z.string().min(1).max(600)).max(10_000),
  schedule: z.string().max(200).nullable().describe('Cron expression'),
  scansPerHour: z.number().int().min(1).max(100_000).nullable(),
  insecure: z.boolean(),
  ca: z.string().max(100_000).nullable().describe('PEM'),
  scanNew: z.boolean(),
};

/** A registry to onboard. */
export const newRegistrySchema = named(
  'NewRegistry',
  z
    .strictObject({ ...changeable, projectId: z.number().int().positive() })
    .partial()
    .extend({ name: changeable.name, baseUrl: changeable.baseUrl, kind: z.enum(['oci', 'harbor', 'static']) }),
);

/** A change of a registry: members that are given. */
export const registryChangeSchema = named('RegistryChange', z.strictObject(changeable).partial());
