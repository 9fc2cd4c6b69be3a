import { type Kysely, sql } from 'kysely';
import { storable, textHash } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { internIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { byteKey, distinct, inLists } from './chunks.ts';

type Trx = Kysely<Tables>;

/** Ids of texts, made where they are missing. Equal after `storable` is equal. */
export async function internTexts(db: Db, trx: Trx, texts: Iterable<string | null>): Promise<(text: string) => number> {
  const hashes = new Map<string, { hash: Uint8Array; text: string }>();
  const keys = new Map<string, string>();
  for (const text of distinct(texts)) {
    const clean = storable(text);
    const hash = textHash(clean);
    const key = byteKey(hash);
    keys.set(text, key);
    hashes.set(key, { hash, text: clean });
  }
  const ids = await internHashes(trx, 'dict', 'hash', hashes, (entries) =>
    db.bulkInsert(
      'dict',
      ['id', 'hash', 'text'],
      entries.map(({ id, key }) => [id, key.hash, key.text]),
      { trx },
    ),
  );
  return (text) => {
    const id = ids.get(keys.get(text) ?? '');
    if (id === undefined) throw new RangeError('a text that was not interned');
    return id;
  };
}

/**
 * Ids of rows that are found by a hash, made where they are missing.
 * @param insert stores the entries with the ids given.
 */
export async function internHashes<V extends { readonly hash: Uint8Array }>(
  trx: Trx,
  table: 'dict' | 'release' | 'layer' | 'component_set' | 'risk' | 'risk_set',
  column: 'hash' | 'digest',
  values: ReadonlyMap<string, V>,
  insert: (entries: readonly { readonly id: number; readonly key: V }[]) => Promise<unknown>,
): Promise<ReadonlyMap<string, number>> {
  const lookup = async (keys: readonly string[]): Promise<Map<string, number>> => {
    const found = new Map<string, number>();
    for (const chunk of inLists(keys)) {
      const hashes = sql.join(chunk.map((key) => values.get(key)?.hash));
      const { rows } = await sql<{ id: number; hash: Uint8Array }>`SELECT id, ${sql.ref(column)} AS hash
        FROM ${sql.table(table)} WHERE ${sql.ref(column)} IN (${hashes})`.execute(trx);
      for (const { id, hash } of rows) found.set(byteKey(hash), id);
    }
    return found;
  };
  return internIds(trx, { name: table, width: 'i32' }, [...values.keys()], lookup, async (entries) => {
    await insert(entries.map(({ id, key }) => ({ id, key: values.get(key) as V })));
  });
}

/** How many texts a pool keeps before it begins anew. */
const most = 500_000;

/** Texts by id, read in batches and kept while there is room. For one reader: another would clear what it is about to get. */
export class TextPool {
  readonly #texts = new Map<number, string>();

  /** Makes the texts of these ids known to `get`. */
  async load(trx: Trx, ids: Iterable<number | null>): Promise<void> {
    const missing = distinct(ids).filter((id) => !this.#texts.has(id));
    if (missing.length === 0) return;
    if (this.#texts.size > most) {
      // What was asked for must stay: it is read again with the rest.
      const wanted = distinct(ids);
      this.#texts.clear();
      missing.splice(0, missing.length, ...wanted);
    }
    for (const chunk of inLists(missing)) {
      const rows = await trx.selectFrom('dict').select(['id', 'text']).where('id', 'in', chunk).execute();
      for (const { id, text } of rows) this.#texts.set(id, text);
    }
  }

  /** @throws RangeError for an id that was not loaded or is not there */
  get(id: number): string {
    const text = this.#texts.get(id);
    if (text === undefined) throw new RangeError(`no text ${id}`);
    return text;
  }

  /** Like `get`, null for null. */
  maybe(id: number | null): string | null {
    return id === null ? null : this.get(id);
  }
}
