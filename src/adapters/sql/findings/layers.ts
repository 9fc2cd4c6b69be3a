import type { Kysely } from 'kysely';
import { isDigest } from '../../../image/index.ts';
import type { Db } from '../contract.ts';
import { digestBytes } from '../digest-bytes.ts';
import type { Tables } from '../tables.ts';
import { byteKey } from './chunks.ts';
import { internHashes } from './texts.ts';

/** Ids of layers by their digests, made where they are missing. What names no layer is one layer without a digest. */
export async function internLayers(
  db: Db,
  trx: Kysely<Tables>,
  digests: readonly string[],
): Promise<(digest: string) => number> {
  const layers = new Map(digests.map((digest) => [keyOf(digest), { hash: layerBytes(digest) }]));
  const ids = await internHashes(trx, 'layer', 'digest', layers, (entries) =>
    db.bulkInsert(
      'layer',
      ['id', 'digest'],
      entries.map(({ id, key: { hash } }) => [id, hash]),
      { trx },
    ),
  );
  return (digest) => {
    const id = ids.get(keyOf(digest));
    if (id === undefined) throw new RangeError('a layer that was not interned');
    return id;
  };
}

function keyOf(digest: string): string {
  return byteKey(layerBytes(digest));
}

function layerBytes(digest: string): Uint8Array {
  return isDigest(digest) ? digestBytes(digest) : new Uint8Array();
}
