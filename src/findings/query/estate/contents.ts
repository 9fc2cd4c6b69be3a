import type { EstateContent } from '../ports.ts';
import { EvidenceTable } from './evidence.ts';
import { IdSlots, type SlotsById } from './id-slots.ts';
import type { Pacer } from './pacer.ts';
import type { ContentPart, MatchPart, SetPart } from './parts.ts';
import { grown, Rows, RowsBuilder } from './rows.ts';

/** An estate in which nothing was scanned. */
export const noContents = (): ContentPart => ({
  count: 0,
  byManifest: new IdSlots(),
  sets: Rows.empty,
  evidence: Rows.empty,
  overlaps: new Uint8Array(0),
  firstScannedAt: new Float64Array(0),
  evidenceFacts: new EvidenceTable(),
  ofSet: Rows.empty,
});

/** An estate without sets. */
export const noSets = (): SetPart => ({
  count: 0,
  bySet: new IdSlots(),
  packages: Rows.empty,
  ofPackage: Rows.empty,
  lastId: 0,
});

/** What changed of sets between two snapshots. */
export interface SetChanges {
  /** Ids of new sets, and in the same order the slots of their packages that the match part knows, by rising package id. */
  readonly setIds: readonly number[];
  readonly setPackages: Rows;
  /** Highest id that was read. */
  readonly lastSetId: number;
  /** Packages that have matches for the first time → sets that hold them. */
  readonly newlyHot: ReadonlyMap<number, Int32Array>;
}

/** The next set part. */
export function nextSets(base: SetPart, changes: SetChanges, matches: MatchPart): SetPart {
  if (changes.setIds.length === 0 && changes.newlyHot.size === 0) {
    return { ...base, ofPackage: base.ofPackage.with(new Map(), matches.packageCount) };
  }
  return base.count === 0 ? firstSets(base, changes, matches) : laterSets(base, changes, matches);
}

function firstSets(base: SetPart, changes: SetChanges, matches: MatchPart): SetPart {
  const bySet = base.bySet as IdSlots;
  changes.setIds.forEach((id, slot) => {
    bySet.set(id, slot);
  });
  const packages = changes.setPackages;
  const ofPackage = packages.inverse(matches.packageCount);
  return { count: changes.setIds.length, bySet, packages, ofPackage, lastId: changes.lastSetId };
}

function laterSets(base: SetPart, changes: SetChanges, matches: MatchPart): SetPart {
  const bySet = base.bySet as IdSlots;
  const rows = new Map<number, Int32Array>();
  const added = new Map<number, number[]>();
  let count = base.count;
  const append = (pkg: number, set: number): void => {
    const list = added.get(pkg);
    if (list === undefined) added.set(pkg, [set]);
    else list.push(set);
  };
  changes.setIds.forEach((id, at) => {
    if (bySet.has(id)) return;
    const slot = count++;
    bySet.set(id, slot);
    rows.set(slot, changes.setPackages.row(at));
    for (const pkg of changes.setPackages.row(at)) append(pkg, slot);
  });
  const byId = (a: number, b: number): number => (matches.packages[a]?.id ?? 0) - (matches.packages[b]?.id ?? 0);
  for (const [packageId, setIds] of changes.newlyHot) {
    const pkg = matches.byPackage.get(packageId);
    if (pkg === undefined) continue;
    for (const setId of setIds) {
      const set = bySet.get(setId);
      if (set === undefined) continue;
      const row = rows.get(set) ?? base.packages.row(set);
      if (row.includes(pkg)) continue;
      rows.set(set, Int32Array.of(...row, pkg).sort(byId));
      append(pkg, set);
    }
  }
  return {
    count,
    bySet,
    packages: base.packages.with(rows, count),
    ofPackage: appended(base.ofPackage, added, matches.packageCount),
    lastId: Math.max(base.lastId, changes.lastSetId),
  };
}

function appended(rows: Rows, added: ReadonlyMap<number, readonly number[]>, count: number): Rows {
  const changes = new Map<number, Int32Array>();
  for (const [row, values] of added) {
    const before = rows.row(row);
    const merged = new Int32Array(before.length + values.length);
    merged.set(before);
    merged.set(values, before.length);
    changes.set(row, merged.sort());
  }
  return rows.with(changes, count);
}

/** Contents as they are read: nothing is kept of them but numbers. */
export class ReadContents {
  readonly manifestIds: number[] = [];
  readonly firstScannedAt: number[] = [];
  readonly #setIds = new RowsBuilder();
  readonly #evidence = new RowsBuilder();
  readonly #table: EvidenceTable;

  constructor(table: EvidenceTable) {
    this.#table = table;
  }

  add({ manifestId, firstScannedAt, sets }: EstateContent): void {
    this.manifestIds.push(manifestId);
    this.firstScannedAt.push(firstScannedAt);
    this.#setIds.add(sets.map(({ setId }) => setId));
    this.#evidence.add(sets.map(({ path, layer }) => this.#table.numberOf(path, layer)));
  }

  /** Rows of the slots of sets and of the numbers of evidence; sets that are not known are left out. The end of reading. */
  rows(bySet: SlotsById): { sets: Rows; evidence: Rows } {
    const sets = this.#setIds.build();
    const evidence = this.#evidence.build();
    let complete = true;
    for (let at = 0; at < sets.used; at++) {
      const slot = bySet.get(sets.values[at] as number) ?? -1;
      sets.values[at] = slot;
      if (slot < 0) complete = false;
    }
    if (complete) return { sets, evidence };
    const known = [new RowsBuilder(), new RowsBuilder()] as const;
    for (let row = 0; row < sets.count; row++) {
      const [slots, places] = [sets.row(row), evidence.row(row)];
      known[0].add(slots.filter((slot) => slot >= 0));
      known[1].add(places.filter((_, at) => (slots[at] as number) >= 0));
    }
    return { sets: known[0].build(), evidence: known[1].build() };
  }
}

/** The next content part, without `overlaps`, which `markOverlaps` fills. */
export async function nextContents(
  base: ContentPart,
  changed: ReadContents,
  sets: SetPart,
  evidenceFacts: EvidenceTable,
  pacer: Pacer,
): Promise<ContentPart> {
  const { manifestIds } = changed;
  if (manifestIds.length === 0) return { ...base, ofSet: base.ofSet.with(new Map(), sets.count) };
  const byManifest = base.byManifest as IdSlots;
  let count = base.count;
  const slots = Int32Array.from(manifestIds, (manifestId) => {
    let slot = byManifest.get(manifestId);
    if (slot === undefined) {
      slot = count++;
      byManifest.set(manifestId, slot);
    }
    return slot;
  });
  if (pacer.due()) await pacer.rest();
  const firstScannedAt = grown(base.firstScannedAt.slice(), count);
  slots.forEach((slot, at) => {
    firstScannedAt[slot] = changed.firstScannedAt[at] as number;
  });
  const rows = changed.rows(sets.bySet);
  if (pacer.due()) await pacer.rest();
  // Read for the first time, each once: the rows are the part.
  const whole = base.count === 0 && count === slots.length;
  const replaced = (before: Rows, now: Rows): Rows =>
    whole ? now : before.with(new Map(Array.from(slots, (slot, at) => [slot, now.row(at)])), count);
  const contentSets = replaced(base.sets, rows.sets);
  return {
    count,
    byManifest,
    sets: contentSets,
    evidence: replaced(base.evidence, rows.evidence),
    overlaps: grown(base.overlaps.slice(), count),
    firstScannedAt,
    evidenceFacts,
    ofSet: contentSets.inverse(sets.count),
  };
}

/**
 * Finds the contents in which one package version stands twice: in two sets, or twice in one set under several
 * architectures. `only` null = all of them.
 */
export async function markOverlaps(
  contents: ContentPart,
  sets: SetPart,
  matches: MatchPart,
  only: Iterable<number> | null,
  pacer: Pacer,
): Promise<void> {
  const seen = new Int32Array(matches.identity.reduce((most, identity) => Math.max(most, identity), 0) + 1);
  let stamp = 0;
  for (const content of only ?? new Int32Array(contents.count).keys()) {
    stamp++;
    let twice = 0;
    for (const set of contents.sets.row(content)) {
      const begin = sets.packages.start[set] as number;
      const end = begin + (sets.packages.length[set] as number);
      for (let at = begin; at < end; at++) {
        const identity = matches.identity[sets.packages.values[at] as number] as number;
        if (seen[identity] === stamp) twice = 1;
        seen[identity] = stamp;
      }
    }
    contents.overlaps[content] = twice;
    if ((stamp & 255) === 0 && pacer.due()) await pacer.rest();
  }
}
