import { type Kysely, sql } from 'kysely';
import { FactsError, type ImageView } from '../../../findings/index.ts';
import { digestText } from '../digest-bytes.ts';
import { readImageRisks } from '../risks/rows.ts';
import type { Tables } from '../tables.ts';
import { tallyOf } from './counts.ts';
import { readOpenMatches } from './matches.ts';
import { PackageReader } from './packages.ts';
import { currentGeneration } from './revisions.ts';
import { readMembers } from './sets.ts';

type Trx = Kysely<Tables>;

/** A place where packages of an image are recorded. */
interface PlaceRow {
  readonly manifest_id: number;
  readonly set_id: number;
  readonly path: string;
  readonly digest: Uint8Array;
}

/** Sets of images with their places, in a stable order. */
async function readPlaces(trx: Trx, manifestIds: readonly number[]): Promise<PlaceRow[]> {
  if (manifestIds.length === 0) return [];
  const { rows } = await sql<PlaceRow>`SELECT s.manifest_id, s.set_id, d.text AS path, l.digest FROM image_set s
    JOIN dict d ON d.id = s.evidence_id JOIN layer l ON l.id = s.layer_id
    WHERE s.manifest_id IN (${sql.join(manifestIds)}) ORDER BY s.manifest_id, d.text, l.digest, s.set_id`.execute(trx);
  return rows;
}

/** Digest of a layer as text; empty where no layer is named. */
function layerText(digest: Uint8Array): string {
  return digest.length === 0 ? '' : digestText(digest);
}

/** One image with all that its report is made of; null when it was never scanned. */
export async function readImage(trx: Trx, manifestId: number): Promise<ImageView | null> {
  const row = await trx
    .selectFrom('image_counts')
    .innerJoin('scan_record', 'scan_record.manifest_id', 'image_counts.manifest_id')
    .innerJoin('manifest', 'manifest.id', 'image_counts.manifest_id')
    .selectAll('image_counts')
    .select(['scan_record.report', 'manifest.digest'])
    .where('image_counts.manifest_id', '=', manifestId)
    .executeTakeFirst();
  if (row === undefined) return null;
  const generation = await currentGeneration(trx);
  if (generation === null) throw new FactsError('facts_damaged', 'an image without a generation of matches');
  const places = await readPlaces(trx, [manifestId]);
  const members = await readMembers(trx, new Set(places.map(({ set_id }) => set_id)));
  const packages = await new PackageReader(trx).byIds([...members.values()].flatMap((ids) => [...ids]));
  const positions = new Map(packages.map(({ id }, position) => [id, position]));
  return {
    manifestId,
    digest: digestText(row.digest),
    record: row.report,
    snapshot: generation.snapshot,
    firstAnalysedAt: row.first_at,
    packages,
    sets: places.map(({ set_id, path, digest }) => ({
      path,
      layer: layerText(digest),
      members: [...(members.get(set_id) ?? [])].map((id) => positions.get(id) ?? -1),
    })),
    matches: await readOpenMatches(
      trx,
      packages.map(({ id }) => id),
    ),
    risks: await readImageRisks(trx, manifestId),
    tally: tallyOf(row),
    recounting: row.gen < row.want_gen,
  };
}
