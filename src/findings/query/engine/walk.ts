import type { Pacer } from '../estate/pacer.ts';
import { Collector } from './collector.ts';
import { ImageCounter } from './counting.ts';
import { Leaders } from './gather.ts';
import { Holders } from './holders.ts';
import { countPerMatch } from './per-match.ts';
import type { Plan } from './plan.ts';
import type { Row, RowOrdering, RowPosition } from './row-order.ts';

/** Rows to skip before the per-match counts are worked out instead of walking over them. */
const walkedSkip = 20_000;

/** A stretch of a list: begin behind a position or after a number of rows. */
export interface Stretch {
  readonly after: RowPosition | null;
  readonly offset: number;
  readonly limit: number;
}

/** Walks a list that is too long to be sorted as a whole, in the order of matches or of images. */
export class Walker {
  readonly #plan: Plan;
  readonly #grain: 'finding' | 'record';
  readonly #ordering: RowOrdering;
  readonly #pacer: Pacer;
  readonly #collector: Collector;
  readonly #leaders: Leaders;
  readonly #holders: Holders;

  constructor(plan: Plan, grain: 'finding' | 'record', ordering: RowOrdering, pacer: Pacer) {
    this.#plan = plan;
    this.#grain = grain;
    this.#ordering = ordering;
    this.#pacer = pacer;
    this.#collector = new Collector(plan);
    this.#leaders = new Leaders(plan, grain, ordering.permutation.rank);
    this.#holders = new Holders(plan);
  }

  /** Matches in order; for each the images that have it. */
  async byMatch(stretch: Stretch): Promise<Row[]> {
    const { matches } = this.#ordering.permutation;
    const rows: Row[] = [];
    let { offset } = stretch;
    let at = stretch.after === null ? 0 : this.#firstMatch(stretch.after);
    if (offset > walkedSkip && stretch.after === null) {
      const counts = await this.#countPerMatch();
      while (at < matches.length && offset >= (counts[matches[at] as number] as number)) {
        offset -= counts[matches[at++] as number] as number;
      }
    }
    const masks = this.#masks();
    for (; at < matches.length && rows.length < stretch.limit; at++) {
      const match = matches[at] as number;
      if (masks !== null && !masks.some((mask) => mask[match] === 1)) continue;
      for (const image of this.#holders.of(match)) {
        const row = { image, match };
        if (this.#pacer.due()) await this.#pacer.rest();
        if (stretch.after !== null && this.#ordering.compareWith(row, stretch.after) <= 0) continue;
        if (!this.#isRow(image, match, masks !== null)) continue;
        if (offset-- > 0) continue;
        rows.push(row);
        if (rows.length >= stretch.limit) break;
      }
      if (this.#pacer.due()) await this.#pacer.rest();
    }
    return rows;
  }

  #firstMatch(after: RowPosition): number {
    const { matches, order } = this.#ordering.permutation;
    let low = 0;
    let high = matches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const match = matches[middle] as number;
      if (order.compareWith(match, after.key, after.vulnerability, after.package) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Masks of all residuals; null when one of them cannot be a mask. */
  #masks(): Uint8Array[] | null {
    const { residuals, snapshot } = this.#plan;
    const plain = residuals.every(({ byEvidence, byPair }) => !byEvidence && !byPair);
    if (!plain) return null;
    const own = snapshot.rules.hasOwn;
    return residuals.flatMap((residual) => {
      if (!residual.byHandled || !own) return [residual.general()];
      return [residual.mask(false), residual.mask(true)];
    });
  }

  /** Whether the match stands for a row of the image: it passes, and no other match does so for the same row. */
  #isRow(image: number, match: number, plain: boolean): boolean {
    const { images, contents, rules } = this.#plan.snapshot;
    const residual = this.#plan.residual(image);
    const general = plain && !(residual.byHandled && rules.classOf[image] !== 0);
    if (general && residual.general()[match] === 0) return false;
    const overlaps = contents.overlaps[images.content[image] as number] === 1;
    if (general && this.#grain === 'finding' && !overlaps) return true;
    this.#collector.collect(image);
    this.#leaders.take(this.#collector);
    for (let at = 0; at < this.#leaders.count; at++) {
      if (this.#collector.match[this.#leaders.at[at] as number] === match) return true;
    }
    return false;
  }

  /** Match slot → rows that it stands for. */
  async #countPerMatch(): Promise<Int32Array> {
    if (this.#grain === 'finding') return (await countPerMatch(this.#plan, this.#pacer)).findings;
    const { by, descending } = this.#ordering.sort;
    const name = `leaders:${by}:${descending}`;
    const known = this.#plan.notes.get(name) as Int32Array | undefined;
    if (known !== undefined) return known;
    const counts = new Int32Array(this.#plan.snapshot.matches.count);
    const { images } = this.#plan;
    for (let index = 0; index < images.length; index++) {
      this.#collector.collect(images[index] as number);
      this.#leaders.take(this.#collector);
      for (let at = 0; at < this.#leaders.count; at++) {
        (counts[this.#collector.match[this.#leaders.at[at] as number] as number] as number)++;
      }
      if ((index & 63) === 0 && this.#pacer.due()) await this.#pacer.rest();
    }
    this.#plan.notes.set(name, counts);
    return counts;
  }

  /** Images in order; in each the worst first. */
  async byImage(stretch: Stretch): Promise<Row[]> {
    const ordering = this.#ordering;
    const { rank } = ordering.permutation;
    const images = this.#plan.images.slice().sort((a, b) => ordering.imagePosition(a) - ordering.imagePosition(b));
    const counter = new ImageCounter(this.#plan, this.#grain);
    const rows: Row[] = [];
    let { offset } = stretch;
    for (let index = 0; index < images.length && rows.length < stretch.limit; index++) {
      const image = images[index] as number;
      if (this.#pacer.due()) await this.#pacer.rest();
      const { after } = stretch;
      if (after === null) {
        const own = offset > 0 ? counter.of(image) : 0;
        if (own > 0 && offset >= own) {
          offset -= own;
          continue;
        }
      } else if (this.#isBefore(image, after)) {
        continue;
      }
      this.#collector.collect(image);
      this.#leaders.take(this.#collector);
      const own = Array.from(
        this.#leaders.at.subarray(0, this.#leaders.count),
        (at) => this.#collector.match[at] as number,
      );
      own.sort((a, b) => (rank[a] as number) - (rank[b] as number));
      for (const match of own) {
        if (after !== null && ordering.compareWith({ image, match }, after) <= 0) continue;
        if (offset > 0) {
          offset--;
          continue;
        }
        if (rows.length < stretch.limit) rows.push({ image, match });
      }
    }
    return rows;
  }

  #isBefore(image: number, after: RowPosition): boolean {
    const id = this.#plan.snapshot.images.rows.id(image);
    if (id === after.image) return false;
    return this.#ordering.compareWith({ image, match: this.#ordering.permutation.matches[0] ?? 0 }, after) < 0;
  }
}
