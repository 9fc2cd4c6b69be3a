import type { Selectable } from 'kysely';
import type { RegistryAbilities, RegistryKind, RegistryRecord, RepositoryRecord } from '../../../inventory/index.ts';
import type { InventoryTables } from './tables.ts';

/** Columns of a registry that its record is made of; no sealed bytes among them. */
export const registryColumns = [
  'registry.id',
  'registry.instance_id',
  'registry.name',
  'registry.kind',
  'registry.base_url',
  'registry.connect_address',
  'registry.region',
  'registry.project_id',
  'registry.username',
  'registry.include',
  'registry.exclude',
  'registry.refs',
  'registry.schedule',
  'registry.scans_per_hour',
  'registry.vendor',
  'registry.insecure',
  'registry.ca',
  'registry.state',
  'registry.state_reason',
  'registry.abilities',
  'registry.checked_at',
  'registry.synced_at',
  'registry.created_at',
  'registry.updated_at',
] as const;

type Column<T> = T extends `registry.${infer C}` ? C : never;
type RegistryRow = Pick<
  Selectable<InventoryTables['registry']>,
  Extract<Column<(typeof registryColumns)[number]>, keyof InventoryTables['registry']>
> & { readonly has_password: number | boolean };

/** The record of a row. */
export function toRegistry(row: RegistryRow): RegistryRecord {
  return {
    id: row.id,
    instanceId: row.instance_id,
    name: row.name,
    kind: row.kind as RegistryKind,
    baseUrl: row.base_url,
    connectAddress: row.connect_address,
    region: row.region,
    projectId: row.project_id,
    username: row.username,
    hasPassword: Boolean(row.has_password),
    include: JSON.parse(row.include),
    exclude: JSON.parse(row.exclude),
    references: JSON.parse(row.refs),
    schedule: row.schedule,
    scansPerHour: row.scans_per_hour,
    vendor: JSON.parse(row.vendor),
    insecure: row.insecure === 1,
    ca: row.ca,
    state: row.state as RegistryRecord['state'],
    stateReason: row.state_reason,
    abilities: row.abilities === null ? null : (JSON.parse(row.abilities) as RegistryAbilities),
    checkedAt: row.checked_at,
    syncedAt: row.synced_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The record of a row. */
export function toRepository(
  row: Omit<Selectable<InventoryTables['repository']>, 'seen_run' | 'created_at'>,
): RepositoryRecord {
  return {
    id: row.id,
    extId: row.ext_id,
    registryId: row.registry_id,
    projectId: row.project_id,
    namespace: row.namespace,
    name: row.name,
    path: row.path,
    public: row.public === 1,
  };
}

/** A tag as people know it: null for images that have none. */
export function shownTag(tag: string): string | null {
  return tag.startsWith('@') ? null : tag;
}

/** Pieces of a list that fit into one statement. */
export function* pieces<T>(items: readonly T[], size = 500): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
