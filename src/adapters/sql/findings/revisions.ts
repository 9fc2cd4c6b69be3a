import { type Kysely, sql } from 'kysely';
import type { AdvisorySnapshot } from '../../../advisories/index.ts';
import type { Generation } from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import type { FindingsTables } from './tables.ts';

type Trx = Kysely<Tables>;
type Revision = FindingsTables['revision']['name'];

/**
 * Takes the right to change facts and matches until the transaction ends. Ingests and new generations take turns, so that
 * ids become visible in their order, and nothing is matched against advisories that change at the same time.
 */
export async function lockFacts(trx: Trx): Promise<void> {
  await sql`UPDATE revision SET value = value WHERE name = 'ingest'`.execute(trx);
}

/** Raises a revision; its new value. */
export async function raise(trx: Trx, name: Revision): Promise<number> {
  const { value } = await trx
    .updateTable('revision')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', name)
    .returning('value')
    .executeTakeFirstOrThrow();
  return value;
}

/** All revisions of facts. */
export async function readRevisions(trx: Trx): Promise<Record<Revision, number>> {
  const revisions = { ingest: 0, matches: 0, rules: 0 };
  for (const { name, value } of await trx.selectFrom('revision').selectAll().execute()) revisions[name] = value;
  return revisions;
}

/** The current generation of matches; null before the first. */
export async function currentGeneration(trx: Trx): Promise<Generation | null> {
  const row = await trx
    .selectFrom('match_generation')
    .select(['gen', 'at', 'snapshot'])
    .orderBy('gen', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { number: row.gen, at: row.at, snapshot: JSON.parse(row.snapshot) as AdvisorySnapshot };
}

/** Begins a generation. The snapshots of those before the last are no longer needed and take most of the room. */
export async function addGeneration(
  trx: Trx,
  generation: Generation,
  what: { readonly reason: string; readonly opened: number; readonly closed: number },
): Promise<void> {
  const { number, at, snapshot } = generation;
  await trx
    .insertInto('match_generation')
    .values({ gen: number, at, snapshot_id: snapshot.id, snapshot: JSON.stringify(snapshot), ...what })
    .execute();
  await trx.updateTable('match_generation').set({ snapshot: '' }).where('gen', '<', number).execute();
}

/** When each generation began. */
export async function generationTimes(trx: Trx): Promise<ReadonlyMap<number, number>> {
  const rows = await trx.selectFrom('match_generation').select(['gen', 'at']).execute();
  return new Map(rows.map(({ gen, at }) => [gen, at]));
}
