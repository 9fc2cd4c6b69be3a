import {
  imageRank,
  type Pacer,
  type Plan,
  QueryError,
  selectedImages,
  sortPaced,
  type Tallies,
} from '../../findings/index.ts';
import type { ImageSort, Page, PageRequest } from '../contract/index.ts';

/** Slots of one page of images. */
export type SlotPage = Page<number>;

const maxPage = 1_000;

/** The images of a plan in an order; worked out once per plan. */
export async function sortedImages(
  plan: Plan,
  sort: ImageSort,
  descending: boolean,
  tallies: Tallies,
  pacer: Pacer,
): Promise<Int32Array> {
  const name = `images:${sort}:${descending}`;
  const known = plan.notes.get(name) as Int32Array | undefined;
  if (known !== undefined) return known;
  const selected = await selectedImages(plan, pacer);
  if (sort === 'id' && !descending) return selected;
  const compare = comparison(plan, sort, tallies);
  const sign = descending && sort !== 'worst' ? -1 : 1;
  const sorted = selected.slice();
  await sortPaced(sorted, (a, b) => sign * compare(a, b) || a - b, pacer);
  plan.notes.set(name, sorted);
  return sorted;
}

/** `worst` is always worst first; what is unknown is lowest. */
function comparison({ snapshot }: Plan, sort: ImageSort, tallies: Tallies): (a: number, b: number) => number {
  const { rows } = snapshot.images;
  const by =
    (column: 'since' | 'scannedAt' | 'size') =>
    (a: number, b: number): number =>
      (rows.number(column, a) ?? -1) - (rows.number(column, b) ?? -1);
  switch (sort) {
    case 'worst':
      return (a, b) => tallies.compare(a, b);
    case 'repository': {
      const rank = imageRank(snapshot.images);
      return (a, b) => (rank[a] as number) - (rank[b] as number);
    }
    case 'updated':
      return by('since');
    case 'scanned':
      return by('scannedAt');
    case 'size':
      return by('size');
    case 'id':
      return (a, b) => a - b;
    default:
      throw new QueryError('filter_field', `images are not ordered by "${String(sort).slice(0, 80)}"`);
  }
}

/**
 * Cuts a page out of a sorted list of slots. A position names the last image; when that has gone meanwhile the list goes
 * on at the same number of rows.
 * @throws QueryError `bad_cursor`
 */
export function cutPage(slots: ArrayLike<number>, idOf: (slot: number) => number, page: PageRequest): SlotPage {
  const limit = Math.min(page.limit, maxPage);
  let from = 'offset' in page ? page.offset : 0;
  if (![limit, from].every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new QueryError('bad_cursor', 'a page begins at a whole number of rows and has a whole number of them');
  }
  if ('after' in page && page.after !== null) {
    const [, id, rows] = /^(\d{1,15})\.(\d{1,15})$/.exec(page.after) ?? [];
    if (id === undefined) throw new QueryError('bad_cursor', 'this position belongs to no list');
    from = Number(rows);
    for (let index = 0; index < slots.length; index++)
      if (idOf(slots[index] as number) === Number(id)) from = index + 1;
  }
  const rows = Array.from(
    { length: Math.max(0, Math.min(limit, slots.length - from)) },
    (_, at) => slots[from + at] as number,
  );
  const end = from + rows.length;
  const last = rows.at(-1);
  const next = last !== undefined && end < slots.length ? `${idOf(last)}.${end}` : null;
  return { rows, total: slots.length, totalIsBound: false, next };
}
