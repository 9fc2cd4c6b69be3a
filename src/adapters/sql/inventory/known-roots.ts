import type { Kysely } from 'kysely';
import type { Digest } from '../../../image/index.ts';
import type { ObservedImage, ObservedRoot } from '../../../inventory/index.ts';
import { digestBytes, digestText } from '../digest-bytes.ts';
import type { Tables } from '../tables.ts';
import { pieces } from './rows.ts';

type Handle = Kysely<Tables>;

/** Roots that tags of this registry have pointed to, with their images as they were read then. */
export async function knownRoots(
  handle: Handle,
  registryId: number,
  digests: readonly Digest[],
): Promise<ReadonlyMap<Digest, ObservedRoot>> {
  const known = new Map<Digest, ObservedRoot>();
  for (const part of pieces(digests, 200)) {
    const roots = await handle
      .selectFrom('manifest')
      .select(['id', 'digest', 'kind', 'media_type', 'size'])
      .where('digest', 'in', part.map(digestBytes))
      .where('kind', '<>', 'announced')
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('tag_event')
            .select('tag_event.id')
            .whereRef('tag_event.manifest_id', '=', 'manifest.id')
            // Not a join: planners would begin with all repositories of the registry.
            .where((event) =>
              event.exists(
                event
                  .selectFrom('repository')
                  .select('repository.id')
                  .whereRef('repository.id', '=', 'tag_event.repo_id')
                  .where('repository.registry_id', '=', registryId),
              ),
            ),
        ),
      )
      .execute();
    for (const root of roots) {
      const images = await imagesOf(handle, root.id, root.kind);
      if (images.length === 0 && root.kind !== 'artifact') continue;
      const digest = digestText(root.digest);
      const kind = root.kind as ObservedRoot['kind'];
      known.set(digest, { digest, kind, mediaType: root.media_type, size: root.size, images });
    }
  }
  return known;
}

async function imagesOf(handle: Handle, rootId: number, kind: string): Promise<readonly ObservedImage[]> {
  if (kind === 'artifact') return [];
  const images = handle
    .selectFrom('image')
    .innerJoin('manifest', 'manifest.id', 'image.manifest_id')
    .select([
      'manifest.digest',
      'manifest.media_type',
      'manifest.size as manifest_size',
      'image.config_digest',
      'image.os',
      'image.arch',
      'image.variant',
      'image.created_at',
      'image.size',
    ]);
  const rows = await (kind === 'index'
    ? images
        .innerJoin('index_member', 'index_member.manifest_id', 'image.manifest_id')
        .where('index_member.index_id', '=', rootId)
        .orderBy('index_member.ordinal')
    : images.where('image.manifest_id', '=', rootId)
  ).execute();
  return rows.map((row) => ({
    digest: digestText(row.digest),
    mediaType: row.media_type,
    manifestSize: row.manifest_size,
    configDigest: row.config_digest === null ? null : digestText(row.config_digest),
    os: row.os,
    arch: row.arch,
    variant: row.variant,
    createdAt: row.created_at,
    size: row.size,
    // The row of the image keeps what was refused.
    refused: null,
  }));
}
