import type { Kysely } from 'kysely';
import {
  FactsError,
  type Generation,
  type ImageFacts,
  type ImageTally,
  type Ingested,
  type IngestOptions,
  type PackageMatching,
  releaseHash,
  type StoredPackage,
} from '../../../findings/index.ts';
import { JobError } from '../../../jobs/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import { storeRisks } from '../risks/ingest.ts';
import type { Tables } from '../tables.ts';
import { stillOwns } from '../work/fence.ts';
import { saveChain } from './base-images.ts';
import { byteKey } from './chunks.ts';
import { countColumns, countImages, tallyOf } from './counts.ts';
import { findManifest, saveScan } from './images.ts';
import { internLayers } from './layers.ts';
import { openMatches } from './matches.ts';
import { internPackages, internReleases } from './packages.ts';
import { addGeneration, currentGeneration, lockFacts, raise } from './revisions.ts';
import { internSets } from './sets.ts';
import { internTexts } from './texts.ts';
import { refreshVulnerabilities } from './vulnerabilities.ts';

type Trx = Kysely<Tables>;

/**
 * Stores one scan in one transaction.
 * @throws FactsError `unknown_image`; JobError `worker_lost`
 */
export async function ingest(
  db: Db,
  facts: ImageFacts,
  matching: PackageMatching,
  { at, analysers, fence }: IngestOptions,
): Promise<Ingested> {
  return db.transaction(async (trx) => {
    await lockFacts(trx);
    if (fence !== undefined && !(await stillOwns(trx, db.dialect, fence))) {
      throw new JobError('worker_lost', 'the lease of the scan was lost', { retryable: true });
    }
    const manifestId = await findManifest(trx, facts.digest);
    if (manifestId === null) {
      const hint = 'Synchronise the registry: the image has left the inventory.';
      throw new FactsError('unknown_image', `${facts.digest} is no image of the inventory`, { hint });
    }
    const generation = (await currentGeneration(trx)) ?? (await firstGeneration(trx, matching, at));
    const { ids, fresh } = await internPackages(db, trx, facts.packages, matching);
    await matchFresh(db, trx, fresh, matching, generation);
    const contents = await storeContents(db, trx, facts, ids);
    const image = await storeImage(trx, manifestId, facts, contents, generation, at);
    const risksChanged = await storeRisks(db, trx, manifestId, facts);
    await saveChain(trx, manifestId, facts.chain);
    await saveRecord(trx, manifestId, facts.record);
    await saveScan(trx, manifestId, facts.image, analysers);
    return {
      manifestId,
      changed: image.changed || risksChanged,
      newPackages: fresh.length,
      newSets: contents.fresh,
      tally: image.tally,
      rematchNeeded: generation.snapshot.id !== matching.snapshot.id,
    };
  });
}

async function firstGeneration(trx: Trx, { snapshot }: PackageMatching, at: number): Promise<Generation> {
  const generation = { number: 1, at, snapshot };
  await addGeneration(trx, generation, { reason: 'first', opened: 0, closed: 0 });
  return generation;
}

/** Opens the matches of new packages; those from other advisories than the current ones are matched again later. */
async function matchFresh(
  db: Db,
  trx: Trx,
  fresh: readonly StoredPackage[],
  matching: PackageMatching,
  generation: Generation,
): Promise<void> {
  if (fresh.length === 0) return;
  const found = matching.matchesOf(fresh);
  const opening = fresh.flatMap(({ id: packageId }, index) =>
    (found[index] ?? []).map((match) => ({ packageId, facts: match, since: null })),
  );
  if (opening.length > 0) {
    const rev = await raise(trx, 'matches');
    const vulnerabilities = await openMatches(db, trx, opening, { generation: generation.number, rev });
    await refreshVulnerabilities(trx, vulnerabilities, rev);
  }
  if (generation.snapshot.id === matching.snapshot.id) return;
  await db.bulkInsert(
    'pkg_pending',
    ['pkg_id'],
    fresh.map(({ id }) => [id]),
    { trx },
  );
}

/** Where the packages of an image are recorded: rows of `image_set`. */
interface Contents {
  readonly releaseId: number | null;
  readonly rows: readonly { readonly evidence_id: number; readonly layer_id: number; readonly set_id: number }[];
  /** Number of sets that nobody had before. */
  readonly fresh: number;
}

async function storeContents(db: Db, trx: Trx, facts: ImageFacts, packageIds: readonly number[]): Promise<Contents> {
  const releases = facts.release === null ? null : await internReleases(db, trx, [facts.release]);
  const releaseId = facts.release === null ? null : (releases?.get(byteKey(releaseHash(facts.release))) ?? null);
  const sets = facts.sets.map(({ kind, members }) => ({
    kind,
    releaseId: kind === 'cve' ? releaseId : null,
    packageIds: members.map((position) => packageIds[position] ?? 0),
  }));
  const { ids, fresh } = await internSets(db, trx, sets);
  const paths = await internTexts(
    db,
    trx,
    facts.sets.map(({ path }) => path),
  );
  const layers = await internLayers(
    db,
    trx,
    facts.sets.map(({ layer }) => layer),
  );
  const rows = facts.sets.map(({ path, layer }, index) => ({
    evidence_id: paths(path),
    layer_id: layers(layer),
    set_id: ids[index] ?? 0,
  }));
  return { releaseId, rows, fresh };
}

/** Replaces what an image holds, where that is something else than before, and counts it. */
async function storeImage(
  trx: Trx,
  manifestId: number,
  facts: ImageFacts,
  contents: Contents,
  generation: Generation,
  at: number,
): Promise<{ readonly changed: boolean; readonly tally: ImageTally }> {
  const before = await trx.selectFrom('image_set').selectAll().where('manifest_id', '=', manifestId).execute();
  const known = await trx
    .selectFrom('image_counts')
    .selectAll()
    .where('manifest_id', '=', manifestId)
    .executeTakeFirst();
  const changed = known === undefined || keyOf(before) !== keyOf(contents.rows);
  if (changed && known !== undefined) await keepOldSets(trx, manifestId, before, at);
  if (changed) {
    await trx.deleteFrom('image_set').where('manifest_id', '=', manifestId).execute();
    const rows = contents.rows.map((row) => ({ manifest_id: manifestId, ...row }));
    for (let index = 0; index < rows.length; index += 500) {
      await trx
        .insertInto('image_set')
        .values(rows.slice(index, index + 500))
        .execute();
    }
  }
  if (!changed && known.gen === known.want_gen) return { changed, tally: tallyOf(known) };
  const tally = (await countImages(trx, [manifestId])).get(manifestId) as ImageTally;
  const seq = changed ? await raise(trx, 'ingest') : known.seq;
  const row = {
    ...{ seq, gen: generation.number, want_gen: generation.number, release_id: contents.releaseId },
    ...countColumns(tally),
  };
  await trx
    .insertInto('image_counts')
    .values({ manifest_id: manifestId, first_at: facts.image.scannedAt, ...row })
    .onConflict((conflict) => conflict.column('manifest_id').doUpdateSet(row))
    .execute();
  return { changed, tally };
}

function keyOf(rows: Contents['rows']): string {
  return rows
    .map(({ evidence_id, layer_id, set_id }) => `${evidence_id} ${layer_id} ${set_id}`)
    .sort()
    .join();
}

/** A package that none of the old sets holds is present only since now. */
async function keepOldSets(
  trx: Trx,
  manifestId: number,
  before: readonly { readonly set_id: number }[],
  at: number,
): Promise<void> {
  const sets = [...new Set(before.map(({ set_id }) => set_id))];
  const id = await takeIds(trx, 'set_change', 1);
  await trx
    .insertInto('set_change')
    .values({ id, manifest_id: manifestId, at, old_sets: JSON.stringify(sets) })
    .execute();
}

async function saveRecord(trx: Trx, manifestId: number, report: Uint8Array): Promise<void> {
  await trx
    .insertInto('scan_record')
    .values({ manifest_id: manifestId, report })
    .onConflict((conflict) => conflict.column('manifest_id').doUpdateSet({ report }))
    .execute();
}
