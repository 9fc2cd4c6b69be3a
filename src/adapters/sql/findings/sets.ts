import { type Kysely, sql } from 'kysely';
import { codeOf, decodeMembers, encodeMembers, findingKinds, setHash, sortedIds } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { byteKey, inLists } from './chunks.ts';
import { internHashes } from './texts.ts';

type Trx = Kysely<Tables>;

/** A component set as it is going to be stored. */
export interface NewSet {
  readonly kind: 'cve' | 'sca';
  readonly releaseId: number | null;
  readonly packageIds: readonly number[];
}

/** Ids of sets, in the order given; those that are new are stored. The caller holds the lock of facts. */
export async function internSets(
  db: Db,
  trx: Trx,
  sets: readonly NewSet[],
): Promise<{ readonly ids: readonly number[]; readonly fresh: number }> {
  const values = new Map<string, { hash: Uint8Array; members: Uint8Array; n: number; set: NewSet }>();
  const keys = sets.map((set) => {
    const ids = sortedIds(set.packageIds);
    const members = encodeMembers(ids);
    const hash = setHash(members);
    const key = byteKey(hash);
    values.set(key, { hash, members, n: ids.length, set });
    return key;
  });
  let fresh = 0;
  const ids = await internHashes(trx, 'component_set', 'hash', values, async (entries) => {
    fresh = entries.length;
    const rows = entries.map(({ id, key: { hash, members, n, set } }) => [
      ...[id, hash, codeOf(findingKinds, set.kind), set.releaseId, n, members],
    ]);
    await db.bulkInsert('component_set', ['id', 'hash', 'kind', 'release_id', 'n', 'members'], rows, { trx });
  });
  return { ids: keys.map((key) => ids.get(key) ?? 0), fresh };
}

/** A set as it is stored. */
export interface SetRow {
  readonly id: number;
  readonly kind: number;
  readonly members: Int32Array;
}

/** Sets with a higher id, by rising id, in batches; with `wanted` only those members that have a 1 there. */
export async function* streamSets(
  trx: Trx,
  after: number,
  wanted?: Uint8Array,
  batch = 1_000,
): AsyncGenerator<SetRow[]> {
  for (let last = after; ; ) {
    const rows = await trx
      .selectFrom('component_set')
      .select(['id', 'kind', 'n', 'members'])
      .where('id', '>', last)
      .orderBy('id')
      .limit(batch)
      .execute();
    const end = rows.at(-1);
    if (end === undefined) return;
    yield rows.map(({ id, kind, n, members }) => ({ id, kind, members: decodeMembers(members, n, wanted) }));
    last = end.id;
  }
}

/** Members by set id. */
export async function readMembers(trx: Trx, ids: Iterable<number>): Promise<Map<number, Int32Array>> {
  const members = new Map<number, Int32Array>();
  for (const chunk of inLists(ids)) {
    const rows = await trx
      .selectFrom('component_set')
      .select(['id', 'n', 'members'])
      .where('id', 'in', chunk)
      .execute();
    for (const row of rows) members.set(row.id, decodeMembers(row.members, row.n));
  }
  return members;
}

/** Which sets each image holds. */
export async function readSetsOfImages(trx: Trx, manifestIds: Iterable<number>): Promise<Map<number, number[]>> {
  const sets = new Map<number, number[]>();
  for (const chunk of inLists(manifestIds)) {
    const { rows } = await sql<{ manifest_id: number; set_id: number }>`SELECT DISTINCT manifest_id, set_id
      FROM image_set WHERE manifest_id IN (${sql.join(chunk)})`.execute(trx);
    for (const { manifest_id, set_id } of rows) {
      const list = sets.get(manifest_id);
      if (list === undefined) sets.set(manifest_id, [set_id]);
      else list.push(set_id);
    }
  }
  return sets;
}

/**
 * The sets that hold any of the packages, with those of their members. Every set with a higher id than `after` is looked
 * at: the packed members are the only index.
 */
export async function setsHolding(
  trx: Trx,
  packageIds: Iterable<number>,
  after = 0,
): Promise<{ readonly sets: Map<number, Int32Array>; readonly last: number }> {
  const wanted = bitsOf(packageIds);
  const sets = new Map<number, Int32Array>();
  let last = after;
  for await (const batch of streamSets(trx, after, wanted)) {
    for (const { id, members } of batch) {
      last = id;
      if (members.length > 0) sets.set(id, members);
    }
  }
  return { sets, last };
}

function bitsOf(ids: Iterable<number>): Uint8Array {
  const all = Int32Array.from(ids);
  const bits = new Uint8Array(all.reduce((most, id) => Math.max(most, id), 0) + 1);
  for (const id of all) bits[id] = 1;
  return bits;
}
