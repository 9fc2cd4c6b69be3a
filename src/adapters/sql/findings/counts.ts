import { type Kysely, sql } from 'kysely';
import {
  byCode,
  type CountedMatch,
  type CountedPackage,
  CountingTable,
  findingKinds,
  type ImageTally,
  rankOf,
  type SeverityCounts,
} from '../../../findings/index.ts';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';
import { PackageReader } from './packages.ts';
import { readMembers, readSetsOfImages } from './sets.ts';
import type { CountsTable } from './tables.ts';

type Trx = Kysely<Tables>;

/** A counting table over the open matches of some packages, or of all. */
export async function loadCountingTable(trx: Trx, packageIds: Iterable<number> | 'all'): Promise<CountingTable> {
  const matches: CountedMatch[] = [];
  const packages: (CountedPackage & { purl: string })[] = [];
  const batches = packageIds === 'all' ? allRows(trx) : rowsOf(trx, packageIds);
  for await (const rows of batches) {
    for (const row of rows) {
      const { pkg_id: packageId, vuln_id: vulnerabilityId, sev: severity, fix_state: fixState } = row;
      if (packages.at(-1)?.id !== packageId) {
        packages.push({ id: packageId, countedId: row.nv_id, kind: byCode(findingKinds, row.kind), purl: '' });
      }
      matches.push({ packageId, vulnerabilityId, severity, fixState, kev: row.kev === 1 });
    }
  }
  await addPurls(trx, packages);
  return new CountingTable(packages, matches);
}

/** Only packages that count as one with others are told apart by their purls. */
async function addPurls(trx: Trx, packages: (CountedPackage & { purl: string })[]): Promise<void> {
  const groups = Map.groupBy(packages, ({ countedId }) => countedId);
  const shared = [...groups.values()].filter((group) => group.length > 1).flat();
  if (shared.length === 0) return;
  const stored = await new PackageReader(trx).byIds(shared.map(({ id }) => id));
  const purls = new Map(stored.map(({ id, purl }) => [id, purl]));
  for (const pkg of shared) pkg.purl = purls.get(pkg.id) ?? '';
}

interface Row {
  readonly pkg_id: number;
  readonly vuln_id: number;
  readonly sev: number;
  readonly fix_state: number;
  readonly kev: number;
  readonly nv_id: number;
  readonly kind: number;
}

const joined = sql.raw(`SELECT m.pkg_id, m.vuln_id, m.sev, m.fix_state, v.kev, p.nv_id, p.kind
  FROM pkg_vuln m JOIN vuln v ON v.id = m.vuln_id JOIN pkg p ON p.id = m.pkg_id WHERE m.to_gen IS NULL`);

async function* rowsOf(trx: Trx, packageIds: Iterable<number>): AsyncGenerator<readonly Row[]> {
  const ids = [...new Set(packageIds)].sort((a, b) => a - b);
  for (const chunk of inLists(ids)) {
    const { rows } = await sql<Row>`${joined} AND m.pkg_id IN (${sql.join(chunk)}) ORDER BY m.pkg_id`.execute(trx);
    yield rows;
  }
}

async function* allRows(trx: Trx): AsyncGenerator<readonly Row[]> {
  for (let after: readonly [number, number] = [0, 0]; ; ) {
    const { rows } = await sql<Row>`${joined} AND (m.pkg_id, m.vuln_id) > (${after[0]}, ${after[1]})
      ORDER BY m.pkg_id, m.vuln_id LIMIT 20000`.execute(trx);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = [last.pkg_id, last.vuln_id];
  }
}

/** Counts images from facts; images without sets count nothing. */
export async function countImages(
  trx: Trx,
  manifestIds: readonly number[],
  table?: CountingTable,
): Promise<Map<number, ImageTally>> {
  const sets = await readSetsOfImages(trx, manifestIds);
  const members = await readMembers(trx, new Set([...sets.values()].flat()));
  const own = table ?? (await loadCountingTable(trx, packagesOf(members)));
  const none = new Int32Array();
  return new Map(manifestIds.map((id) => [id, own.tally((sets.get(id) ?? []).map((set) => members.get(set) ?? none))]));
}

function packagesOf(members: ReadonlyMap<number, Int32Array>): Set<number> {
  const ids = new Set<number>();
  for (const set of members.values()) for (const id of set) ids.add(id);
  return ids;
}

type CountColumns = Omit<CountsTable, 'manifest_id' | 'seq' | 'gen' | 'want_gen' | 'release_id' | 'first_at'>;

/** The columns of counters. */
export function countColumns(tally: ImageTally): CountColumns {
  const { cve, sca } = tally;
  return {
    rank: rankOf(tally),
    ...{
      cve_c: cve.critical,
      cve_h: cve.high,
      cve_m: cve.medium,
      cve_l: cve.low,
      cve_u: cve.unknown,
      cve_f: cve.fixable,
    },
    ...{
      sca_c: sca.critical,
      sca_h: sca.high,
      sca_m: sca.medium,
      sca_l: sca.low,
      sca_u: sca.unknown,
      sca_f: sca.fixable,
    },
    kev: tally.kev,
    vulns: tally.vulnerabilities,
  };
}

/** Counters from their columns. */
export function tallyOf(row: CountColumns): ImageTally {
  const kind = (c: number, h: number, m: number, l: number, u: number, fixable: number): SeverityCounts => ({
    ...{ critical: c, high: h, medium: m, low: l, unknown: u, total: c + h + m + l + u, fixable },
  });
  return {
    cve: kind(row.cve_c, row.cve_h, row.cve_m, row.cve_l, row.cve_u, row.cve_f),
    sca: kind(row.sca_c, row.sca_h, row.sca_m, row.sca_l, row.sca_u, row.sca_f),
    kev: row.kev,
    vulnerabilities: row.vulns,
  };
}
