import type { RegistryRecord, RepositoryRecord } from '../../../inventory/index.ts';
import type { SlotsById } from './id-slots.ts';
import { ImageRows, ImageTable } from './image-rows.ts';
import type { Pacer } from './pacer.ts';
import type { ImagePart } from './parts.ts';
import { Rows } from './rows.ts';

/** Image rows that were read, those of removed repositories too: their places in the table, by rising id. */
export interface ReadImages {
  readonly table: ImageTable;
  readonly places: Int32Array;
}

/** No image was read. A new table, because tables are filled. */
export const noRows = (): ReadImages => ({ table: new ImageTable(), places: new Int32Array(0) });

/** An estate without images. */
export const noImages: ImagePart = {
  rows: new ImageRows(new ImageTable(), new Int32Array(0), () => undefined as never),
  count: 0,
  repositories: [],
  registries: new Map(),
  repository: new Int32Array(0),
  content: new Int32Array(0),
  current: new Uint8Array(0),
  latest: new Uint8Array(0),
  byUuid: { get: () => undefined },
  ofContent: Rows.empty,
  ofRepository: Rows.empty,
};

/** Rows after changes: replaced and added by id, removed ones left out. `changed` are places of rows new in the table. */
export function mergeImages(before: ReadImages, changed: readonly number[], removed: readonly number[]): ReadImages {
  const { table } = before;
  const { id } = table.numbers;
  const newest = new Map(changed.map((place) => [id.known(place), place]));
  const gone = new Set(removed);
  const merged: number[] = [];
  for (const place of before.places) {
    const own = id.known(place);
    const now = newest.get(own) ?? place;
    newest.delete(own);
    if (!gone.has(own)) merged.push(now);
  }
  let rising = true;
  for (const [own, place] of newest) {
    if (gone.has(own)) continue;
    const last = merged.at(-1);
    if (last !== undefined && id.known(last) > own) rising = false;
    merged.push(place);
  }
  if (!rising) merged.sort((a, b) => id.known(a) - id.known(b));
  return table.count > merged.length * 2 + 4096 ? compacted(table, merged) : { table, places: Int32Array.from(merged) };
}

/** Snapshots in use keep the old table. */
function compacted(table: ImageTable, places: readonly number[]): ReadImages {
  const fresh = new ImageTable();
  return { table: fresh, places: Int32Array.from(places, (place) => fresh.add(table.row(place))) };
}

/**
 * Makes the image part from its rows. `pinnedAt` null: tags are as the rows say; else as they were at that time.
 * Images of repositories or registries that are gone are left out.
 */
export async function buildImages(
  { table, places: all }: ReadImages,
  repositories: readonly RepositoryRecord[],
  registries: ReadonlyMap<number, RegistryRecord>,
  contents: { readonly byManifest: SlotsById; readonly count: number },
  pinnedAt: number | null,
  pacer: Pacer,
): Promise<ImagePart> {
  const slots = new Map<number, number>();
  repositories.forEach((repository, slot) => {
    if (registries.has(repository.registryId)) slots.set(repository.id, slot);
  });
  const { repositoryId, manifestId, since, until } = table.numbers;
  const places = all.filter((place) => slots.has(repositoryId.known(place)));
  const count = places.length;
  const part = {
    repository: new Int32Array(count),
    content: new Int32Array(count),
    current: new Uint8Array(count),
    latest: new Uint8Array(count),
  };
  const newest = new Int32Array(repositories.length).fill(-1);
  for (let slot = 0; slot < count; slot++) {
    const place = places[slot] as number;
    const repository = slots.get(repositoryId.known(place)) as number;
    part.repository[slot] = repository;
    part.content[slot] = contents.byManifest.get(manifestId.known(place)) ?? -1;
    const begun = since.known(place);
    const ended = until.get(place);
    if (pinnedAt === null ? ended === null : begun <= pinnedAt && (ended ?? Infinity) > pinnedAt) {
      part.current[slot] = 1;
      const other = newest[repository] as number;
      if (other < 0 || since.known(other) <= begun) newest[repository] = place;
    }
    if ((slot & 4095) === 0 && pacer.due()) await pacer.rest();
  }
  markLatest(table, places, part, newest);
  const rows = new ImageRows(
    table,
    places,
    (slot) => repositories[part.repository[slot] as number] as RepositoryRecord,
  );
  return {
    rows,
    count,
    repositories,
    registries,
    ...part,
    byUuid: { get: rows.lookup() },
    ofContent: group(part.content, count, contents.count),
    ofRepository: group(part.repository, count, repositories.length),
  };
}

/** All platforms of the newest tag are newest. `newest`: repository slot → place, -1 = none. */
function markLatest(
  table: ImageTable,
  places: Int32Array,
  part: { repository: Int32Array; current: Uint8Array; latest: Uint8Array },
  newest: Int32Array,
): void {
  const { tag } = table.texts;
  const { since } = table.numbers;
  for (let slot = 0; slot < places.length; slot++) {
    if (part.current[slot] === 0) continue;
    const place = places[slot] as number;
    const other = newest[part.repository[slot] as number] as number;
    if (tag.number(other) === tag.number(place) && since.known(other) === since.known(place)) part.latest[slot] = 1;
  }
}

/** Group → members, ascending; members of group -1 are in none. */
function group(groupOf: Int32Array, count: number, groups: number): Rows {
  const length = new Int32Array(groups);
  for (let slot = 0; slot < count; slot++) {
    const at = groupOf[slot] as number;
    if (at >= 0) (length[at] as number)++;
  }
  const start = new Int32Array(groups);
  let total = 0;
  for (let at = 0; at < groups; at++) {
    start[at] = total;
    total += length[at] as number;
  }
  const next = start.slice();
  const values = new Int32Array(total);
  for (let slot = 0; slot < count; slot++) {
    const at = groupOf[slot] as number;
    if (at < 0) continue;
    values[next[at] as number] = slot;
    (next[at] as number)++;
  }
  return Rows.of(start, length, values, groups, total);
}
