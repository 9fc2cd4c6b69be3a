import type { Kysely } from 'kysely';
import {
  type ObservedRoot,
  type RepositoryRecord,
  repositoryExtId,
  type SeenRepository,
  splitPath,
  type TagChanges,
  type TagSource,
  type TagStore,
} from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { digestText } from '../digest-bytes.ts';
import { internIds, takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { applyTags } from './apply-tags.ts';
import { knownRoots } from './known-roots.ts';
import { findManifests } from './manifests.ts';
import { pieces, toRepository } from './rows.ts';

type Handle = Kysely<Tables>;

/** Columns of a repository that its record is made of. */
export const repositoryColumns = [
  'repository.id',
  'repository.ext_id',
  'repository.registry_id',
  'repository.project_id',
  'repository.namespace',
  'repository.name',
  'repository.path',
  'repository.public',
] as const;

/** Repositories and tags as rows of SQL. */
export function createTagRows(db: Db): TagStore {
  const one = async (query: { executeTakeFirst(): Promise<Parameters<typeof toRepository>[0] | undefined> }) => {
    const row = await query.executeTakeFirst();
    return row ? toRepository(row) : null;
  };
  const repositories = () => db.kysely.selectFrom('repository').select(repositoryColumns);
  return {
    seeRepositories: (registryId, seen, run, at) =>
      db.transaction((trx) => seeRepositories(trx, registryId, seen, run, at)),
    repository: (id) => one(repositories().where('id', '=', id)),
    repositoryByPath: (registryId, path) =>
      one(repositories().where('registry_id', '=', registryId).where('path', '=', path)),
    unseenRepositories: (registryId, run, afterId, limit) =>
      unseenRepositories(db.kysely, registryId, run, afterId, limit),
    currentTags: (repositoryId) => currentTags(db.kysely, repositoryId),
    knownRoots: (registryId, digests) => knownRoots(db.kysely, registryId, digests),
    async knownElsewhere(registryId, digests) {
      const stored = await findManifests(db.kysely, digests);
      const own = await knownRoots(db.kysely, registryId, [...stored.keys()]);
      return new Set([...stored.keys()].filter((digest) => !own.has(digest)));
    },
    applyTags: (repositoryId, observations, origin) =>
      db.transaction((trx) => applyTags(trx, repositoryId, observations, origin)),
    applyAll: (batches) =>
      db.transaction(async (trx) => {
        const changes = new Map<number, TagChanges>();
        // In one order everywhere, so that two writers of the same repositories wait for each other once.
        const ordered = [...batches.entries()].sort(([, a], [, b]) => a.repositoryId - b.repositoryId);
        for (const [at, { repositoryId, observations, origin }] of ordered) {
          changes.set(at, await applyTags(trx, repositoryId, observations, origin));
        }
        return batches.flatMap((_, at) => changes.get(at) ?? []);
      }),
    recordLineage: (lineage) =>
      db.transaction(async (trx) => {
        if (lineage.length === 0) return;
        let seq = await takeIds(trx, 'inventory_seq', lineage.length);
        for (const { imageId, fixedFromId } of lineage) {
          const change = { fixed_from: fixedFromId, seq: seq++ };
          await trx.updateTable('inventory_image').set(change).where('id', '=', imageId).execute();
        }
      }),
    unscannedImages: (repositoryIds, afterId, limit) =>
      db.kysely
        .selectFrom('inventory_image')
        .innerJoin('image', 'image.manifest_id', 'inventory_image.manifest_id')
        .select(['inventory_image.id', 'inventory_image.uuid'])
        .where('inventory_image.repo_id', 'in', repositoryIds)
        .where('inventory_image.id', '>', afterId)
        .where('inventory_image.until_at', 'is', null)
        .where('image.scan_state', '=', 'never')
        .orderBy('inventory_image.id')
        .limit(limit)
        .execute(),
    async tagHistory(repositoryId, tag, limit) {
      const rows = await db.kysely
        .selectFrom('tag_event')
        .leftJoin('manifest', 'manifest.id', 'tag_event.manifest_id')
        .select(['tag_event.tag', 'manifest.digest', 'tag_event.at', 'tag_event.source', 'tag_event.actor'])
        .where('repo_id', '=', repositoryId)
        .where('tag', '=', tag)
        .orderBy('tag_event.at', 'desc')
        .orderBy('tag_event.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ digest, source, ...row }) => ({
        ...row,
        digest: digest === null ? null : digestText(digest),
        source: source as TagSource,
      }));
    },
  };
}

async function seeRepositories(
  trx: Handle,
  registryId: number,
  seen: readonly SeenRepository[],
  run: number,
  at: number,
): Promise<readonly (RepositoryRecord & { readonly seenBefore: boolean })[]> {
  if (seen.length === 0) return [];
  const registry = await trx
    .selectFrom('registry')
    .select(['instance_id', 'project_id'])
    .where('id', '=', registryId)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  if (registry === undefined) return [];
  const isPublic = new Map(seen.map((repository) => [repository.path, Number(repository.public)]));
  const paths = [...isPublic.keys()];
  const before = await findPaths(trx, registryId, paths);
  if (before.size < paths.length) {
    await internIds(
      trx,
      { name: 'repository' },
      paths,
      async (asked) => new Map([...(await findPaths(trx, registryId, asked))].map(([path, { id }]) => [path, id])),
      (entries) => insertRepositories(trx, registryId, registry, entries, isPublic, at),
    );
    await takeIds(trx, 'inventory_seq', 1);
  }
  const rows = [...(await findPaths(trx, registryId, paths)).values()];
  await markSeen(trx, rows, run, isPublic);
  const byPath = new Map(rows.map((row) => [row.path, row]));
  return paths.flatMap((path) => {
    const row = byPath.get(path);
    if (row === undefined) return [];
    const seenBefore = (before.get(path)?.seen_run ?? -1) >= run;
    return [{ ...toRepository({ ...row, public: isPublic.get(path) ?? 0 }), seenBefore }];
  });
}

async function findPaths(trx: Handle, registryId: number, paths: readonly string[]) {
  const rows = [];
  for (const part of pieces(paths)) {
    rows.push(
      ...(await trx
        .selectFrom('repository')
        .select([...repositoryColumns, 'repository.seen_run'])
        .where('registry_id', '=', registryId)
        .where('path', 'in', part)
        .execute()),
    );
  }
  return new Map(rows.map((row) => [row.path, row]));
}

async function insertRepositories(
  trx: Handle,
  registryId: number,
  registry: { readonly instance_id: string; readonly project_id: number },
  entries: readonly { readonly id: number; readonly key: string }[],
  isPublic: ReadonlyMap<string, number>,
  at: number,
): Promise<void> {
  for (const part of pieces(entries)) {
    const rows = part.map(({ id, key: path }) => ({
      id,
      ext_id: repositoryExtId(registry.instance_id, path),
      registry_id: registryId,
      project_id: registry.project_id,
      ...splitPath(path),
      path,
      public: isPublic.get(path) ?? 0,
      seen_run: -1,
      created_at: at,
    }));
    await trx.insertInto('repository').values(rows).execute();
  }
}

async function markSeen(
  trx: Handle,
  rows: readonly { readonly id: number; readonly path: string; readonly public: number; readonly seen_run: number }[],
  run: number,
  isPublic: ReadonlyMap<string, number>,
): Promise<void> {
  // Two runs may list one registry at a time: the newer number stays.
  const older = rows.filter(({ seen_run }) => seen_run < run).map(({ id }) => id);
  for (const part of pieces(older)) {
    await trx.updateTable('repository').set({ seen_run: run }).where('id', 'in', part).execute();
  }
  for (const row of rows) {
    const now = isPublic.get(row.path) ?? 0;
    if (now !== row.public) await trx.updateTable('repository').set({ public: now }).where('id', '=', row.id).execute();
  }
}

async function unseenRepositories(
  handle: Handle,
  registryId: number,
  run: number,
  afterId: number,
  limit: number,
): Promise<readonly RepositoryRecord[]> {
  const rows = await handle
    .selectFrom('repository')
    .select(repositoryColumns)
    .where('registry_id', '=', registryId)
    .where('seen_run', '<', run)
    .where('id', '>', afterId)
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('tag_current').select('tag').whereRef('tag_current.repo_id', '=', 'repository.id')),
    )
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toRepository);
}

async function currentTags(handle: Handle, repositoryId: number): ReturnType<TagStore['currentTags']> {
  const rows = await handle
    .selectFrom('tag_current')
    .innerJoin('manifest', 'manifest.id', 'tag_current.manifest_id')
    .select(['tag_current.tag', 'manifest.digest', 'manifest.kind'])
    .where('tag_current.repo_id', '=', repositoryId)
    .execute();
  return new Map(
    rows.map(({ tag, digest, kind }) => [tag, { digest: digestText(digest), kind: kind as ObservedRoot['kind'] }]),
  );
}
