import { type ExpressionBuilder, type Insertable, type Kysely, sql, type Transaction } from 'kysely';
import type { RegistryFields, RegistryQuery, RegistryRecord, RegistryStore } from '../../../inventory/index.ts';
import { newInstanceId, vendorType } from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { appendEvents } from '../work/outbox.ts';
import { registryColumns, toRegistry } from './rows.ts';
import type { InventoryTables } from './tables.ts';

type Handle = Kysely<Tables>;
type Columns = Partial<Insertable<InventoryTables['registry']>>;

/** Registries as rows of SQL. */
export function createRegistryRows(db: Db): Omit<RegistryStore, 'purgeRemoved'> {
  return {
    insertRegistry: (fields, at) => db.transaction((trx) => insertRegistry(trx, fields, at)),
    updateRegistry: (id, fields, at) => db.transaction((trx) => updateRegistry(trx, id, fields, at)),
    async markRemoved(id, at) {
      return db.transaction(async (trx) => {
        const query = trx.updateTable('registry').set({ removed_at: at, password: null, hook_secret: null });
        const { numUpdatedRows } = await query.where('id', '=', id).where('removed_at', 'is', null).executeTakeFirst();
        if (numUpdatedRows > 0n) await takeIds(trx, 'inventory_seq', 1);
        return numUpdatedRows > 0n;
      });
    },
    registry: (id) => findRegistry(db.kysely, 'id', id),
    registryByInstance: (instanceId) => findRegistry(db.kysely, 'instance_id', instanceId),
    registries: (query) => listRegistries(db.kysely, query),
    async secrets(id) {
      const row = await db.kysely
        .selectFrom('registry')
        .select(['password', 'hook_secret', 'scan_new'])
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return row ? { password: row.password, hookSecret: row.hook_secret, scanNew: row.scan_new === 1 } : null;
    },
    setHookSecret: (id, sealed, at) => setColumns(db, id, { hook_secret: sealed, updated_at: at }),
    async setState(id, { state, reason, abilities }, at) {
      const told = abilities === undefined ? {} : { abilities: JSON.stringify(abilities) };
      const columns = { state, state_reason: reason, checked_at: at, ...told };
      await db.transaction(async (trx) => {
        const visible = trx.selectFrom('registry').where('id', '=', id).where('removed_at', 'is', null);
        const before = await visible.select(['name', 'state', 'project_id']).executeTakeFirst();
        await setColumnsIn(trx, id, columns);
        if (before === undefined || before.state === state) return;
        const payload = { registry: id, name: before.name, state, reason };
        await appendEvents(trx, db.dialect, [{ at, topic: 'registry.state', projectId: before.project_id, payload }]);
      });
    },
    reserveScans: (id, n, now) => db.transaction((trx) => reserveScans(trx, id, n, now)),
  };
}

/** Registries that were not removed. */
export function visibleRegistries(handle: Handle) {
  return handle
    .selectFrom('registry')
    .select(registryColumns)
    .select(sql<number>`CASE WHEN registry.password IS NULL THEN 0 ELSE 1 END`.as('has_password'))
    .where('registry.removed_at', 'is', null);
}

async function setColumns(db: Db, id: number, columns: Columns): Promise<boolean> {
  return db.transaction((trx) => setColumnsIn(trx, id, columns));
}

async function setColumnsIn(trx: Transaction<Tables>, id: number, columns: Columns): Promise<boolean> {
  const query = trx.updateTable('registry').set(columns).where('id', '=', id).where('removed_at', 'is', null);
  const { numUpdatedRows } = await query.executeTakeFirst();
  if (numUpdatedRows > 0n) await takeIds(trx, 'inventory_seq', 1);
  return numUpdatedRows > 0n;
}

async function findRegistry(
  handle: Handle,
  column: 'id' | 'instance_id',
  value: number | string,
): Promise<RegistryRecord | null> {
  const row = await visibleRegistries(handle)
    .where(`registry.${column}`, '=', value as never)
    .executeTakeFirst();
  return row ? toRegistry(row) : null;
}

async function isTaken(trx: Handle, name: string, except: number): Promise<boolean> {
  const query = trx.selectFrom('registry').select('id').where('name', '=', name).where('removed_at', 'is', null);
  return (await query.where('id', '<>', except).executeTakeFirst()) !== undefined;
}

async function insertRegistry(trx: Handle, fields: RegistryFields, at: number): Promise<RegistryRecord | null> {
  // The counter's lock lets one writer at a time look for names.
  await takeIds(trx, 'inventory_seq', 1);
  if (await isTaken(trx, fields.name, 0)) return null;
  const { id } = await trx
    .insertInto('registry')
    .values({
      ...(toColumns(fields) as Insertable<InventoryTables['registry']>),
      instance_id: newInstanceId(),
      next_scan_at: 0,
      state: 'new',
      state_reason: null,
      sync_run: 0,
      created_at: at,
      updated_at: at,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return findRegistry(trx, 'id', id);
}

async function updateRegistry(
  trx: Handle,
  id: number,
  fields: Partial<RegistryFields>,
  at: number,
): Promise<RegistryRecord | null | 'name_taken'> {
  await takeIds(trx, 'inventory_seq', 1);
  const before = await findRegistry(trx, 'id', id);
  if (before === null) return null;
  if (fields.name !== undefined && (await isTaken(trx, fields.name, id))) return 'name_taken';
  const type =
    fields.vendor === undefined && fields.kind === undefined
      ? {}
      : { vendor_type: vendorType(fields.kind ?? before.kind, fields.vendor ?? before.vendor) };
  await trx
    .updateTable('registry')
    .set({ ...toColumns(fields), ...type, updated_at: at })
    .where('id', '=', id)
    .execute();
  if (fields.projectId !== undefined && fields.projectId !== before.projectId) {
    // Images are read with their repository: only its project decides who sees them.
    await trx.updateTable('repository').set({ project_id: fields.projectId }).where('registry_id', '=', id).execute();
  }
  return findRegistry(trx, 'id', id);
}

function toColumns(fields: Partial<RegistryFields>): Columns {
  const columns: Columns = {
    name: fields.name,
    kind: fields.kind,
    base_url: fields.baseUrl,
    connect_address: fields.connectAddress,
    region: fields.region,
    project_id: fields.projectId,
    username: fields.username,
    password: fields.password,
    include: fields.include && JSON.stringify(fields.include),
    exclude: fields.exclude && JSON.stringify(fields.exclude),
    refs: fields.references && JSON.stringify(fields.references),
    schedule: fields.schedule,
    scans_per_hour: fields.scansPerHour,
    scan_new: fields.scanNew === undefined ? undefined : Number(fields.scanNew),
    vendor: fields.vendor && JSON.stringify(fields.vendor),
    vendor_type: fields.kind && fields.vendor && vendorType(fields.kind, fields.vendor),
    insecure: fields.insecure === undefined ? undefined : Number(fields.insecure),
    ca: fields.ca,
  } as Columns;
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

async function listRegistries(
  handle: Handle,
  query: RegistryQuery,
): Promise<{ rows: readonly (RegistryRecord & { images: number })[]; total: number }> {
  if (query.projects !== 'all' && query.projects.length === 0) return { rows: [], total: 0 };
  const matching = (eb: ExpressionBuilder<Tables, 'registry'>) => eb.and(conditions(eb, query));
  const { total } = await handle
    .selectFrom('registry')
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .where('removed_at', 'is', null)
    .where(matching)
    .executeTakeFirstOrThrow();
  const { window } = query;
  const page = visibleRegistries(handle).where(matching).orderBy('registry.id').limit(window.limit);
  const found = await ('offset' in window
    ? page.offset(window.offset)
    : page.where('registry.id', '>', window.afterId)
  ).execute();
  const counts = await countImages(
    handle,
    found.map(({ id }) => id),
  );
  return {
    rows: found.map((row) => ({ ...toRegistry(row), images: counts.get(row.id) ?? 0 })),
    total: Number(total),
  };
}

function conditions(eb: ExpressionBuilder<Tables, 'registry'>, query: RegistryQuery) {
  const { projects, nameContains, types, notTypes } = query;
  return [
    ...(projects === 'all' ? [] : [eb('registry.project_id', 'in', projects)]),
    ...(nameContains
      ? [sql<boolean>`lower(registry.name) LIKE ${likeText(nameContains.toLowerCase())} ESCAPE '\\'`]
      : []),
    ...(types && types.length > 0 ? [eb('registry.vendor_type', 'in', types)] : []),
    ...(notTypes && notTypes.length > 0 ? [eb('registry.vendor_type', 'not in', notTypes)] : []),
  ];
}

function likeText(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, (char) => `\\${char}`)}%`;
}

async function countImages(handle: Handle, registryIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  if (registryIds.length === 0) return new Map();
  const rows = await handle
    .selectFrom('inventory_image')
    .innerJoin('repository', 'repository.id', 'inventory_image.repo_id')
    .select(({ fn }) => ['repository.registry_id', fn.countAll<number>().as('images')])
    .where('repository.registry_id', 'in', registryIds)
    .where('inventory_image.until_at', 'is', null)
    .groupBy('repository.registry_id')
    .execute();
  return new Map(rows.map((row) => [row.registry_id, Number(row.images)]));
}

async function reserveScans(
  trx: Handle,
  id: number,
  n: number,
  now: number,
): Promise<{ firstAt: number; stepMs: number }> {
  // A write that changes nothing, for the row's lock.
  const row = await trx
    .updateTable('registry')
    .set(({ ref }) => ({ next_scan_at: ref('next_scan_at') }))
    .where('id', '=', id)
    .returning(['scans_per_hour', 'next_scan_at'])
    .executeTakeFirst();
  const limit = row?.scans_per_hour ?? null;
  if (row === undefined || limit === null) return { firstAt: now, stepMs: 0 };
  const stepMs = Math.ceil(3_600_000 / limit);
  const firstAt = Math.max(now, row.next_scan_at);
  await trx
    .updateTable('registry')
    .set({ next_scan_at: firstAt + n * stepMs })
    .where('id', '=', id)
    .execute();
  return { firstAt, stepMs };
}
