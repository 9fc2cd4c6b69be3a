import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import { inLists } from './chunks.ts';
import { setsHolding } from './sets.ts';

type Trx = Kysely<Tables>;

/** Which images hold which of some packages. */
export interface Affected {
  /** Members that were asked for, by set. */
  readonly sets: Map<number, Int32Array>;
  /** Highest set id that was looked at. */
  readonly lastSet: number;
}

/** The sets that hold the packages; more of them may be found later in sets that are stored meanwhile. */
export async function findAffected(trx: Trx, packageIds: ReadonlySet<number>, before?: Affected): Promise<Affected> {
  if (packageIds.size === 0) return before ?? { sets: new Map(), lastSet: 0 };
  const { sets, last } = await setsHolding(trx, packageIds, before?.lastSet);
  for (const [id, members] of sets) before?.sets.set(id, members);
  return { sets: before?.sets ?? sets, lastSet: last };
}

/** Marks the counters of all images that hold any of the sets as to be computed again; how many these are. */
export async function markStale(trx: Trx, setIds: Iterable<number>, generation: number): Promise<number> {
  let stale = 0;
  for (const chunk of inLists(setIds)) {
    const { numAffectedRows } = await sql`UPDATE image_counts SET want_gen = ${generation}, gen = ${generation - 1}
      WHERE gen = want_gen AND manifest_id IN (SELECT manifest_id FROM image_set WHERE set_id IN (${sql.join(chunk)}))`.execute(
      trx,
    );
    stale += Number(numAffectedRows ?? 0n);
  }
  return stale;
}

/** Current images per project that have a vulnerability, by vulnerability. */
export async function imagesByProject(
  trx: Trx,
  packagesOf: ReadonlyMap<number, ReadonlySet<number>>,
  { sets }: Affected,
): Promise<Map<number, Map<number, number>>> {
  const setsOfPackage = invert(sets);
  const manifestsOfSet = await manifestsOf(trx, sets.keys());
  const projects = await projectsOf(trx, new Set([...manifestsOfSet.values()].flat()));
  const counted = new Map<number, Map<number, number>>();
  for (const [vulnerability, packages] of packagesOf) {
    const manifests = new Set<number>();
    for (const id of packages) {
      for (const set of setsOfPackage.get(id) ?? []) {
        for (const manifest of manifestsOfSet.get(set) ?? []) manifests.add(manifest);
      }
    }
    const counts = new Map<number, number>();
    for (const manifest of manifests) {
      for (const [project, n] of projects.get(manifest) ?? []) counts.set(project, (counts.get(project) ?? 0) + n);
    }
    if (counts.size > 0) counted.set(vulnerability, counts);
  }
  return counted;
}

function invert(sets: ReadonlyMap<number, Int32Array>): Map<number, number[]> {
  const inverse = new Map<number, number[]>();
  for (const [set, members] of sets) {
    for (const id of members) {
      const list = inverse.get(id);
      if (list === undefined) inverse.set(id, [set]);
      else list.push(set);
    }
  }
  return inverse;
}

async function manifestsOf(trx: Trx, setIds: Iterable<number>): Promise<Map<number, number[]>> {
  const manifests = new Map<number, number[]>();
  for (const chunk of inLists(setIds)) {
    const { rows } = await sql<{ set_id: number; manifest_id: number }>`SELECT DISTINCT set_id, manifest_id
      FROM image_set WHERE set_id IN (${sql.join(chunk)})`.execute(trx);
    for (const { set_id, manifest_id } of rows) {
      const list = manifests.get(set_id);
      if (list === undefined) manifests.set(set_id, [manifest_id]);
      else list.push(manifest_id);
    }
  }
  return manifests;
}

/** How many current images each project has of a manifest. */
async function projectsOf(trx: Trx, manifestIds: Iterable<number>): Promise<Map<number, [number, number][]>> {
  const projects = new Map<number, [number, number][]>();
  for (const chunk of inLists(manifestIds)) {
    const { rows } = await sql<{ manifest_id: number; project_id: number; n: number }>`
      SELECT i.manifest_id, r.project_id, COUNT(*) AS n FROM inventory_image i JOIN repository r ON r.id = i.repo_id
      WHERE i.until_at IS NULL AND i.manifest_id IN (${sql.join(chunk)}) GROUP BY i.manifest_id, r.project_id`.execute(
      trx,
    );
    for (const { manifest_id, project_id, n } of rows) {
      projects.set(manifest_id, [...(projects.get(manifest_id) ?? []), [project_id, n]]);
    }
  }
  return projects;
}
