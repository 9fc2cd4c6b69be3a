import type { Kysely } from 'kysely';
import type { Digest } from '../../../image/index.ts';
import type { ObservedImage, ObservedRoot } from '../../../inventory/index.ts';
import { digestBytes, digestText } from '../digest-bytes.ts';
import { internIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { pieces } from './rows.ts';

type Handle = Kysely<Tables>;
type Facts = Pick<ObservedRoot, 'digest' | 'kind' | 'mediaType' | 'size'>;

/** Ids of manifests by digest. */
export type ManifestIds = ReadonlyMap<Digest, number>;

/** Stores what was seen of manifests, indexes and images that are not stored yet. */
export async function storeRoots(trx: Handle, roots: readonly ObservedRoot[]): Promise<ManifestIds> {
  const facts = new Map<Digest, Facts>();
  for (const root of roots) {
    for (const image of root.images) {
      const { digest, mediaType, manifestSize } = image;
      // An image inside of an announced root is that root itself, not yet looked at.
      const kind = root.kind === 'announced' ? 'announced' : 'image';
      facts.set(digest, { digest, kind, mediaType, size: manifestSize });
    }
  }
  for (const root of roots) facts.set(root.digest, root);
  const ids = await internIds(
    trx,
    { name: 'manifest' },
    [...facts.keys()],
    (digests) => findManifests(trx, digests),
    (entries) => insertManifests(trx, entries, facts),
  );
  await lookedAt(trx, facts, ids);
  for (const root of roots) await storeImages(trx, root, ids);
  return ids;
}

/** Ids of those digests that are stored. */
export async function findManifests(trx: Handle, digests: readonly Digest[]): Promise<ManifestIds> {
  const found = new Map<Digest, number>();
  for (const part of pieces(digests)) {
    const rows = await trx
      .selectFrom('manifest')
      .select(['id', 'digest'])
      .where('digest', 'in', part.map(digestBytes))
      .execute();
    for (const { id, digest } of rows) found.set(digestText(digest), id);
  }
  return found;
}

async function insertManifests(
  trx: Handle,
  entries: readonly { readonly id: number; readonly key: Digest }[],
  facts: ReadonlyMap<Digest, Facts>,
): Promise<void> {
  for (const part of pieces(entries)) {
    const rows = part.map(({ id, key }) => {
      const { kind = 'image', mediaType = '', size = 0 } = facts.get(key) ?? {};
      return { id, digest: digestBytes(key), kind, media_type: mediaType, size };
    });
    await trx.insertInto('manifest').values(rows).execute();
  }
}

/** What was only announced gets its facts as soon as somebody has looked. */
async function lookedAt(trx: Handle, facts: ReadonlyMap<Digest, Facts>, ids: ManifestIds): Promise<void> {
  const seen = [...facts.values()].filter(({ kind }) => kind !== 'announced');
  for (const part of pieces(seen)) {
    const open = await trx
      .selectFrom('manifest')
      .select(['id', 'digest'])
      .where(
        'id',
        'in',
        part.flatMap(({ digest }) => ids.get(digest) ?? []),
      )
      .where('kind', '=', 'announced')
      .execute();
    for (const { id, digest } of open) {
      const { kind = 'image', mediaType = '', size = 0 } = facts.get(digestText(digest)) ?? {};
      await trx.updateTable('manifest').set({ kind, media_type: mediaType, size }).where('id', '=', id).execute();
    }
  }
}

async function storeImages(trx: Handle, root: ObservedRoot, ids: ManifestIds): Promise<void> {
  for (const part of pieces(root.images, 100)) {
    const rows = part.map((image) => toImageRow(idOf(ids, image.digest), image));
    await trx
      .insertInto('image')
      .values(rows)
      .onConflict((conflict) => conflict.column('manifest_id').doNothing())
      .execute();
    await completeImages(trx, part, ids);
  }
  if (root.kind !== 'index') return;
  const index = idOf(ids, root.digest);
  const members = root.images.map((image, ordinal) => ({
    index_id: index,
    ordinal,
    manifest_id: idOf(ids, image.digest),
  }));
  for (const part of pieces(members)) {
    await trx
      .insertInto('index_member')
      .values([...part])
      .onConflict((conflict) => conflict.columns(['index_id', 'ordinal']).doNothing())
      .execute();
  }
}

/** Rows that an announcement or a scan made before anybody read the manifest. */
async function completeImages(trx: Handle, images: readonly ObservedImage[], ids: ManifestIds): Promise<void> {
  const known = new Map(
    images.filter(({ configDigest }) => configDigest !== null).map((each) => [idOf(ids, each.digest), each]),
  );
  if (known.size === 0) return;
  const rows = await trx
    .selectFrom('image')
    .select(['manifest_id'])
    .where('manifest_id', 'in', [...known.keys()])
    .where('config_digest', 'is', null)
    .execute();
  for (const { manifest_id } of rows) {
    const image = known.get(manifest_id);
    if (image === undefined) continue;
    const { config_digest, os, arch, variant, created_at, size } = toImageRow(manifest_id, image);
    await trx
      .updateTable('image')
      .set({ config_digest, os, arch, variant, created_at, size })
      .where('manifest_id', '=', manifest_id)
      .execute();
  }
}

function toImageRow(manifestId: number, image: ObservedImage) {
  const { configDigest, os, arch, variant, createdAt, size, refused } = image;
  return {
    manifest_id: manifestId,
    config_digest: configDigest === null ? null : digestBytes(configDigest),
    os,
    arch,
    variant,
    created_at: createdAt,
    size,
    scan_state: refused?.state ?? 'never',
    scan_code: refused?.code ?? null,
    scan_message: refused?.message ?? null,
    analyser_gen: 0,
  };
}

/** The id of a digest that was interned before. */
export function idOf(ids: ManifestIds, digest: Digest): number {
  const id = ids.get(digest);
  if (id === undefined) throw new Error(`manifest ${digest} was not stored`);
  return id;
}
