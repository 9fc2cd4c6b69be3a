import { type Kysely, sql } from 'kysely';
import { type MatchFacts, storable, vulnerabilityFacts } from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import { internIds } from '../ids.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';
import { TextPool } from './texts.ts';

type Trx = Kysely<Tables>;

/** Ids of the vulnerabilities that matches are about; new ones are stored with their scores, aliases are added. */
export async function internVulnerabilities(
  db: Db,
  trx: Trx,
  matches: readonly MatchFacts[],
  rev: number,
): Promise<ReadonlyMap<string, number>> {
  const facts = new Map(matches.map((match) => [storable(match.id), match]));
  const lookup = async (names: readonly string[]): Promise<Map<string, number>> => {
    const found = new Map<string, number>();
    for (const chunk of inLists(names)) {
      const rows = await trx.selectFrom('vuln').select(['id', 'name']).where('name', 'in', chunk).execute();
      for (const { id, name } of rows) found.set(name, id);
    }
    return found;
  };
  const ids = await internIds(trx, { name: 'vuln', width: 'i32' }, [...facts.keys()], lookup, async (entries) => {
    const rows = entries.map(({ id, key }) => {
      const match = facts.get(key);
      return [id, key, ppm(match?.epss?.score), ppm(match?.epss?.percentile), match?.kev === true ? 1 : 0, rev];
    });
    await db.bulkInsert('vuln', ['id', 'name', 'epss_ppm', 'epss_rank_ppm', 'kev', 'rev'], rows, { trx });
  });
  await addAliases(db, trx, matches, ids, rev);
  return ids;
}

async function addAliases(
  db: Db,
  trx: Trx,
  matches: readonly MatchFacts[],
  ids: ReadonlyMap<string, number>,
  rev: number,
): Promise<void> {
  const wanted = new Map<string, [alias: string, id: number]>();
  for (const match of matches) {
    const id = ids.get(storable(match.id)) ?? 0;
    for (const alias of match.aliases) wanted.set(`${id} ${alias}`, [storable(alias), id]);
  }
  for (const chunk of inLists(new Set([...wanted.values()].map(([, id]) => id)))) {
    const rows = await trx.selectFrom('vuln_alias').selectAll().where('vuln_id', 'in', chunk).execute();
    for (const { alias, vuln_id } of rows) wanted.delete(`${vuln_id} ${alias}`);
  }
  if (wanted.size === 0) return;
  await db.bulkInsert('vuln_alias', ['alias', 'vuln_id'], wanted.values(), { trx, skipConflicts: true });
  for (const chunk of inLists(new Set([...wanted.values()].map(([, id]) => id)))) {
    await trx.updateTable('vuln').set({ rev }).where('id', 'in', chunk).execute();
  }
}

/** Millionths; null for unknown. */
export function ppm(share: number | null | undefined): number | null {
  return share == null ? null : Math.round(share * 1_000_000);
}

/** Takes the facts of vulnerabilities anew from their open matches; those without keep what they had. */
export async function refreshVulnerabilities(trx: Trx, ids: Iterable<number>, rev: number): Promise<void> {
  for (const chunk of inLists(ids)) {
    const { rows } = await sql<MatchPart>`SELECT DISTINCT vuln_id, score_milli, vector_id, title_id FROM pkg_vuln
      WHERE vuln_id IN (${sql.join(chunk)}) AND to_gen IS NULL`.execute(trx);
    const texts = new TextPool();
    await texts.load(
      trx,
      rows.flatMap(({ vector_id, title_id }) => [vector_id, title_id]),
    );
    const stored = await trx
      .selectFrom('vuln')
      .select(['id', 'cvss_milli', 'vector_id', 'title_id'])
      .where('id', 'in', chunk)
      .execute();
    const byId = Map.groupBy(rows, ({ vuln_id }) => vuln_id);
    for (const old of stored) {
      const parts = byId.get(old.id);
      if (parts === undefined) continue;
      const fresh = summary(parts, texts);
      const same =
        fresh.cvss_milli === old.cvss_milli && fresh.vector_id === old.vector_id && fresh.title_id === old.title_id;
      if (!same)
        await trx
          .updateTable('vuln')
          .set({ ...fresh, rev })
          .where('id', '=', old.id)
          .execute();
    }
  }
}

interface MatchPart {
  readonly vuln_id: number;
  readonly score_milli: number | null;
  readonly vector_id: number | null;
  readonly title_id: number | null;
}

function summary(
  parts: readonly MatchPart[],
  texts: TextPool,
): Omit<MatchPart, 'vuln_id' | 'score_milli'> & { cvss_milli: number | null } {
  const facts = vulnerabilityFacts(
    parts.map(({ score_milli, vector_id, title_id }) => ({
      severity: { score: score_milli, vector: texts.maybe(vector_id) },
      title: texts.maybe(title_id),
    })),
  );
  const idOf = (text: string | null, column: 'vector_id' | 'title_id'): number | null =>
    text === null ? null : (parts.find((part) => texts.maybe(part[column]) === text)?.[column] ?? null);
  return {
    cvss_milli: facts.score,
    vector_id: idOf(facts.vector, 'vector_id'),
    title_id: idOf(facts.title, 'title_id'),
  };
}
