import { type Kysely, sql } from 'kysely';
import type { RecordIds } from '../../../findings/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';

type Trx = Kysely<Tables>;

/** An image and what is named in it. */
interface Pair {
  readonly imageId: number;
  readonly otherId: number;
}

/** A table of integer names: id, image, what is named, when it was first shown. */
interface RefTable {
  readonly table: 'finding_ref' | 'risk_ref';
  readonly column: 'vuln_id' | 'key_id';
}

const keyOf = ({ imageId, otherId }: Pair): string => `${imageId} ${otherId}`;

/** Integer names of records. */
export function createRecordIds(db: Db, clock: Clock): RecordIds {
  const refs = refIds(db, clock, { table: 'finding_ref', column: 'vuln_id' });
  return {
    idsFor: (pairs) =>
      refs.idsFor(pairs.map(({ imageId, vulnerabilityId }) => ({ imageId, otherId: vulnerabilityId }))),
    byIds: async (ids) =>
      (await refs.byIds(ids)).map(({ id, imageId, otherId }) => ({ id, imageId, vulnerabilityId: otherId })),
  };
}

/**
 * Integer names in one table. A row is made when something is first shown. Ids come from a counter of the store, so they
 * are never used again, whatever is deleted.
 */
export function refIds(db: Db, clock: Clock, refs: RefTable) {
  return {
    async idsFor(pairs: readonly Pair[]): Promise<readonly number[]> {
      const known = await find(db.kysely, refs, pairs);
      const missing = new Map(pairs.filter((pair) => !known.has(keyOf(pair))).map((pair) => [keyOf(pair), pair]));
      if (missing.size > 0) {
        const at = clock.now().getTime();
        const added = await db.transaction((trx) => add(db, trx, refs, [...missing.values()], at));
        for (const [key, id] of added) known.set(key, id);
      }
      return pairs.map((pair) => known.get(keyOf(pair)) ?? 0);
    },
    async byIds(ids: readonly number[]): Promise<readonly (Pair & { readonly id: number })[]> {
      const found: (Pair & { readonly id: number })[] = [];
      // What no counter has given out is no id; engines would refuse or round it.
      for (const chunk of inLists(new Set(ids.filter((id) => Number.isSafeInteger(id) && id > 0)))) {
        const { rows } = await sql<{ id: number; image_id: number; other_id: number }>`SELECT id, image_id,
          ${sql.ref(refs.column)} AS other_id FROM ${sql.table(refs.table)} WHERE id IN (${sql.join(chunk)})`.execute(
          db.kysely,
        );
        for (const { id, image_id, other_id } of rows) found.push({ id, imageId: image_id, otherId: other_id });
      }
      return found.sort((a, b) => a.id - b.id);
    },
  };
}

async function find(trx: Trx, refs: RefTable, pairs: readonly Pair[]): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  const wanted = Map.groupBy(pairs, ({ imageId }) => imageId);
  const column = sql.ref(refs.column);
  // A page shows few images, each with several records.
  for (const [imageId, own] of wanted) {
    for (const chunk of inLists(new Set(own.map(({ otherId }) => otherId)))) {
      const { rows } = await sql<{ id: number; other_id: number }>`SELECT id, ${column} AS other_id
        FROM ${sql.table(refs.table)} WHERE image_id = ${imageId} AND ${column} IN (${sql.join(chunk)})`.execute(trx);
      for (const { id, other_id } of rows) found.set(keyOf({ imageId, otherId: other_id }), id);
    }
  }
  return found;
}

/** Under the lock of the counter: whoever had it before has committed, so what is still missing is missing. */
async function add(db: Db, trx: Trx, refs: RefTable, pairs: readonly Pair[], at: number): Promise<Map<string, number>> {
  await takeIds(trx, refs.table, 0);
  const known = await find(trx, refs, pairs);
  const missing = pairs.filter((pair) => !known.has(keyOf(pair)));
  if (missing.length === 0) return known;
  const first = await takeIds(trx, refs.table, missing.length);
  const rows = missing.map(({ imageId, otherId }, index) => [first + index, imageId, otherId, at]);
  if (refs.table === 'risk_ref')
    await db.bulkInsert('risk_ref', ['id', 'image_id', 'key_id', 'shown_at'], rows, { trx });
  else await db.bulkInsert('finding_ref', ['id', 'image_id', 'vuln_id', 'shown_at'], rows, { trx });
  missing.forEach((pair, index) => {
    known.set(keyOf(pair), first + index);
  });
  return known;
}
