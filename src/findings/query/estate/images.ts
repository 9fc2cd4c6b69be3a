import type { ImageRow, RegistryRecord, RepositoryRecord } from '../../../inventory/index.ts';
import type { Pacer } from './pacer.ts';
import type { ImagePart } from './parts.ts';
import { Rows } from './rows.ts';

/** An estate without images. */
export const noImages: ImagePart = {
  rows: [],
  count: 0,
  repositories: [],
  registries: new Map(),
  repository: new Int32Array(0),
  content: new Int32Array(0),
  current: new Uint8Array(0),
  latest: new Uint8Array(0),
  byUuid: new Map(),
  ofContent: Rows.empty,
  ofRepository: Rows.empty,
};

/** Rows of the image part after changes: replaced and added by id, removed ones left out, by rising id. */
export function mergeImages(
  rows: readonly ImageRow[],
  changed: readonly ImageRow[],
  removed: readonly number[],
): readonly ImageRow[] {
  const byId = new Map(changed.map((row) => [row.id, row]));
  const gone = new Set(removed);
  const merged: ImageRow[] = [];
  for (const row of rows) {
    const now = byId.get(row.id) ?? row;
    byId.delete(row.id);
    if (!gone.has(row.id)) merged.push(now);
  }
  for (const row of byId.values()) if (!gone.has(row.id)) merged.push(row);
  return merged.sort((a, b) => a.id - b.id);
}

/**
 * Makes the image part from its rows. `pinnedAt` null: tags are as the rows say; else as they were at that time.
 * Images of repositories or registries that are gone are left out.
 */
export async function buildImages(
  all: readonly ImageRow[],
  repositories: readonly RepositoryRecord[],
  registries: ReadonlyMap<number, RegistryRecord>,
  contents: { readonly byManifest: ReadonlyMap<number, number>; readonly count: number },
  pinnedAt: number | null,
  pacer: Pacer,
): Promise<ImagePart> {
  const slots = new Map<number, number>();
  repositories.forEach((repository, slot) => {
    if (registries.has(repository.registryId)) slots.set(repository.id, slot);
  });
  const rows = all.filter((row) => slots.has(row.repositoryId));
  const count = rows.length;
  const part = {
    repository: new Int32Array(count),
    content: new Int32Array(count),
    current: new Uint8Array(count),
    latest: new Uint8Array(count),
  };
  const byUuid = new Map<string, number>();
  const newest = new Int32Array(repositories.length).fill(-1);
  for (let slot = 0; slot < count; slot++) {
    const row = rows[slot] as ImageRow;
    const repository = slots.get(row.repositoryId) as number;
    part.repository[slot] = repository;
    part.content[slot] = contents.byManifest.get(row.manifestId) ?? -1;
    byUuid.set(row.uuid, slot);
    const current =
      pinnedAt === null ? row.until === null : row.since <= pinnedAt && (row.until ?? Infinity) > pinnedAt;
    if (current) {
      part.current[slot] = 1;
      const other = newest[repository] as number;
      if (other < 0 || (rows[other] as ImageRow).since <= row.since) newest[repository] = slot;
    }
    if ((slot & 4095) === 0 && pacer.due()) await pacer.rest();
  }
  // All platforms of the newest tag are newest.
  for (let slot = 0; slot < count; slot++) {
    const row = rows[slot] as ImageRow;
    const other = rows[newest[part.repository[slot] as number] as number];
    if (part.current[slot] === 1 && other?.tag === row.tag && other.since === row.since) part.latest[slot] = 1;
  }
  return {
    rows,
    count,
    repositories,
    registries,
    ...part,
    byUuid,
    ofContent: group(part.content, count, contents.count),
    ofRepository: group(part.repository, count, repositories.length),
  };
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
