import { type Pacer, type Plan, QueryError, selectedImages } from '../../findings/index.ts';
import type { Page, PageRequest } from '../contract/index.ts';
import type { RiskSelector } from './select.ts';

const levelCount = 3;
const longestPage = 1_000;

/** A finding of an image. */
export interface HitSlot {
  readonly image: number;
  readonly risk: number;
}

/** Image slots with selected findings, by their worst level, then as images are numbered. */
export async function imagesWithRisks(plan: Plan, selector: RiskSelector, pacer: Pacer): Promise<Int32Array> {
  const buckets: number[][] = [[], [], []];
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 255) === 0 && pacer.due()) await pacer.rest();
    let worst = levelCount;
    selector.each(image, (_risk, level) => {
      if (level < worst) worst = level;
    });
    buckets[worst]?.push(image);
  }
  return Int32Array.from(buckets.flat());
}

/**
 * One page of findings, by level, then as images are numbered, then as their reports have them. Findings are counted once
 * per plan and looked for again for each page: listing all of an estate would take more memory than the estate.
 */
export async function hitPage(
  plan: Plan,
  selector: RiskSelector,
  name: string,
  page: PageRequest,
  pacer: Pacer,
): Promise<Page<HitSlot>> {
  const images = await selectedImages(plan, pacer);
  const noted = plan.notes.get(name) as readonly number[] | undefined;
  const totals = noted ?? (await countHits(images, selector, pacer));
  plan.notes.set(name, totals);
  const total = totals.reduce((sum, count) => sum + count, 0);
  const from = startOf(page);
  const count = Math.max(0, Math.min(page.limit, longestPage, total - from));
  const rows = await window(images, selector, totals, from, count, pacer);
  const next = count > 0 && from + count < total ? String(from + count) : null;
  return { rows, total, totalIsBound: false, next };
}

/** Findings have no order that would survive a change of the estate: a page begins at a number of rows. */
function startOf(page: PageRequest): number {
  const from = 'offset' in page ? page.offset : Number(page.after ?? 0);
  if (Number.isSafeInteger(from) && from >= 0 && Number.isSafeInteger(page.limit) && page.limit >= 0) return from;
  throw new QueryError('bad_cursor', 'this position belongs to no list');
}

async function countHits(images: Int32Array, selector: RiskSelector, pacer: Pacer): Promise<readonly number[]> {
  const totals = [0, 0, 0];
  for (const [index, image] of images.entries()) {
    if ((index & 255) === 0 && pacer.due()) await pacer.rest();
    selector.each(image, (_risk, level) => {
      (totals[level] as number)++;
    });
  }
  return totals;
}

async function window(
  images: Int32Array,
  selector: RiskSelector,
  totals: readonly number[],
  from: number,
  count: number,
  pacer: Pacer,
): Promise<readonly HitSlot[]> {
  const found: HitSlot[] = [];
  let before = 0;
  for (let level = 0; level < levelCount && found.length < count; level++) {
    const total = totals[level] ?? 0;
    let skip = Math.max(0, from - before);
    before += total;
    if (skip >= total) continue;
    for (const [index, image] of images.entries()) {
      if ((index & 255) === 0 && pacer.due()) await pacer.rest();
      selector.each(image, (risk, own) => {
        if (own !== level) return;
        if (skip > 0) skip--;
        else if (found.length < count) found.push({ image, risk });
      });
      if (found.length === count) break;
    }
  }
  return found;
}
