import type { Kysely } from 'kysely';
import { decodeRiskMembers, type RiskTally } from '../../../findings/index.ts';
import { inLists } from '../findings/chunks.ts';
import type { Tables } from '../tables.ts';
import { tallyOfMembers } from './ingest.ts';
import { readRiskRows } from './rows.ts';

/** Counts the risks of images from what is stored of them; images without any row are left out. */
export async function countRisksOf(
  trx: Kysely<Tables>,
  manifestIds: readonly number[],
): Promise<ReadonlyMap<number, RiskTally>> {
  const tallies = new Map<number, RiskTally>();
  for (const chunk of inLists(manifestIds)) {
    const rows = await trx
      .selectFrom('image_risk')
      .innerJoin('risk_set', 'risk_set.id', 'image_risk.set_id')
      .select(['image_risk.manifest_id', 'risk_set.members'])
      .where('image_risk.manifest_id', 'in', chunk)
      .execute();
    const members = new Map(rows.map((row) => [row.manifest_id, decodeRiskMembers(row.members)]));
    const risks = await readRiskRows(
      trx,
      [...members.values()].flatMap((ids) => [...ids]),
    );
    for (const [manifestId, ids] of members) {
      tallies.set(manifestId, tallyOfMembers([...ids].flatMap((id) => risks.get(id) ?? [])));
    }
  }
  return tallies;
}
