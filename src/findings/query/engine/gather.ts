import type { Pacer } from '../estate/pacer.ts';
import { Collector } from './collector.ts';
import { fewImages } from './counting.ts';
import type { Plan } from './plan.ts';
import type { Row, RowOrdering } from './row-order.ts';

/** Most rows that are listed and sorted as a whole; larger lists are walked in their order. */
export const gatherLimit = 200_000;

/** All rows of a plan in an order, as numbers that sort as the rows do. */
export interface SortedRows {
  readonly count: number;
  row(index: number): Row;
}

/** Reduces what a collector holds to the rows of a grain: positions of the matches that stand for them. */
export class Leaders {
  /** Positions in the collector's arrays; valid up to `count`. */
  at = new Int32Array(1024);
  count = 0;
  readonly #rank: Int32Array;
  readonly #vulnerability: Int32Array;
  /** Vulnerability slot → position in `at`, valid where the stamp is the present one. */
  readonly #place: Int32Array;
  readonly #stamps: Int32Array;
  readonly #records: boolean;
  #stamp = 0;

  constructor(plan: Plan, grain: 'finding' | 'record', rank: Int32Array) {
    const { matches } = plan.snapshot;
    this.#rank = rank;
    this.#vulnerability = matches.vulnerability;
    this.#records = grain === 'record';
    const dense = this.#records && plan.images.length > fewImages;
    this.#place = new Int32Array(dense ? matches.vulnerabilities.length : 0);
    this.#stamps = new Int32Array(this.#place.length);
  }

  /** Takes the rows of one image. */
  take(collector: Collector): void {
    const { match, count } = collector;
    if (this.at.length < count) this.at = new Int32Array(count * 2);
    if (!this.#records) {
      for (let at = 0; at < count; at++) this.at[at] = at;
      this.count = count;
      return;
    }
    if (this.#place.length === 0) {
      this.#takeFew(match, count);
      return;
    }
    const stamp = ++this.#stamp;
    let rows = 0;
    for (let at = 0; at < count; at++) {
      const vulnerability = this.#vulnerability[match[at] as number] as number;
      if (this.#stamps[vulnerability] !== stamp) {
        this.#stamps[vulnerability] = stamp;
        this.#place[vulnerability] = rows;
        this.at[rows++] = at;
        continue;
      }
      const place = this.#place[vulnerability] as number;
      const other = match[this.at[place] as number] as number;
      if ((this.#rank[match[at] as number] as number) < (this.#rank[other] as number)) this.at[place] = at;
    }
    this.count = rows;
  }

  /** The same for plans of few images, without arrays as long as the list of all vulnerabilities. */
  #takeFew(match: Int32Array, count: number): void {
    const places = new Map<number, number>();
    for (let at = 0; at < count; at++) {
      const vulnerability = this.#vulnerability[match[at] as number] as number;
      const place = places.get(vulnerability);
      if (place === undefined) {
        this.at[places.size] = at;
        places.set(vulnerability, places.size);
        continue;
      }
      const other = match[this.at[place] as number] as number;
      if ((this.#rank[match[at] as number] as number) < (this.#rank[other] as number)) this.at[place] = at;
    }
    this.count = places.size;
  }
}

/** Lists and sorts all rows of a plan; at most `gatherLimit` of them. Kept with the plan. */
export async function gather(
  plan: Plan,
  grain: 'finding' | 'record',
  ordering: RowOrdering,
  pacer: Pacer,
): Promise<SortedRows> {
  const { by, descending } = ordering.sort;
  const name = `sorted:${grain}:${by}:${descending}`;
  const known = plan.notes.get(name) as SortedRows | undefined;
  if (known !== undefined) return known;
  const sorted =
    by === 'firstSeen' ? await byTime(plan, grain, ordering, pacer) : await byRank(plan, grain, ordering, pacer);
  plan.notes.set(name, sorted);
  return sorted;
}

async function collectKeys(
  plan: Plan,
  grain: 'finding' | 'record',
  ordering: RowOrdering,
  pacer: Pacer,
  key: (image: number, match: number) => number,
): Promise<Float64Array> {
  const collector = new Collector(plan);
  const leaders = new Leaders(plan, grain, ordering.permutation.rank);
  let keys = new Float64Array(4096);
  let count = 0;
  for (let index = 0; index < plan.images.length; index++) {
    const image = plan.images[index] as number;
    collector.collect(image);
    leaders.take(collector);
    if (count + leaders.count > keys.length) {
      const longer = new Float64Array((count + leaders.count) * 2);
      longer.set(keys);
      keys = longer;
    }
    for (let at = 0; at < leaders.count; at++) {
      keys[count++] = key(image, collector.match[leaders.at[at] as number] as number);
    }
    if ((index & 15) === 0 && pacer.due()) await pacer.rest();
  }
  return keys.subarray(0, count);
}

/** Rank and image in one number: 2^53 is far above matches × images. */
function packing({ permutation }: RowOrdering, images: number) {
  const { rank, matches } = permutation;
  return {
    key: (image: number, match: number): number => (rank[match] as number) * images + image,
    row: (key: number): Row => ({ image: key % images, match: matches[Math.floor(key / images)] as number }),
  };
}

async function byRank(
  plan: Plan,
  grain: 'finding' | 'record',
  ordering: RowOrdering,
  pacer: Pacer,
): Promise<SortedRows> {
  const { rank, matches } = ordering.permutation;
  const images = plan.snapshot.images.count;
  if (ordering.sort.by !== 'image' && ordering.sort.by !== 'id') {
    const { key, row } = packing(ordering, images);
    const keys = (await collectKeys(plan, grain, ordering, pacer, key)).sort();
    return { count: keys.length, row: (index) => row(keys[index] as number) };
  }
  const keys = await collectKeys(
    plan,
    grain,
    ordering,
    pacer,
    (image, match) => ordering.imagePosition(image) * matches.length + (rank[match] as number),
  );
  keys.sort();
  const slots = new Int32Array(images);
  for (const image of plan.images) slots[ordering.imagePosition(image)] = image;
  return {
    count: keys.length,
    row: (index) => {
      const key = keys[index] as number;
      return {
        image: slots[Math.floor(key / matches.length)] as number,
        match: matches[key % matches.length] as number,
      };
    },
  };
}

async function byTime(
  plan: Plan,
  grain: 'finding' | 'record',
  ordering: RowOrdering,
  pacer: Pacer,
): Promise<SortedRows> {
  const { key, row: rowAt } = packing(ordering, plan.snapshot.images.count);
  const keys = (await collectKeys(plan, grain, ordering, pacer, key)).sort();
  const rows = Array.from(keys, (each) => ({ key: each, time: ordering.firstSeen(rowAt(each)) }));
  const sign = ordering.sort.descending ? -1 : 1;
  rows.sort((a, b) => (a.time - b.time) * sign || a.key - b.key);
  return { count: rows.length, row: (index) => rowAt(rows[index]?.key as number) };
}
