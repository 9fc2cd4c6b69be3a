import type { Kysely } from 'kysely';
import type { ImageStore } from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { pieces } from './rows.ts';

type Handle = Kysely<Tables>;

/**
 * Deletes images that their tags left long ago, with their contents when nothing else refers to them and the events of
 * tags that pointed to them.
 */
export function deleteVanished(
  db: Db,
  before: number,
  limit: number,
  at: number,
): ReturnType<ImageStore['deleteVanished']> {
  return db.transaction(async (trx) => {
    const images = await trx
      .selectFrom('inventory_image')
      .select(['id', 'manifest_id', 'index_id'])
      .where('until_at', '<', before)
      .orderBy('until_at')
      .limit(limit)
      .execute();
    const manifests = await deleteImages(trx, images, at);
    return { images: images.length, manifests };
  });
}

/** Deletes up to `batch` images of removed registries, then what is left of those registries; true at the end. */
export function purgeRemoved(
  db: Db,
  batch: number,
  at: number,
): Promise<{ done: boolean; manifests: readonly number[] }> {
  return db.transaction(async (trx) => {
    const registry = await trx
      .selectFrom('registry')
      .select('id')
      .where('removed_at', 'is not', null)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (registry === undefined) return { done: true, manifests: [] };
    const images = await trx
      .selectFrom('inventory_image')
      .innerJoin('repository', 'repository.id', 'inventory_image.repo_id')
      .select(['inventory_image.id', 'inventory_image.manifest_id', 'inventory_image.index_id'])
      .where('repository.registry_id', '=', registry.id)
      .limit(batch)
      .execute();
    if (images.length > 0) return { done: false, manifests: await deleteImages(trx, images, at) };
    const repositories = await trx
      .selectFrom('repository')
      .select('id')
      .where('registry_id', '=', registry.id)
      .limit(Math.max(1, Math.floor(batch / 10)))
      .execute();
    if (repositories.length > 0) {
      const ids = repositories.map(({ id }) => id);
      return { done: false, manifests: await deleteRepositories(trx, ids) };
    }
    for (const table of ['sync_run', 'sync_request', 'hook_event'] as const) {
      await trx.deleteFrom(table).where('registry_id', '=', registry.id).execute();
    }
    await trx.deleteFrom('registry').where('id', '=', registry.id).execute();
    return { done: false, manifests: [] };
  });
}

async function deleteRepositories(trx: Handle, ids: readonly number[]): Promise<readonly number[]> {
  const roots = new Set<number>();
  for (const table of ['tag_current', 'tag_event'] as const) {
    const rows = await trx.selectFrom(table).select('manifest_id').distinct().where('repo_id', 'in', ids).execute();
    for (const { manifest_id } of rows) if (manifest_id !== null) roots.add(manifest_id);
    await trx.deleteFrom(table).where('repo_id', 'in', ids).execute();
  }
  await trx.deleteFrom('repository').where('id', 'in', ids).execute();
  return deleteManifests(trx, [...roots]);
}

async function deleteImages(
  trx: Handle,
  images: readonly { readonly id: number; readonly manifest_id: number; readonly index_id: number | null }[],
  at: number,
): Promise<readonly number[]> {
  if (images.length === 0) return [];
  const first = await takeIds(trx, 'inventory_seq', images.length);
  const gone = images.map(({ id }, index) => ({ seq: first + index, image_id: id, at }));
  for (const part of pieces(gone))
    await trx
      .insertInto('inventory_gone')
      .values([...part])
      .execute();
  for (const part of pieces(images.map(({ id }) => id))) {
    await trx.deleteFrom('inventory_image').where('id', 'in', part).execute();
  }
  const indexes = images.flatMap(({ index_id }) => index_id ?? []);
  const roots = await deleteManifests(trx, [...new Set(indexes)]);
  return [...roots, ...(await deleteManifests(trx, [...new Set(images.map(({ manifest_id }) => manifest_id))]))];
}

/** Deletes those of the manifests that no image, tag or index refers to; their ids. */
async function deleteManifests(trx: Handle, ids: readonly number[]): Promise<readonly number[]> {
  const deleted: number[] = [];
  for (const part of pieces(ids)) {
    const unused = await trx
      .selectFrom('manifest')
      .select('id')
      .where('id', 'in', part)
      .where(({ and, not, exists, selectFrom }) =>
        and([
          not(exists(selectFrom('inventory_image').select('id').whereRef('manifest_id', '=', 'manifest.id'))),
          not(exists(selectFrom('inventory_image').select('id').whereRef('index_id', '=', 'manifest.id'))),
          not(exists(selectFrom('tag_current').select('tag').whereRef('manifest_id', '=', 'manifest.id'))),
          not(exists(selectFrom('index_member').select('ordinal').whereRef('manifest_id', '=', 'manifest.id'))),
        ]),
      )
      .execute();
    if (unused.length === 0) continue;
    const dead = unused.map(({ id }) => id);
    await trx.deleteFrom('tag_event').where('manifest_id', 'in', dead).execute();
    await trx.deleteFrom('index_member').where('index_id', 'in', dead).execute();
    await trx.deleteFrom('image').where('manifest_id', 'in', dead).execute();
    await trx.deleteFrom('manifest').where('id', 'in', dead).execute();
    deleted.push(...dead);
  }
  return deleted;
}
