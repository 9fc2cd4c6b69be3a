import { sql } from 'kysely';
import { type CountingTable, type ImageTally, noRisks, type RecountCheck, rankOf } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { riskTallyOf } from '../risks/ingest.ts';
import { countRisksOf } from '../risks/recount.ts';
import { inLists } from './chunks.ts';
import { countColumns, countImages, loadCountingTable, tallyOf } from './counts.ts';
import { lockFacts } from './revisions.ts';
import { updateRows } from './update-rows.ts';

const atOnce = 500;
/** So many images are worth reading every match. */
const many = 200;

/** Computes up to `limit` stale counters, in short transactions; how many are left. */
export async function recount(db: Db, limit: number): Promise<number> {
  let table: { readonly rev: number; readonly counting: CountingTable } | undefined;
  for (let done = 0; done < limit; done += atOnce) {
    const left = await db.transaction(async (trx) => {
      await lockFacts(trx);
      const stale = await trx
        .selectFrom('image_counts')
        .select(['manifest_id', 'want_gen'])
        .whereRef('gen', '<', 'want_gen')
        .orderBy('manifest_id')
        .limit(Math.min(atOnce, limit - done))
        .execute();
      if (stale.length === 0) return 0;
      const { value: rev } = await trx
        .selectFrom('revision')
        .select('value')
        .where('name', '=', 'matches')
        .executeTakeFirstOrThrow();
      if (stale.length >= many && table?.rev !== rev) table = { rev, counting: await loadCountingTable(trx, 'all') };
      const own = table?.rev === rev ? table.counting : undefined;
      const tallies = await countImages(
        trx,
        stale.map(({ manifest_id }) => manifest_id),
        own,
      );
      const rows = stale.map(({ manifest_id, want_gen }) => {
        const columns = countColumns(tallies.get(manifest_id) as ImageTally);
        return [manifest_id, want_gen, ...Object.values(columns)];
      });
      const names = Object.keys(countColumns(tallies.get(stale[0]?.manifest_id ?? 0) as ImageTally));
      await updateRows(trx, 'image_counts', { keys: ['manifest_id'], values: ['gen', ...names] }, rows);
      return stale.length;
    });
    if (left === 0) return 0;
  }
  const { n } = await db.kysely
    .selectFrom('image_counts')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .whereRef('gen', '<', 'want_gen')
    .executeTakeFirstOrThrow();
  return n;
}

/** Marks counters to be computed again. */
export async function markStale(db: Db, manifestIds: readonly number[]): Promise<void> {
  await db.transaction(async (trx) => {
    await lockFacts(trx);
    for (let at = 0; at < manifestIds.length; at += atOnce) {
      await trx
        .updateTable('image_counts')
        .set({ gen: sql`want_gen - 1` })
        .where('manifest_id', 'in', [...manifestIds.slice(at, at + atOnce)])
        .execute();
    }
  });
}

/** Counts every image again whose counters are said to hold, and compares; one consistent state of the store. */
export async function checkCounts(db: Db): Promise<RecountCheck> {
  return db.snapshot(async (trx) => {
    const counting = await loadCountingTable(trx, 'all');
    const differences: RecountCheck['differences'][number][] = [];
    let images = 0;
    for (let after = 0; ; ) {
      const rows = await trx
        .selectFrom('image_counts')
        .selectAll()
        .where('manifest_id', '>', after)
        .orderBy('manifest_id')
        .limit(atOnce)
        .execute();
      const last = rows.at(-1);
      if (last === undefined) return { images, differences };
      const current = rows.filter(({ gen, want_gen }) => gen >= want_gen);
      const counted = await countImages(
        trx,
        current.map(({ manifest_id }) => manifest_id),
        counting,
      );
      const risks = await countRisksOf(
        trx,
        current.map(({ manifest_id }) => manifest_id),
      );
      for (const row of current) {
        const stored = { ...tallyOf(row), risks: riskTallyOf(row) };
        const own = { ...(counted.get(row.manifest_id) as ImageTally), risks: risks.get(row.manifest_id) ?? noRisks };
        const same = JSON.stringify(stored) === JSON.stringify(own) && row.rank === rankOf(own);
        if (!same) differences.push({ manifestId: row.manifest_id, stored, counted: own });
      }
      images += current.length;
      after = last.manifest_id;
    }
  });
}

/** Deletes up to `limit` matches that were closed by generations before a time; how many. */
export async function forgetClosed(db: Db, before: number, limit: number): Promise<number> {
  return db.transaction(async (trx) => {
    const { numAffectedRows } = await sql`DELETE FROM pkg_vuln WHERE (pkg_id, vuln_id, from_gen) IN (
      SELECT pkg_id, vuln_id, from_gen FROM pkg_vuln WHERE to_gen IS NOT NULL
        AND to_gen IN (SELECT gen FROM match_generation WHERE at < ${before}) LIMIT ${limit})`.execute(trx);
    return Number(numAffectedRows ?? 0n);
  });
}

/**
 * Deletes what is known of manifests that have left the inventory. Sets and packages stay: others may hold them. Risks are
 * swept apart.
 */
export async function forgetImages(db: Db, manifestIds: readonly number[]): Promise<void> {
  await db.transaction(async (trx) => {
    await lockFacts(trx);
    for (const chunk of inLists(manifestIds)) {
      for (const table of [
        'image_set',
        'image_risk',
        'image_counts',
        'image_chain',
        'image_config',
        'scan_record',
        'set_change',
      ] as const) {
        await trx.deleteFrom(table).where('manifest_id', 'in', chunk).execute();
      }
    }
  });
}
