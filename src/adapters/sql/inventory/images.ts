import { type Kysely, sql } from 'kysely';
import type { Digest } from '../../../image/index.ts';
import type { ImageRow, ImageSelector, ImageStore, InventoryImage, ScanState } from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { digestBytes, digestText, hexColumn, hexDigest } from '../digest-bytes.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { visibleRegistries } from './registries.ts';
import { repositoryColumns } from './repositories.ts';
import { pieces, shownTag, toRegistry, toRepository } from './rows.ts';

type Handle = Kysely<Tables>;
type Reading = Omit<ImageStore, 'deleteVanished'>;

const batchRows = 500;

/** Images as rows of SQL. */
export function createImageRows(db: Db): Reading {
  return {
    async imagesByUuid(uuids) {
      const asked = [...new Set(uuids)];
      const rows = [];
      for (const part of pieces(asked))
        rows.push(...(await imageRows(db.kysely).where('i.uuid', 'in', part).execute()));
      const images = new Map((await complete(db.kysely, rows)).map((image) => [image.uuid, image]));
      return asked.flatMap((uuid) => images.get(uuid) ?? []);
    },
    async imagesById(ids) {
      const asked = [...new Set(ids)];
      const rows = [];
      for (const part of pieces(asked)) rows.push(...(await imageRows(db.kysely).where('i.id', 'in', part).execute()));
      const images = new Map((await complete(db.kysely, rows)).map((image) => [image.id, image]));
      return asked.flatMap((id) => images.get(id) ?? []);
    },
    findImages: (selector, limit) => findImages(db.kysely, selector, limit),
    readImages: (sinceSeq, batch = batchRows) => readImages(db, sinceSeq, batch),
    async readGone(sinceSeq, limit) {
      const gone = db.kysely.selectFrom('inventory_gone').select(['seq', 'image_id']).where('seq', '>', sinceSeq);
      const rows = await gone.orderBy('seq').limit(limit).execute();
      return rows.map(({ seq, image_id }) => ({ seq, imageId: image_id }));
    },
    async lastSeq() {
      const counter = db.kysely.selectFrom('id_block').select('next').where('name', '=', 'inventory_seq');
      return ((await counter.executeTakeFirst())?.next ?? 1) - 1;
    },
    async readRepositories(afterId, limit) {
      const rows = await db.kysely
        .selectFrom('repository')
        .innerJoin('registry', 'registry.id', 'repository.registry_id')
        .select(repositoryColumns)
        .where('registry.removed_at', 'is', null)
        .where('repository.id', '>', afterId)
        .orderBy('repository.id')
        .limit(limit)
        .execute();
      return rows.map(toRepository);
    },
    allRegistries: async () => (await visibleRegistries(db.kysely).orderBy('registry.id').execute()).map(toRegistry),
    setScanState: (manifestIds, state) => db.transaction((trx) => setScanState(trx, manifestIds, state)),
  };
}

function imageTable(handle: Handle) {
  return handle
    .selectFrom('inventory_image as i')
    .innerJoin('repository as r', 'r.id', 'i.repo_id')
    .innerJoin('registry as g', 'g.id', 'r.registry_id')
    .innerJoin('manifest as m', 'm.id', 'i.manifest_id')
    .innerJoin('image as c', 'c.manifest_id', 'i.manifest_id')
    .leftJoin('manifest as x', 'x.id', 'i.index_id')
    .where('g.removed_at', 'is', null);
}

const imageColumns = [
  'i.id',
  'i.seq',
  'i.uuid',
  'i.repo_id',
  'i.tag',
  'i.tag_immutable',
  'i.manifest_id',
  'i.since',
  'i.until_at',
  'i.fixed_from',
  'r.registry_id',
  'r.project_id',
  'c.os',
  'c.arch',
  'c.variant',
  'c.created_at',
  'c.size',
  'c.scan_state',
  'c.scan_code',
  'c.scan_message',
  'c.scanned_at',
  'c.os_id',
  'c.os_version',
  'c.os_name',
] as const;

function imageRows(handle: Handle) {
  return imageTable(handle).select(imageColumns).select(['m.digest', 'x.digest as index_digest', 'c.config_digest']);
}

type Row = Awaited<ReturnType<ReturnType<typeof imageRows>['execute']>>[number];

type Digests<B> = { readonly digest: B; readonly index_digest: B | null; readonly config_digest: B | null };

/** @param digestOf makes a digest of what was read for it */
function toImageRow<B>(row: Omit<Row, keyof Digests<B>> & Digests<B>, digestOf: (read: B) => Digest): ImageRow {
  const maybe = (read: B | null): Digest | null => (read === null ? null : digestOf(read));
  return {
    id: row.id,
    seq: row.seq,
    uuid: row.uuid,
    registryId: row.registry_id,
    repositoryId: row.repo_id,
    projectId: row.project_id,
    tag: shownTag(row.tag),
    tagImmutable: row.tag_immutable === 1,
    manifestId: row.manifest_id,
    digest: digestOf(row.digest),
    indexDigest: maybe(row.index_digest),
    configDigest: maybe(row.config_digest),
    os: row.os,
    arch: row.arch,
    variant: row.variant,
    size: row.size,
    createdAt: row.created_at,
    since: row.since,
    until: row.until_at,
    scanState: row.scan_state as ScanState,
    scanCode: row.scan_code,
    scanMessage: row.scan_message,
    scannedAt: row.scanned_at,
    osId: row.os_id,
    osVersion: row.os_version,
    osName: row.os_name,
    fixedFromId: row.fixed_from,
  };
}

/** Puts registry, repository and lineage to rows. */
async function complete(handle: Handle, rows: readonly Row[]): Promise<readonly InventoryImage[]> {
  if (rows.length === 0) return [];
  const registries = new Map<number, ReturnType<typeof toRegistry>>();
  const repositories = new Map<number, ReturnType<typeof toRepository>>();
  const sources = new Map<number, string>();
  for (const part of pieces([...new Set(rows.map(({ registry_id }) => registry_id))])) {
    const found = await visibleRegistries(handle).where('registry.id', 'in', part).execute();
    for (const row of found) registries.set(row.id, toRegistry(row));
  }
  for (const part of pieces([...new Set(rows.map(({ repo_id }) => repo_id))])) {
    const found = await handle.selectFrom('repository').select(repositoryColumns).where('id', 'in', part).execute();
    for (const row of found) repositories.set(row.id, toRepository(row));
  }
  for (const part of pieces(rows.flatMap(({ fixed_from }) => fixed_from ?? []))) {
    const found = await handle.selectFrom('inventory_image').select(['id', 'uuid']).where('id', 'in', part).execute();
    for (const { id, uuid } of found) sources.set(id, uuid);
  }
  return rows.flatMap((row): InventoryImage[] => {
    const registry = registries.get(row.registry_id);
    const repository = repositories.get(row.repo_id);
    if (registry === undefined || repository === undefined) return [];
    const image = toImageRow(row, digestText);
    return [
      {
        ...pick(image),
        registry,
        repository,
        platform: platformText(image),
        scan: {
          state: image.scanState,
          reason: image.scanCode === null ? null : { code: image.scanCode, message: image.scanMessage ?? '' },
          at: image.scannedAt,
        },
        fixedFrom: image.fixedFromId === null ? null : (sources.get(image.fixedFromId) ?? null),
      },
    ];
  });
}

function pick(image: ImageRow) {
  const { id, uuid, tag, tagImmutable, digest, manifestId, indexDigest, configDigest } = image;
  const { size, createdAt, since, until } = image;
  return { id, uuid, tag, tagImmutable, digest, manifestId, indexDigest, configDigest, size, createdAt, since, until };
}

function platformText({ os, arch, variant }: ImageRow): string | null {
  if (os === null || arch === null) return null;
  return [os, arch, ...(variant === null ? [] : [variant])].join('/');
}

async function findImages(handle: Handle, selector: ImageSelector, limit: number): Promise<readonly InventoryImage[]> {
  let query = imageRows(handle);
  if (selector.uuid !== undefined) query = query.where('i.uuid', '=', selector.uuid);
  if (selector.digest !== undefined) query = query.where('m.digest', '=', digestBytes(selector.digest));
  if (selector.registryId !== undefined) query = query.where('r.registry_id', '=', selector.registryId);
  if (selector.repositoryId !== undefined) query = query.where('i.repo_id', '=', selector.repositoryId);
  if (selector.repositoryExtId !== undefined) query = query.where('r.ext_id', '=', selector.repositoryExtId);
  if (selector.path !== undefined) query = query.where('r.path', '=', selector.path);
  if (selector.tag !== undefined) query = query.where('i.tag', '=', selector.tag);
  if (selector.current === true) query = query.where('i.until_at', 'is', null);
  const rows = await query
    .orderBy(sql`CASE WHEN i.until_at IS NULL THEN 0 ELSE 1 END`)
    .orderBy('i.since', 'desc')
    .orderBy('i.id', 'desc')
    .limit(limit)
    .execute();
  return complete(handle, rows);
}

async function* readImages(db: Db, sinceSeq: number, batch: number): AsyncGenerator<readonly ImageRow[]> {
  const hex = <C extends string | null>(column: string) => hexColumn<C>(db.dialect, column);
  for (let since = sinceSeq; ; ) {
    const rows = await imageTable(db.kysely)
      .select(imageColumns)
      .select(hex<string>('m.digest').as('digest'))
      .select(hex<string | null>('x.digest').as('index_digest'))
      .select(hex<string | null>('c.config_digest').as('config_digest'))
      .where('i.seq', '>', since)
      .orderBy('i.seq')
      .limit(batch)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => toImageRow(row, hexDigest));
    since = last.seq;
  }
}

async function setScanState(
  trx: Handle,
  manifestIds: readonly number[],
  { state, code, message, scannedAt }: Parameters<ImageStore['setScanState']>[1],
): Promise<void> {
  for (const part of pieces([...new Set(manifestIds)])) {
    await trx
      .updateTable('image')
      .set({ scan_state: state, scan_code: code ?? null, scan_message: message?.slice(0, 500) ?? null })
      .$if(scannedAt !== undefined, (query) =>
        query.set(({ fn, ref }) => ({
          scanned_at: scannedAt ?? null,
          first_scanned_at: fn.coalesce(ref('first_scanned_at'), sql<number>`${scannedAt}`),
        })),
      )
      .where('manifest_id', 'in', part)
      .execute();
    await touchImages(trx, part);
  }
}

/** Moves the images of these contents to the end of `seq`, so that readers see them again. */
export async function touchImages(trx: Handle, manifestIds: readonly number[]): Promise<void> {
  const rows = await trx
    .selectFrom('inventory_image')
    .select('id')
    .where('manifest_id', 'in', manifestIds)
    .orderBy('id')
    .execute();
  if (rows.length === 0) return;
  let seq = await takeIds(trx, 'inventory_seq', rows.length);
  for (const { id } of rows) {
    await trx.updateTable('inventory_image').set({ seq: seq++ }).where('id', '=', id).execute();
  }
}
