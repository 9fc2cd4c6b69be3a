import { type Kysely, sql, type Transaction } from 'kysely';
import {
  codeOf,
  diffMatches,
  FactsError,
  type Generation,
  type GenerationChange,
  type GenerationResult,
  type PackageChange,
  priorities,
  type StoredMatch,
} from '../../../findings/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { type Affected, findAffected, imagesByProject, markStale } from './affected.ts';
import { inLists } from './chunks.ts';
import { type NewsOfVulnerability, tellChanges, tellNew } from './events.ts';
import { type OpeningMatch, openMatches, readOpenMatches } from './matches.ts';
import { streamPackages } from './packages.ts';
import { addGeneration, currentGeneration, lockFacts, raise } from './revisions.ts';
import { updateRows } from './update-rows.ts';
import { ppm, refreshVulnerabilities } from './vulnerabilities.ts';

type Trx = Kysely<Tables>;

/** What a generation does to rows of matches. */
interface Plan {
  readonly close: StoredMatch[];
  readonly open: OpeningMatch[];
  readonly reprioritise: { packageId: number; vulnerabilityId: number; priority: (typeof priorities)[number] }[];
}

/**
 * Makes a new generation of matches. What differs is found out before; the transaction looks only at what was stored
 * meanwhile.
 * @throws FactsError `generation_moved`
 */
export async function advance(db: Db, change: GenerationChange): Promise<GenerationResult> {
  const plan: Plan = { close: [], open: [], reprioritise: [] };
  for await (const batch of change.changes) await addChanges(db.kysely, plan, batch);
  const before = await findAffected(db.kysely, touchedPackages(plan));
  return db.transaction(async (trx) => {
    await lockFacts(trx);
    const current = await currentGeneration(trx);
    requireBasis(current, change.basis);
    const complete = { ...plan, close: [...plan.close], open: [...plan.open], reprioritise: [...plan.reprioritise] };
    const late = await addLate(trx, complete, change);
    const packages = touchedPackages(complete);
    // Late packages may be in sets that were looked at already: only then everything is looked at again.
    const copy = { sets: new Map(before.sets), lastSet: before.lastSet };
    const affected = await findAffected(trx, packages, late ? undefined : copy);
    return apply(db, trx, complete, change, affected);
  });
}

function requireBasis(current: Generation | null, basis: Generation): void {
  if (current?.number === basis.number && current.snapshot.id === basis.snapshot.id) return;
  throw new FactsError('generation_moved', 'other advisories became active during the re-match', { retryable: true });
}

async function addChanges(trx: Trx, plan: Plan, batch: readonly PackageChange[]): Promise<void> {
  const stored = Map.groupBy(
    await readOpenMatches(
      trx,
      batch.map(({ packageId }) => packageId),
    ),
    ({ packageId }) => packageId,
  );
  for (const { packageId, matches } of batch) {
    const diff = diffMatches(stored.get(packageId) ?? [], matches);
    plan.close.push(...diff.close);
    for (const { facts, since } of diff.open) plan.open.push({ packageId, facts, since });
    for (const { match, priority } of diff.reprioritise) {
      plan.reprioritise.push({ packageId, vulnerabilityId: match.vulnerabilityId, priority });
    }
  }
}

/** Packages that came in while the change was derived, matched with whatever their scan had. Whether there were any. */
async function addLate(trx: Trx, plan: Plan, { lastPackageId, matching }: GenerationChange): Promise<boolean> {
  let any = false;
  for await (const packages of streamPackages(trx, { after: lastPackageId })) {
    any = true;
    const found = matching.matchesOf(packages);
    await addChanges(
      trx,
      plan,
      packages.map(({ id }, index) => ({ packageId: id, matches: found[index] ?? [] })),
    );
  }
  return any;
}

function touchedPackages({ close, open }: Plan): Set<number> {
  return new Set([...close, ...open].map(({ packageId }) => packageId));
}

async function apply(
  db: Db,
  trx: Transaction<Tables>,
  plan: Plan,
  change: GenerationChange,
  affected: Affected,
): Promise<GenerationResult> {
  const { basis, at, reason, matching } = change;
  const { snapshot } = matching;
  const opened = plan.open.length;
  const closed = plan.close.length;
  const rev = await raise(trx, 'matches');
  const generation = {
    number: basis.number + (opened + closed > 0 ? 1 : 0),
    at: opened + closed > 0 ? at : basis.at,
    snapshot,
  };
  if (generation.number > basis.number) await addGeneration(trx, generation, { reason, opened, closed });
  else await replaceSnapshot(trx, generation);
  // First those that follow from scores alone: what the advisories say now goes over them.
  await reprioritise(trx, change.priorities, rev);
  await closeMatches(trx, plan.close, generation.number, rev);
  const openedIds = await openMatches(db, trx, plan.open, { generation: generation.number, rev });
  await reprioritise(trx, plan.reprioritise, rev);
  const exploited = await saveScores(trx, change, rev);
  const vulnerabilities = new Set([...plan.close.map(({ vulnerabilityId }) => vulnerabilityId), ...openedIds]);
  await refreshVulnerabilities(trx, vulnerabilities, rev);
  await trx.deleteFrom('pkg_pending').execute();
  const stale =
    (await markStale(trx, affected.sets.keys(), generation.number)) +
    (await markExploited(trx, exploited, generation.number));
  const changes = await changesOf(trx, plan, affected);
  // Packages that waited for their first match are of images that were scanned just now: nothing of theirs is news.
  const news = reason === 'advisories' ? changes : [];
  await tellChanges(db, trx, at, changes);
  await tellNew(db, trx, at, generation.number, plan.open, news);
  return { generation, opened, closed, vulnerabilities: vulnerabilities.size, stale };
}

async function replaceSnapshot(trx: Trx, { number, snapshot }: Generation): Promise<void> {
  await trx
    .updateTable('match_generation')
    .set({ snapshot_id: snapshot.id, snapshot: JSON.stringify(snapshot) })
    .where('gen', '=', number)
    .execute();
}

async function closeMatches(trx: Trx, close: readonly StoredMatch[], generation: number, rev: number): Promise<void> {
  const rows = close.map((match) => [match.packageId, match.vulnerabilityId, match.fromGeneration, generation, rev]);
  await updateRows(trx, 'pkg_vuln', { keys: ['pkg_id', 'vuln_id', 'from_gen'], values: ['to_gen', 'rev'] }, rows);
}

async function reprioritise(trx: Trx, changes: GenerationChange['priorities'], rev: number): Promise<void> {
  const rows = changes.map((match) => [
    ...[match.packageId, match.vulnerabilityId, codeOf(priorities, match.priority), rev],
  ]);
  const columns = { keys: ['pkg_id', 'vuln_id'], values: ['priority', 'rev'] };
  await updateRows(trx, 'pkg_vuln', columns, rows, sql`pkg_vuln.to_gen IS NULL`);
}

/** Vulnerabilities that are now, or no longer, known to be exploited: their images' counters say so. */
async function saveScores(trx: Trx, { scores }: GenerationChange, rev: number): Promise<number[]> {
  const exploited: number[] = [];
  const wanted = new Map(scores.map(({ vulnerabilityId, kev }) => [vulnerabilityId, kev]));
  for (const chunk of inLists(wanted.keys())) {
    const old = await trx.selectFrom('vuln').select(['id', 'kev']).where('id', 'in', chunk).execute();
    for (const { id, kev } of old) if ((kev === 1) !== wanted.get(id)) exploited.push(id);
  }
  const rows = scores.map(({ vulnerabilityId, kev, epss }) => [
    ...[vulnerabilityId, kev ? 1 : 0, ppm(epss?.score), ppm(epss?.percentile), rev],
  ]);
  await updateRows(trx, 'vuln', { keys: ['id'], values: ['kev', 'epss_ppm', 'epss_rank_ppm', 'rev'] }, rows);
  return exploited;
}

async function markExploited(trx: Trx, vulnerabilityIds: readonly number[], generation: number): Promise<number> {
  const packages = new Set<number>();
  for (const chunk of inLists(vulnerabilityIds)) {
    const { rows } = await sql<{ pkg_id: number }>`SELECT DISTINCT pkg_id FROM pkg_vuln
      WHERE to_gen IS NULL AND vuln_id IN (${sql.join(chunk)})`.execute(trx);
    for (const { pkg_id } of rows) packages.add(pkg_id);
  }
  const { sets } = await findAffected(trx, packages);
  return markStale(trx, sets.keys(), generation);
}

async function changesOf(trx: Trx, plan: Plan, affected: Affected): Promise<NewsOfVulnerability[]> {
  const changes = new Map<string, { opened: Set<number>; closed: Set<number>; fresh: Set<number> }>();
  const of = (id: string) => {
    const known = changes.get(id) ?? { opened: new Set<number>(), closed: new Set<number>(), fresh: new Set<number>() };
    changes.set(id, known);
    return known;
  };
  for (const { facts, packageId, since } of plan.open) {
    of(facts.id).opened.add(packageId);
    if (since === null) of(facts.id).fresh.add(packageId);
  }
  for (const { id, packageId } of plan.close) of(id).closed.add(packageId);
  const names = [...changes.keys()];
  // Counted in one pass: under even numbers the images of a change, under odd ones those that it is news for.
  const packages = new Map<number, Set<number>>();
  names.forEach((name, index) => {
    const { opened, closed, fresh } = of(name);
    packages.set(2 * index, new Set([...opened, ...closed]));
    if (fresh.size > 0) packages.set(2 * index + 1, fresh);
  });
  const images = await imagesByProject(trx, packages, affected);
  return names.flatMap((name, index) => {
    const projects = images.get(2 * index);
    if (projects === undefined) return [];
    const { opened, closed } = of(name);
    const fresh = Object.fromEntries(images.get(2 * index + 1) ?? []);
    const change = {
      vulnerability: name,
      opened: opened.size,
      closed: closed.size,
      images: Object.fromEntries(projects),
    };
    return [{ ...change, fresh }];
  });
}
