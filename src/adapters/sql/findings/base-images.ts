import type { Kysely } from 'kysely';
import type { KnownBase } from '../../../findings/index.ts';
import { type Digest, isDigest } from '../../../image/index.ts';
import { digestBytes, digestText } from '../digest-bytes.ts';
import type { Tables } from '../tables.ts';
import { byteKey, inLists } from './chunks.ts';

type Handle = Kysely<Tables>;

/** Remembers which layers an image has. */
export async function saveChain(trx: Handle, manifestId: number, chain: string | null): Promise<void> {
  if (chain === null || !isDigest(chain)) return;
  const bytes = digestBytes(chain);
  await trx
    .insertInto('image_chain')
    .values({ manifest_id: manifestId, chain: bytes })
    .onConflict((conflict) => conflict.column('manifest_id').doUpdateSet({ chain: bytes }))
    .execute();
}

/** Images whose layers, all together, are one of the chains. */
export async function imagesWithChains(handle: Handle, chains: readonly Digest[]): Promise<readonly KnownBase[]> {
  const asked = new Map(chains.map((chain) => [byteKey(digestBytes(chain)), digestBytes(chain)]));
  const found: KnownBase[] = [];
  for (const part of inLists([...asked.values()])) {
    const rows = await handle
      .selectFrom('image_chain')
      .innerJoin('manifest', 'manifest.id', 'image_chain.manifest_id')
      .select(['image_chain.chain', 'manifest.id', 'manifest.digest'])
      .where('image_chain.chain', 'in', part)
      .orderBy('manifest.id')
      .limit(1000)
      .execute();
    for (const row of rows) {
      found.push({
        chain: digestText(row.chain),
        digest: digestText(row.digest),
        indexDigests: await indexesOf(handle, row.id),
      });
    }
  }
  return found;
}

async function indexesOf(handle: Handle, manifestId: number): Promise<Digest[]> {
  const rows = await handle
    .selectFrom('index_member')
    .innerJoin('manifest', 'manifest.id', 'index_member.index_id')
    .select('manifest.digest')
    .where('index_member.manifest_id', '=', manifestId)
    .limit(100)
    .execute();
  return rows.map(({ digest }) => digestText(digest));
}
