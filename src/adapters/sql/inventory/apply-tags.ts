import type { Kysely } from 'kysely';
import {
  imageUuid,
  type ObservedRoot,
  type TagChanges,
  type TagObservation,
  type TagSource,
} from '../../../inventory/index.ts';
import { digestText } from '../digest-bytes.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { idOf, type ManifestIds, storeRoots } from './manifests.ts';
import { pieces, shownTag } from './rows.ts';

type Handle = Kysely<Tables>;

/** Who told. */
export interface Origin {
  readonly source: TagSource;
  readonly actor: string | null;
}

interface Repository {
  readonly id: number;
  readonly path: string;
  readonly instanceId: string;
}

interface OpenImage {
  readonly uuid: string;
  readonly tag: string;
  readonly root: ObservedRoot;
  readonly at: number;
  readonly immutable: boolean;
  readonly manifestId: number;
  readonly indexId: number | null;
}

const nothing: TagChanges = { opened: [], unscanned: [], closed: 0 };

/** Writes observations of tags of one repository; those that are old or change nothing are left out. */
export async function applyTags(
  trx: Handle,
  repositoryId: number,
  observations: readonly TagObservation[],
  origin: Origin,
): Promise<TagChanges> {
  const repository = await lockRepository(trx, repositoryId);
  if (repository === undefined) return nothing;
  const changes = await effective(trx, repositoryId, observations);
  if (changes.length === 0) return nothing;
  const roots = changes.flatMap(({ root }) => root ?? []);
  const ids = await storeRoots(trx, roots);
  await storeEvents(trx, repositoryId, changes, ids, origin);
  const wanted = changes.flatMap((change) => imagesOf(repository, change, ids));
  return moveImages(trx, repositoryId, changes, wanted);
}

/** A write that changes nothing takes the row's lock: tags of one repository are written one after the other. */
async function lockRepository(trx: Handle, id: number): Promise<Repository | undefined> {
  const row = await trx
    .updateTable('repository')
    .set(({ ref }) => ({ seen_run: ref('seen_run') }))
    .where('id', '=', id)
    .returning(['path', 'registry_id'])
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const registry = await trx
    .selectFrom('registry')
    .select('instance_id')
    .where('id', '=', row.registry_id)
    .where('removed_at', 'is', null)
    .executeTakeFirst();
  return registry && { id, path: row.path, instanceId: registry.instance_id };
}

/** The last observation of each tag, when it is newer than what is stored and differs from it. */
async function effective(
  trx: Handle,
  repositoryId: number,
  observations: readonly TagObservation[],
): Promise<readonly TagObservation[]> {
  const latest = new Map(observations.map((observation) => [observation.tag, observation]));
  const tags = [...latest.keys()];
  const current = new Map<string, { digest: string; kind: string; since: number }>();
  const lastEvent = new Map<string, number>();
  for (const part of pieces(tags)) {
    const rows = await trx
      .selectFrom('tag_current')
      .innerJoin('manifest', 'manifest.id', 'tag_current.manifest_id')
      .select(['tag_current.tag', 'tag_current.since', 'manifest.digest', 'manifest.kind'])
      .where('repo_id', '=', repositoryId)
      .where('tag', 'in', part)
      .execute();
    for (const { tag, since, digest, kind } of rows) current.set(tag, { digest: digestText(digest), kind, since });
    const events = await trx
      .selectFrom('tag_event')
      .select(({ fn }) => ['tag', fn.max<number>('at').as('at')])
      .where('repo_id', '=', repositoryId)
      .where('tag', 'in', part)
      .groupBy('tag')
      .execute();
    for (const { tag, at } of events) lastEvent.set(tag, Number(at));
  }
  return [...latest.values()].filter(({ tag, root, observedAt }) => {
    if (observedAt < (lastEvent.get(tag) ?? 0)) return false;
    const now = current.get(tag);
    if (root === null || now === undefined) return (root === null) !== (now === undefined);
    return now.digest !== root.digest || (now.kind === 'announced' && root.kind !== 'announced');
  });
}

async function storeEvents(
  trx: Handle,
  repositoryId: number,
  changes: readonly TagObservation[],
  ids: ManifestIds,
  origin: Origin,
): Promise<void> {
  const first = await takeIds(trx, 'tag_event', changes.length);
  const events = changes.map(({ tag, root, observedAt }, index) => ({
    id: first + index,
    repo_id: repositoryId,
    tag,
    manifest_id: root === null ? null : idOf(ids, root.digest),
    at: observedAt,
    source: root === null ? 'delete' : origin.source,
    actor: origin.actor?.slice(0, 200) ?? null,
  }));
  for (const part of pieces(events))
    await trx
      .insertInto('tag_event')
      .values([...part])
      .execute();
  for (const { tag, root, observedAt, immutable = false } of changes) {
    if (root === null) {
      await trx.deleteFrom('tag_current').where('repo_id', '=', repositoryId).where('tag', '=', tag).execute();
      continue;
    }
    const row = { manifest_id: idOf(ids, root.digest), since: observedAt, immutable: Number(immutable) };
    await trx
      .insertInto('tag_current')
      .values({ repo_id: repositoryId, tag, ...row })
      .onConflict((conflict) => conflict.columns(['repo_id', 'tag']).doUpdateSet(row))
      .execute();
  }
}

function imagesOf(
  repository: Repository,
  { tag, root, observedAt, immutable = false }: TagObservation,
  ids: ManifestIds,
): readonly OpenImage[] {
  if (root === null) return [];
  return root.images.map(({ digest }) => ({
    uuid: imageUuid(repository.instanceId, repository.path, shownTag(tag), digest),
    tag,
    root,
    at: observedAt,
    immutable,
    manifestId: idOf(ids, digest),
    indexId: root.kind === 'index' ? idOf(ids, root.digest) : null,
  }));
}

/** Closes images that their tags have left, opens those that they point to; one that stays open keeps its `since`. */
async function moveImages(
  trx: Handle,
  repositoryId: number,
  changes: readonly TagObservation[],
  wanted: readonly OpenImage[],
): Promise<TagChanges> {
  const at = new Map(changes.map(({ tag, observedAt }) => [tag, observedAt]));
  const known = await storedImages(trx, repositoryId, [...at.keys()], wanted);
  const keep = new Set(wanted.map(({ uuid }) => uuid));
  const leaving = known.filter(({ uuid, until_at }) => until_at === null && !keep.has(uuid));
  const byUuid = new Map(known.map((row) => [row.uuid, row]));
  const opened: string[] = [];
  let seq = await takeIds(trx, 'inventory_seq', leaving.length + wanted.length);
  for (const { id, tag } of leaving) {
    const until = at.get(tag) ?? 0;
    await trx.updateTable('inventory_image').set({ until_at: until, seq: seq++ }).where('id', '=', id).execute();
  }
  const fresh: OpenImage[] = [];
  for (const image of wanted) {
    const row = byUuid.get(image.uuid);
    if (row === undefined) {
      fresh.push(image);
      opened.push(image.uuid);
      continue;
    }
    const again = row.until_at === null ? {} : { since: image.at, until_at: null };
    if (row.until_at !== null) opened.push(image.uuid);
    await trx
      .updateTable('inventory_image')
      .set({ ...again, index_id: image.indexId, tag_immutable: Number(image.immutable), seq: seq++ })
      .where('id', '=', row.id)
      .execute();
  }
  await insertImages(trx, repositoryId, fresh, seq);
  return { opened, unscanned: await neverScanned(trx, opened), closed: leaving.length };
}

async function storedImages(
  trx: Handle,
  repositoryId: number,
  tags: readonly string[],
  wanted: readonly OpenImage[],
): Promise<readonly { id: number; uuid: string; tag: string; until_at: number | null }[]> {
  const found = new Map<number, { id: number; uuid: string; tag: string; until_at: number | null }>();
  const images = trx.selectFrom('inventory_image').select(['id', 'uuid', 'tag', 'until_at']);
  for (const part of pieces(tags)) {
    const rows = await images
      .where('repo_id', '=', repositoryId)
      .where('tag', 'in', part)
      .where('until_at', 'is', null)
      .execute();
    for (const row of rows) found.set(row.id, row);
  }
  for (const part of pieces(wanted.map(({ uuid }) => uuid))) {
    for (const row of await images.where('uuid', 'in', part).execute()) found.set(row.id, row);
  }
  return [...found.values()];
}

async function insertImages(
  trx: Handle,
  repositoryId: number,
  fresh: readonly OpenImage[],
  firstSeq: number,
): Promise<void> {
  if (fresh.length === 0) return;
  const firstId = await takeIds(trx, 'inventory_image', fresh.length);
  const rows = fresh.map((image, index) => ({
    id: firstId + index,
    uuid: image.uuid,
    repo_id: repositoryId,
    tag: image.tag,
    tag_immutable: Number(image.immutable),
    manifest_id: image.manifestId,
    index_id: image.indexId,
    since: image.at,
    until_at: null,
    fixed_from: null,
    seq: firstSeq + index,
  }));
  for (const part of pieces(rows))
    await trx
      .insertInto('inventory_image')
      .values([...part])
      .execute();
}

async function neverScanned(trx: Handle, uuids: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of pieces(uuids)) {
    const rows = await trx
      .selectFrom('inventory_image')
      .innerJoin('image', 'image.manifest_id', 'inventory_image.manifest_id')
      .select('inventory_image.uuid')
      .where('inventory_image.uuid', 'in', part)
      .where('image.scan_state', '=', 'never')
      .execute();
    found.push(...rows.map(({ uuid }) => uuid));
  }
  return found;
}
