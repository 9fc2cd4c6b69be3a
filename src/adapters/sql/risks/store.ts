import { type Kysely, sql } from 'kysely';
import { type ChoiceStore, decodeRiskMembers, type RiskStore, type RiskTally } from '../../../findings/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { Db } from '../contract.ts';
import { inLists } from '../findings/chunks.ts';
import { refIds } from '../findings/record-ids.ts';
import { lockFacts } from '../findings/revisions.ts';
import type { Tables } from '../tables.ts';
import { riskTallyOf } from './ingest.ts';
import { readRiskFindings } from './rows.ts';

type Trx = Kysely<Tables>;

/** Names of risks, their findings and counters, and what scans look for. */
export function createRiskStore(db: Db, clock: Clock): RiskStore & ChoiceStore {
  const refs = refIds(db, clock, { table: 'risk_ref', column: 'key_id' });
  return {
    riskIdsFor: (pairs) => refs.idsFor(pairs.map(({ imageId, keyId }) => ({ imageId, otherId: keyId }))),
    risksByIds: async (ids) =>
      (await refs.byIds(ids)).map(({ id, imageId, otherId }) => ({ id, imageId, keyId: otherId })),
    riskFindings: (ids) => readRiskFindings(db.kysely, ids),
    async riskTallies(manifestIds) {
      const tallies = new Map<number, RiskTally>();
      for (const chunk of inLists(manifestIds)) {
        const rows = await db.kysely.selectFrom('image_counts').selectAll().where('manifest_id', 'in', chunk).execute();
        for (const row of rows) tallies.set(row.manifest_id, riskTallyOf(row));
      }
      return tallies;
    },
    sweepRisks: () => db.transaction(sweep),
    async choice(name) {
      return readChoice(db.kysely, name);
    },
    choose: (name, change, at) =>
      db.transaction(async (trx) => {
        await lockFacts(trx);
        const doc = change(await readChoice(trx, name));
        const row = { doc: JSON.stringify(doc), changed_at: at };
        await trx
          .insertInto('scan_choice')
          .values({ name, ...row })
          .onConflict((conflict) => conflict.column('name').doUpdateSet(row))
          .execute();
        return doc;
      }),
  };
}

async function readChoice(trx: Trx, name: string): Promise<unknown> {
  const row = await trx.selectFrom('scan_choice').select('doc').where('name', '=', name).executeTakeFirst();
  return row === undefined ? null : JSON.parse(row.doc);
}

/** Under the lock of facts: whoever stores an image meanwhile waits, and finds or makes what it needs. */
async function sweep(trx: Trx): Promise<number> {
  await lockFacts(trx);
  await sql`DELETE FROM risk_set WHERE id NOT IN (SELECT set_id FROM image_risk)`.execute(trx);
  const held = new Set<number>();
  for (let after = 0; ; ) {
    const rows = await trx
      .selectFrom('risk_set')
      .select(['id', 'members'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(2_000)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) break;
    for (const { members } of rows) for (const id of decodeRiskMembers(members)) held.add(id);
    after = last.id;
  }
  const all = await trx.selectFrom('risk').select('id').execute();
  const gone = all.filter(({ id }) => !held.has(id)).map(({ id }) => id);
  for (const chunk of inLists(gone)) await trx.deleteFrom('risk').where('id', 'in', chunk).execute();
  return gone.length;
}
