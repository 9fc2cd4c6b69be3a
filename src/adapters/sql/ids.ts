import type { Kysely } from 'kysely';
import { SqlError } from './errors.ts';
import type { Tables } from './tables.ts';

/** Where a counter ends: ids in typed arrays have 31 bits, all others what a JavaScript number holds. */
export type IdWidth = 'i32' | 'i64';

/** Last ids; the number behind the last one has to fit as well. */
const ends: Readonly<Record<IdWidth, number>> = { i32: 2 ** 31 - 1, i64: Number.MAX_SAFE_INTEGER - 1 };

/**
 * Takes `count` successive ids from the counter `name` and returns the first; the first of all is 1. They are taken in
 * the caller's transaction: undone with it, so none is lost, and others wait for it to end, so none is given twice.
 * @throws SqlError `ids_exhausted` before a number would leave its range
 */
export async function takeIds(
  trx: Kysely<Tables>,
  name: string,
  count: number,
  width: IdWidth = 'i64',
): Promise<number> {
  const row = await trx
    .insertInto('id_block')
    .values({ name, next: 1 + count })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({ next: eb('id_block.next', '+', count) }))
        .where('id_block.next', '<=', ends[width] + 1 - count),
    )
    .returning('next')
    .executeTakeFirst();
  if (row !== undefined) return row.next - count;
  throw new SqlError('ids_exhausted', `The counter of ${name} has reached its end (${ends[width]}).`, {
    hint: 'Report this: the store has to be renumbered before it can take more.',
  });
}

/**
 * Ids of keys, made where they are missing: looked up first, then under the counter's lock once more, then inserted
 * with exactly as many new ids as there are new keys. So a conflict never burns an id, and two processes that meet the
 * same key at once agree on its id.
 * @param lookup ids of those keys that are there
 * @param insert stores new keys with their ids
 */
export async function internIds<K>(
  trx: Kysely<Tables>,
  counter: { readonly name: string; readonly width?: IdWidth },
  keys: readonly K[],
  lookup: (keys: readonly K[]) => Promise<ReadonlyMap<K, number>>,
  insert: (entries: readonly { readonly id: number; readonly key: K }[]) => Promise<void>,
): Promise<ReadonlyMap<K, number>> {
  const distinct = [...new Set(keys)];
  const ids = new Map(await lookup(distinct));
  let missing = distinct.filter((key) => !ids.has(key));
  if (missing.length === 0) return ids;
  await takeIds(trx, counter.name, 0, counter.width);
  for (const [key, id] of await lookup(missing)) ids.set(key, id);
  missing = missing.filter((key) => !ids.has(key));
  if (missing.length === 0) return ids;
  const first = await takeIds(trx, counter.name, missing.length, counter.width);
  const entries = missing.map((key, index) => ({ id: first + index, key }));
  await insert(entries);
  for (const { id, key } of entries) ids.set(key, id);
  return ids;
}
