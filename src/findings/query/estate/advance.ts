import type { EstateSource } from '../ports.ts';
import { markOverlaps, nextContents, nextSets, noContents, noSets, ReadContents, type SetChanges } from './contents.ts';
import { EvidenceTable } from './evidence.ts';
import { buildImages, mergeImages, noImages, noRows } from './images.ts';
import { Interning, MatchDraft, noMatches } from './match-draft.ts';
import type { Pacer } from './pacer.ts';
import type { ContentPart, ImagePart, MatchPart, SetPart } from './parts.ts';
import { nextRisks, noRiskPart, type RiskPart } from './risk-part.ts';
import { RowsBuilder } from './rows.ts';
import { RuleBook } from './rule-book.ts';
import type { Snapshot } from './snapshot.ts';

/** What snapshots that follow each other share. A failed step leaves it unusable: begin again with a new one. */
export class Lineage {
  readonly interning = new Interning();
  readonly evidence = new EvidenceTable();
  images = noRows();
  lastSeq = 0;
  lastGoneSeq = 0;
}

/** How a snapshot is to be taken. */
export interface SnapshotTime {
  /** ms */
  readonly now: number;
  /** Everything is as it was at this time; null = as it is now. */
  readonly pinned: { readonly at: number; readonly lastImageId: number } | null;
}

/**
 * Reads what has changed since a snapshot and makes the next one; `before` null reads everything. Contents are read before
 * sets and sets before matches, so that nothing refers to what was not read; what is committed meanwhile comes next time.
 */
export async function advance(
  source: EstateSource,
  before: Snapshot | null,
  lineage: Lineage,
  time: SnapshotTime,
  pacer: Pacer,
): Promise<Snapshot> {
  const revisions = await source.revisions();
  const had = before?.revisions ?? { inventory: -1, ingest: -1, matches: -1, rules: -1, registries: -1 };
  const factsChanged = revisions.ingest !== had.ingest || revisions.matches !== had.matches;
  const facts =
    before !== null && !factsChanged
      ? { matches: before.matches, sets: before.sets, contents: before.contents, risks: before.risks }
      : await nextFacts(source, before, lineage, pacer);
  const imagesChanged =
    revisions.inventory !== had.inventory ||
    revisions.registries !== had.registries ||
    facts.contents.count !== before?.contents.count;
  const images =
    before !== null && !imagesChanged
      ? before.images
      : await nextImages(source, lineage, facts.contents, time.pinned, pacer);
  const at = time.pinned?.at ?? time.now;
  const expired = before !== null && before.rules.nextExpiry <= at;
  const same =
    before !== null &&
    !expired &&
    revisions.rules === had.rules &&
    images === before.images &&
    facts.matches === before.matches;
  const rules = same
    ? before.rules
    : await RuleBook.build(await source.rules(), images, facts.matches, at, time.pinned !== null, pacer);
  return { revisions, at, images, ...facts, rules };
}

async function nextFacts(
  source: EstateSource,
  before: Snapshot | null,
  lineage: Lineage,
  pacer: Pacer,
): Promise<{ matches: MatchPart; sets: SetPart; contents: ContentPart; risks: RiskPart }> {
  const contents = new ReadContents(lineage.evidence);
  for await (const batch of source.contents(before?.revisions.ingest ?? 0)) {
    for (const content of batch) contents.add(content);
    if (pacer.due()) await pacer.rest();
  }
  // Sets are read whole only after the packages are known that matter: their ids are few, so a first reading of the
  // matches comes in between.
  const base = before?.matches ?? noMatches();
  const draft = new MatchDraft(base, lineage.interning);
  const newIds = await readMatches(source, draft, before?.revisions.matches ?? 0, pacer);
  const matches = draft.build();
  const changes: SetChanges = {
    ...(await readSets(source, before?.sets.lastId ?? 0, matches, pacer)),
    newlyHot: before === null || newIds.length === 0 ? new Map() : await source.setsOf(newIds),
  };
  const sets = nextSets(before?.sets ?? noSets(), changes, matches);
  const next = await nextContents(before?.contents ?? noContents(), contents, sets, lineage.evidence, pacer);
  const marked = { ...next, overlaps: next.overlaps.slice() };
  const only =
    before === null || changes.newlyHot.size > 0
      ? null
      : contents.manifestIds.flatMap((manifestId) => next.byManifest.get(manifestId) ?? []);
  await markOverlaps(marked, sets, matches, only, pacer);
  const risks = await nextRisks(source, before?.risks ?? noRiskPart(), before?.revisions.ingest ?? 0, pacer);
  return { matches, sets, contents: marked, risks };
}

/** Fills the draft; ids of packages that the index did not hold before. */
async function readMatches(source: EstateSource, draft: MatchDraft, since: number, pacer: Pacer): Promise<number[]> {
  const added: number[] = [];
  const learn = async (ids: Iterable<number>): Promise<void> => {
    const unknown = draft.unknown(ids);
    for (let from = 0; from < unknown.length; from += 500) {
      draft.packages(await source.packages(unknown.slice(from, from + 500)));
      if (pacer.due()) await pacer.rest();
    }
    for (const id of unknown) added.push(id);
  };
  for await (const rows of source.vulnerabilities(since)) {
    draft.vulnerabilities(rows);
    if (pacer.due()) await pacer.rest();
  }
  for await (const { packages, rows } of source.matches(since)) {
    await learn(rows.map(({ packageId }) => packageId));
    if (packages === null) for (const row of rows) draft.add(row);
    else draft.matches(packages, rows);
    if (pacer.due()) await pacer.rest();
  }
  return added;
}

async function readSets(
  source: EstateSource,
  since: number,
  matches: MatchPart,
  pacer: Pacer,
): Promise<Pick<SetChanges, 'setIds' | 'setPackages' | 'lastSetId'>> {
  const largest = matches.packages.reduce((most, { id }) => Math.max(most, id), 0);
  const slots = new Int32Array(largest + 1).fill(-1);
  const wanted = new Uint8Array(largest + 1);
  matches.packages.forEach(({ id }, slot) => {
    slots[id] = slot;
    wanted[id] = 1;
  });
  const setIds: number[] = [];
  const rows = new RowsBuilder();
  let found = new Int32Array(1024);
  for await (const batch of source.sets(since, wanted)) {
    for (const { id, members } of batch) {
      if (members.length > found.length) found = new Int32Array(members.length * 2);
      let count = 0;
      for (let at = 0; at < members.length; at++) {
        const slot = slots[members[at] as number] ?? -1;
        if (slot >= 0) found[count++] = slot;
      }
      rows.add(found, count);
      setIds.push(id);
    }
    if (pacer.due()) await pacer.rest();
  }
  return { setIds, setPackages: rows.build(), lastSetId: Math.max(since, setIds.at(-1) ?? 0) };
}

async function nextImages(
  source: EstateSource,
  lineage: Lineage,
  contents: ContentPart,
  pinned: SnapshotTime['pinned'],
  pacer: Pacer,
): Promise<ImagePart> {
  const registries = new Map((await source.registries()).map((registry) => [registry.id, registry]));
  const repositories = (await source.repositories()).toSorted((a, b) => a.id - b.id);
  const changed: number[] = [];
  for await (const batch of source.images(lineage.lastSeq)) {
    for (const row of batch) {
      lineage.lastSeq = Math.max(lineage.lastSeq, row.seq);
      if (pinned === null || row.id <= pinned.lastImageId) changed.push(lineage.images.table.add(row));
    }
    if (pacer.due()) await pacer.rest();
  }
  const gone = await source.gone(lineage.lastGoneSeq);
  lineage.lastGoneSeq = gone.seq;
  if (changed.length > 0 || gone.imageIds.length > 0) {
    lineage.images = mergeImages(lineage.images, changed, gone.imageIds);
  }
  return lineage.images.places.length === 0 && registries.size === 0
    ? noImages
    : await buildImages(lineage.images, repositories, registries, contents, pinned?.at ?? null, pacer);
}
