import { type Kysely, sql } from 'kysely';
import type { RecordIds } from '../../../findings/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';

type Trx = Kysely<Tables>;
type Pair = Parameters<RecordIds['idsFor']>[0][number];

const keyOf = ({ imageId, vulnerabilityId }: Pair): string => `${imageId} ${vulnerabilityId}`;

/**
 * Integer names of records. A row is made when a record is first shown. Ids come from a counter of the store, so they are
 * never used again, whatever is deleted.
 */
export function createRecordIds(db: Db, clock: Clock): RecordIds {
  return {
    async idsFor(pairs) {
      const known = await find(db.kysely, pairs);
      const missing = new Map(pairs.filter((pair) => !known.has(keyOf(pair))).map((pair) => [keyOf(pair), pair]));
      if (missing.size > 0) {
        const added = await db.transaction((trx) => add(db, trx, [...missing.values()], clock.now().getTime()));
        for (const [key, id] of added) known.set(key, id);
      }
      return pairs.map((pair) => known.get(keyOf(pair)) ?? 0);
    },
    async byIds(ids) {
      const found: Awaited<ReturnType<RecordIds['byIds']>>[number][] = [];
      // What no counter has given out is no id; engines would refuse or round it.
      for (const chunk of inLists(new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0)))) {
        const rows = await db.kysely.selectFrom('finding_ref').selectAll().where('id', 'in', chunk).execute();
        for (const { id, image_id, vuln_id } of rows) found.push({ id, imageId: image_id, vulnerabilityId: vuln_id });
      }
      return found.sort((a, b) => a.id - b.id);
    },
  };
}

async function find(trx: Trx, pairs: readonly Pair[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const wanted = Map.groupBy(pairs, ({ imageId }) => imageId);
  // A page shows few images, each with several records.
  for (const [imageId, own] of wanted) {
    for (const chunk of inLists(new Set(own.map(({ vulnerabilityId }) => vulnerabilityId)))) {
      const { rows } = await sql<{ id: number; vuln_id: number }>`SELECT id, vuln_id FROM finding_ref
        WHERE image_id = ${imageId} AND vuln_id IN (${sql.join(chunk)})`.execute(trx);
      for (const { id, vuln_id } of rows) found.set(keyOf({ imageId, vulnerabilityId: vuln_id }), id);
    }
  }
  return found;
}

/** Under the lock of the counter: whoever had it before has committed, so what is still missing is missing. */
async function add(db: Db, trx: Trx, pairs: readonly Pair[], at: number): Promise<Map<string, number>> {
  await takeIds(trx, 'finding_ref', 0);
  const known = await find(trx, pairs);
  const missing = pairs.filter((pair) => !known.has(keyOf(pair)));
  if (missing.length === 0) return known;
  const first = await takeIds(trx, 'finding_ref', missing.length);
  const rows = missing.map(({ imageId, vulnerabilityId }, index) => [first + index, imageId, vulnerabilityId, at]);
  await db.bulkInsert('finding_ref', ['id', 'image_id', 'vuln_id', 'shown_at'], rows, { trx });
  missing.forEach((pair, index) => {
    known.set(keyOf(pair), first + index);
  });
  return known;
}
