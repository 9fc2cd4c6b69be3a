import { type Kysely, sql } from 'kysely';
import {
  byCode,
  codeOf,
  fixStates,
  type MatchFacts,
  priorities,
  type StoredMatch,
  severityLevels,
  storable,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { distinct, inLists } from './chunks.ts';
import type { MatchTable } from './tables.ts';
import { internTexts, TextPool } from './texts.ts';
import { internVulnerabilities } from './vulnerabilities.ts';

type Trx = Kysely<Tables>;

/** A match to be opened. */
export interface OpeningMatch {
  readonly packageId: number;
  readonly facts: MatchFacts;
  /** Generation since which the package has the vulnerability; null = the one that opens it. */
  readonly since: number | null;
}

const columns = [
  'pkg_id',
  'vuln_id',
  'from_gen',
  'since_gen',
  'rev',
  'sev',
  'sev_src_id',
  'score_milli',
  'vector_id',
  'fix_state',
  'fixed_id',
  'priority',
  'advisory_id',
  'ecosystem_id',
  'range_id',
  'on_source',
  'aliases_id',
  'title_id',
] as const satisfies readonly (keyof MatchTable)[];

/** Opens matches; the ids of their vulnerabilities. The caller holds the lock of facts. */
export async function openMatches(
  db: Db,
  trx: Trx,
  opening: readonly OpeningMatch[],
  at: { readonly generation: number; readonly rev: number },
): Promise<ReadonlySet<number>> {
  const vulnerabilities = await internVulnerabilities(
    db,
    trx,
    opening.map(({ facts }) => facts),
    at.rev,
  );
  const texts = await internTexts(
    db,
    trx,
    opening.flatMap(({ facts }) => textsOf(facts)),
  );
  const maybe = (text: string | null): number | null => (text === null ? null : texts(text));
  const idOf = ({ id }: MatchFacts): number => vulnerabilities.get(storable(id)) ?? 0;
  const rows = opening.map(({ packageId, facts, since }) => {
    const { severity, match } = facts;
    return [
      ...[packageId, idOf(facts), at.generation, since ?? at.generation, at.rev],
      ...[
        codeOf(severityLevels, severity.level),
        maybe(severity.source),
        milli(severity.score),
        maybe(severity.vector),
      ],
      ...[codeOf(fixStates, facts.state), maybe(facts.fixedVersion), codeOf(priorities, facts.priority)],
      ...[texts(match.advisory), texts(match.ecosystem), texts(match.range), match.on === 'source' ? 1 : 0],
      ...[maybe(aliasText(facts)), maybe(facts.title)],
    ];
  });
  await db.bulkInsert('pkg_vuln', columns, rows, { trx });
  return new Set(opening.map(({ facts }) => idOf(facts)));
}

function textsOf(facts: MatchFacts): (string | null)[] {
  const { severity, match, fixedVersion, title } = facts;
  return [
    severity.source,
    severity.vector,
    fixedVersion,
    match.advisory,
    match.ecosystem,
    match.range,
    title,
    aliasText(facts),
  ];
}

/** Ids hold no blanks. */
function aliasText({ aliases }: MatchFacts): string | null {
  return aliases.length === 0 ? null : aliases.join(' ');
}

function milli(score: number | null): number | null {
  return score === null ? null : Math.round(score * 1_000);
}

/** A match as rows give it, with the name and scores of its vulnerability. */
interface JoinedMatch extends MatchTable {
  readonly name: string;
  readonly epss_ppm: number | null;
  readonly epss_rank_ppm: number | null;
  readonly kev: number;
}

/** Open matches of packages, in the order of packages and vulnerabilities' ids. */
export async function readOpenMatches(trx: Trx, packageIds: Iterable<number>): Promise<StoredMatch[]> {
  return readMatches(trx, 'pkg_id', packageIds);
}

/** Open matches of vulnerabilities. */
export async function readMatchesOf(trx: Trx, vulnerabilityIds: Iterable<number>): Promise<StoredMatch[]> {
  return readMatches(trx, 'vuln_id', vulnerabilityIds);
}

async function readMatches(trx: Trx, by: 'pkg_id' | 'vuln_id', ids: Iterable<number>): Promise<StoredMatch[]> {
  const texts = new TextPool();
  const matches: StoredMatch[] = [];
  for (const chunk of inLists(ids)) {
    const { rows } = await sql<JoinedMatch>`SELECT m.*, v.name, v.epss_ppm, v.epss_rank_ppm, v.kev
      FROM pkg_vuln m JOIN vuln v ON v.id = m.vuln_id
      WHERE ${sql.ref(`m.${by}`)} IN (${sql.join(chunk)}) AND m.to_gen IS NULL ORDER BY m.pkg_id, m.vuln_id`.execute(
      trx,
    );
    await texts.load(trx, textIds(rows));
    for (const row of rows) matches.push(matchOf(row, texts));
  }
  return matches;
}

function textIds(rows: readonly JoinedMatch[]): number[] {
  return distinct(
    rows.flatMap((row) => [
      ...[row.sev_src_id, row.vector_id, row.fixed_id, row.advisory_id, row.ecosystem_id, row.range_id],
      ...[row.aliases_id, row.title_id],
    ]),
  );
}

function matchOf(row: JoinedMatch, texts: TextPool): StoredMatch {
  return {
    packageId: row.pkg_id,
    vulnerabilityId: row.vuln_id,
    fromGeneration: row.from_gen,
    sinceGeneration: row.since_gen,
    id: row.name,
    aliases: texts.maybe(row.aliases_id)?.split(' ') ?? [],
    fixedVersion: texts.maybe(row.fixed_id),
    state: byCode(fixStates, row.fix_state),
    severity: {
      level: byCode(severityLevels, row.sev),
      source: texts.maybe(row.sev_src_id),
      score: row.score_milli === null ? null : row.score_milli / 1_000,
      vector: texts.maybe(row.vector_id),
    },
    kev: row.kev === 1,
    epss: epssOf(row),
    priority: byCode(priorities, row.priority),
    title: texts.maybe(row.title_id),
    match: {
      advisory: texts.get(row.advisory_id),
      ecosystem: texts.get(row.ecosystem_id),
      range: texts.get(row.range_id),
      on: row.on_source === 1 ? 'source' : 'binary',
    },
  };
}

/** Exploit prediction of a row of `vuln`. */
export function epssOf(row: {
  readonly epss_ppm: number | null;
  readonly epss_rank_ppm: number | null;
}): MatchFacts['epss'] {
  if (row.epss_ppm === null || row.epss_rank_ppm === null) return null;
  return { score: row.epss_ppm / 1_000_000, percentile: row.epss_rank_ppm / 1_000_000 };
}
