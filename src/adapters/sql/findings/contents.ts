import { type Kysely, sql } from 'kysely';
import type { EstateContent } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { hexColumn, hexDigest } from '../digest-bytes.ts';
import type { Tables } from '../tables.ts';
import { distinct, inLists } from './chunks.ts';
import { TextPool } from './texts.ts';

type Trx = Kysely<Tables>;
const atOnce = 500;

/** Contents of images that changed after a revision of `ingest`, in the order in which they did. */
export async function* readContents(
  { kysely: trx, dialect }: Pick<Db, 'kysely' | 'dialect'>,
  since: number,
): AsyncGenerator<readonly EstateContent[]> {
  const paths = new TextPool();
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
    const sets = await readSetsWithPlaces(
      trx,
      rows.map(({ manifest_id }) => manifest_id),
      paths,
      dialect,
    );
    yield rows.map(({ manifest_id: manifestId, first_at: firstScannedAt }) => ({
      ...{ manifestId, firstScannedAt, sets: sets.get(manifestId) ?? [] },
    }));
    after = last.seq;
  }
}

type Places = EstateContent['sets'][number][];

/** Sets of images by manifest, ordered by path, layer, set. Paths are few, and layers are read once for all images. */
async function readSetsWithPlaces(
  trx: Trx,
  manifestIds: readonly number[],
  paths: TextPool,
  dialect: Db['dialect'],
): Promise<Map<number, Places>> {
  const rows: { manifest_id: number; evidence_id: number; layer_id: number; set_id: number }[] = [];
  for (const chunk of inLists(manifestIds)) {
    const query = trx.selectFrom('image_set').select(['manifest_id', 'evidence_id', 'layer_id', 'set_id']);
    rows.push(...(await query.where('manifest_id', 'in', chunk).execute()));
  }
  await paths.load(
    trx,
    rows.map(({ evidence_id }) => evidence_id),
  );
  const layers = new Map<number, string>();
  for (const chunk of inLists(distinct(rows.map(({ layer_id }) => layer_id)))) {
    const { rows: read } = await sql<{
      id: number;
      hex: string;
    }>`SELECT id, ${hexColumn(dialect, 'digest')} AS hex FROM layer
      WHERE id IN (${sql.join(chunk)})`.execute(trx);
    for (const { id, hex } of read) layers.set(id, hex === '' ? '' : hexDigest(hex));
  }
  const found = new Map<number, Places>();
  for (const { manifest_id, evidence_id, layer_id, set_id } of rows) {
    const layer = layers.get(layer_id);
    // Deleted while it was read: the image has a higher `seq` then, and is read again.
    if (layer === undefined) continue;
    const place = { setId: set_id, path: paths.get(evidence_id), layer };
    const list = found.get(manifest_id);
    if (list === undefined) found.set(manifest_id, [place]);
    else list.push(place);
  }
  for (const list of found.values()) list.sort(inOrder);
  return found;
}

function inOrder(a: Places[number], b: Places[number]): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  if (a.layer !== b.layer) return a.layer < b.layer ? -1 : 1;
  return a.setId - b.setId;
}
