import type { Sort } from '../contract.ts';
import { QueryError } from '../errors.ts';
import type { Pacer } from '../estate/pacer.ts';
import { countRows } from './counting.ts';
import { gather, gatherLimit, type SortedRows } from './gather.ts';
import { isMatchOrder, permutationOf } from './orders.ts';
import type { Plan } from './plan.ts';
import { formatPosition, parsePosition, type Row, RowOrdering, type RowPosition } from './row-order.ts';
import { Walker } from './walk.ts';

/** Largest page. */
export const pageLimit = 1_000;
/** Most rows that may be skipped by number. */
export const offsetLimit = 1_000_000_000;

/** Where a page begins. */
export type Window =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: string | null; readonly limit: number };

/** Rows of a page with the exact number of all rows. */
export interface RowPage {
  readonly rows: readonly Row[];
  readonly total: number;
  /** Position behind the last row; null at the end. */
  readonly next: string | null;
}

/** Numbers of a window, checked. @throws QueryError `bad_cursor` for numbers that are none */
export function checkWindow(window: Window): { offset: number; limit: number; after: string | null } {
  const offset = 'offset' in window ? window.offset : 0;
  const limit = Math.min(window.limit, pageLimit);
  if (!Number.isSafeInteger(window.limit) || limit < 0 || !Number.isSafeInteger(offset) || offset < 0) {
    throw new QueryError('bad_cursor', 'a page begins at a whole number of rows and has a whole number of them');
  }
  return { offset: Math.min(offset, offsetLimit), limit, after: 'after' in window ? window.after : null };
}

/** One page of the rows of a plan. @throws QueryError `bad_cursor`, `filter_limit` */
export async function pageOf(
  plan: Plan,
  grain: 'finding' | 'record',
  sort: Sort,
  window: Window,
  pacer: Pacer,
): Promise<RowPage> {
  checkSort(sort);
  const { offset, limit, after } = checkWindow(window);
  const position = after === null ? null : parsePosition(after, sort);
  const total = await countRows(plan, grain, pacer);
  if (limit === 0 || total === 0 || (position === null && offset >= total)) return { rows: [], total, next: null };
  const ordering = await orderingOf(plan, sort, pacer);
  const found = await stretch(plan, grain, ordering, { after: position, offset, limit: limit + 1 }, pacer);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const next = found.length > limit && last !== undefined ? formatPosition(ordering.positionOf(last)) : null;
  return { rows, total, next };
}

const orders = new Set<string>(['worst', 'vuln', 'package', 'image', 'severity', 'cvss', 'epss', 'firstSeen', 'id']);

/** Refuses what is no order, whatever it came through. @throws QueryError `filter_field` */
export function checkSort(sort: Sort): void {
  if (orders.has(sort.by) && typeof sort.descending === 'boolean') return;
  throw new QueryError('filter_field', `nothing is ordered by "${String(sort.by).slice(0, 80)}"`, {
    hint: `One of: ${[...orders].join(', ')}.`,
  });
}

/** The order of rows for a sort. */
export async function orderingOf(plan: Plan, sort: Sort, pacer: Pacer): Promise<RowOrdering> {
  const { matches } = plan.snapshot;
  const permutation = isMatchOrder(sort.by)
    ? await permutationOf(matches, sort.by, sort.descending, pacer)
    : await permutationOf(matches, 'worst', false, pacer);
  return new RowOrdering(plan.snapshot, sort, permutation);
}

async function stretch(
  plan: Plan,
  grain: 'finding' | 'record',
  ordering: RowOrdering,
  part: { after: RowPosition | null; offset: number; limit: number },
  pacer: Pacer,
): Promise<Row[]> {
  const findings = await countRows(plan, 'finding', pacer);
  if (findings > gatherLimit) {
    const walker = new Walker(plan, grain, ordering, pacer);
    if (isMatchOrder(ordering.sort.by)) return walker.byMatch(part);
    if (ordering.sort.by !== 'firstSeen') return walker.byImage(part);
    throw new QueryError('filter_limit', `more than ${gatherLimit} findings cannot be ordered by time`, {
      hint: 'Narrow the filter, or order by worst, severity, vuln, package or image.',
    });
  }
  const sorted = await gather(plan, grain, ordering, pacer);
  const from = part.after === null ? part.offset : firstBehind(sorted, ordering, part.after);
  const rows: Row[] = [];
  for (let index = from; index < sorted.count && rows.length < part.limit; index++) rows.push(sorted.row(index));
  return rows;
}

function firstBehind(sorted: SortedRows, ordering: RowOrdering, after: RowPosition): number {
  let low = 0;
  let high = sorted.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ordering.compareWith(sorted.row(middle), after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
