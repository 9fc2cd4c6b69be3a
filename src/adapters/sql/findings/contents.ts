import type { Kysely } from 'kysely';
import type { EstateContent } from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import { layerText, readPlaces } from './image-view.ts';

const atOnce = 1_000;

/** Contents of images that changed after a revision of `ingest`, in the order in which they did. */
export async function* readContents(trx: Kysely<Tables>, since: number): AsyncGenerator<readonly EstateContent[]> {
  for (let after = since; ; ) {
    const rows = await trx
      .selectFrom('image_counts')
      .select(['manifest_id', 'seq', 'first_at'])
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(atOnce)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const places = Map.groupBy(
      await readPlaces(
        trx,
        rows.map(({ manifest_id }) => manifest_id),
      ),
      ({ manifest_id }) => manifest_id,
    );
    yield rows.map(({ manifest_id: manifestId, first_at: firstScannedAt }) => ({
      manifestId,
      firstScannedAt,
      sets: (places.get(manifestId) ?? []).map(({ set_id, path, digest }) => ({
        ...{ setId: set_id, path, layer: layerText(digest) },
      })),
    }));
    after = last.seq;
  }
}
