import { type Kysely, sql } from 'kysely';
import {
  byCode,
  type EstateMatch,
  type EstatePackage,
  type FactsSource,
  fixStates,
  priorities,
  type StoredPackage,
  severityLevels,
  storable,
  textHash,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';
import { readContents } from './contents.ts';
import { tallyOf } from './counts.ts';
import { readImage } from './image-view.ts';
import { PackageReader } from './packages.ts';
import { checkCounts } from './recount.ts';
import { generationTimes, readRevisions } from './revisions.ts';
import { setsHolding, streamSets } from './sets.ts';
import { TextPool } from './texts.ts';
import { readVulnerabilities } from './vulnerability-facts.ts';

type Trx = Kysely<Tables>;
const batchRows = 2_000;

/** Bulk readers over facts; whoever keeps an index in memory reads everything once, then what changed. */
export function createFactsSource(db: Db): Omit<FactsSource, 'rules' | 'risks' | 'riskSets' | 'riskContents'> {
  const { kysely } = db;
  return {
    factRevisions: () => readRevisions(kysely),
    contents: (since) => readContents(db, since),
    async *sets(sinceId, wanted) {
      for await (const batch of streamSets(kysely, sinceId, wanted)) {
        yield batch.map(({ id, members }) => ({ id, members }));
      }
    },
    matches: (since) => (since === 0 ? allMatches(kysely) : changedMatches(kysely, since)),
    async setsOf(packageIds) {
      const { sets } = await setsHolding(kysely, packageIds);
      const lists = new Map(packageIds.map((id): [number, number[]] => [id, []]));
      for (const [set, members] of sets) for (const id of members) lists.get(id)?.push(set);
      return new Map([...lists].map(([id, list]) => [id, Int32Array.from(list)]));
    },
    packages: async (ids) => (await new PackageReader(kysely).byIds(ids)).map(estatePackage),
    async packagesCalled(name) {
      const named = kysely
        .selectFrom('dict')
        .select('id')
        .where('hash', '=', textHash(storable(name)));
      const rows = await kysely.selectFrom('pkg').selectAll().where('name_id', 'in', named).orderBy('id').execute();
      return (await new PackageReader(kysely).read(rows)).map(estatePackage);
    },
    vulnerabilities: (since) => readVulnerabilities(kysely, since),
    image: (manifestId) => db.snapshot((trx) => readImage(trx, manifestId)),
    async tallies(manifestIds) {
      const tallies = new Map();
      for (const chunk of inLists(manifestIds)) {
        const rows = await kysely.selectFrom('image_counts').selectAll().where('manifest_id', 'in', chunk).execute();
        for (const row of rows) {
          tallies.set(row.manifest_id, { ...tallyOf(row), recounting: row.gen < row.want_gen, rank: row.rank });
        }
      }
      return tallies;
    },
    checkCounts: () => checkCounts(db),
  };
}

function estatePackage({ source, ...pkg }: StoredPackage): EstatePackage {
  return { ...pkg, sourceName: source?.name ?? null, sourceVersion: source?.version ?? null };
}

interface MatchRow {
  readonly pkg_id: number;
  readonly vuln_id: number;
  readonly since_gen: number;
  readonly sev: number;
  readonly fix_state: number;
  readonly priority: number;
  readonly fixed_id: number | null;
  readonly range_id: number;
}

const matchColumns = sql.raw('pkg_id, vuln_id, since_gen, sev, fix_state, priority, fixed_id, range_id');

type MatchBatch = { readonly packages: readonly number[] | null; readonly rows: readonly EstateMatch[] };

async function* allMatches(trx: Trx): AsyncGenerator<MatchBatch> {
  const decoder = new MatchDecoder(trx);
  for (let after: readonly [number, number] = [0, 0]; ; ) {
    const { rows } = await sql<MatchRow>`SELECT ${matchColumns} FROM pkg_vuln
      WHERE (pkg_id, vuln_id) > (${after[0]}, ${after[1]}) AND to_gen IS NULL
      ORDER BY pkg_id, vuln_id LIMIT ${batchRows}`.execute(trx);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield { packages: null, rows: await decoder.decode(rows) };
    after = [last.pkg_id, last.vuln_id];
  }
}

async function* changedMatches(trx: Trx, since: number): AsyncGenerator<MatchBatch> {
  const decoder = new MatchDecoder(trx);
  const { rows: changed } = await sql<{ pkg_id: number }>`SELECT DISTINCT pkg_id FROM pkg_vuln
    WHERE rev > ${since} ORDER BY pkg_id`.execute(trx);
  for (const chunk of inLists(changed.map(({ pkg_id }) => pkg_id))) {
    const { rows } = await sql<MatchRow>`SELECT ${matchColumns} FROM pkg_vuln
      WHERE pkg_id IN (${sql.join(chunk)}) AND to_gen IS NULL ORDER BY pkg_id, vuln_id`.execute(trx);
    yield { packages: [...new Set(chunk)], rows: await decoder.decode(rows) };
  }
}

/** Turns rows into matches; for one reader. */
class MatchDecoder {
  readonly #trx: Trx;
  readonly #texts = new TextPool();
  #times: ReadonlyMap<number, number> = new Map();

  constructor(trx: Trx) {
    this.#trx = trx;
  }

  async decode(rows: readonly MatchRow[]): Promise<EstateMatch[]> {
    const texts = this.#texts;
    await texts.load(
      this.#trx,
      rows.flatMap(({ fixed_id, range_id }) => [fixed_id, range_id]),
    );
    if (rows.some(({ since_gen }) => !this.#times.has(since_gen))) this.#times = await generationTimes(this.#trx);
    return rows.map((row) => ({
      packageId: row.pkg_id,
      vulnerabilityId: row.vuln_id,
      severity: byCode(severityLevels, row.sev),
      state: byCode(fixStates, row.fix_state),
      fixedVersion: texts.maybe(row.fixed_id),
      range: texts.get(row.range_id),
      priority: byCode(priorities, row.priority),
      openedAt: this.#times.get(row.since_gen) ?? 0,
    }));
  }
}
