import type { Pacer } from '../estate/pacer.ts';
import type { Collector } from './collector.ts';
import { permutationOf } from './orders.ts';
import type { Plan } from './plan.ts';

/**
 * Groups the findings of one image by vulnerability: a row of the grain `record` is all of a vulnerability, the worst
 * first, and rows stand worst first. At the grain `finding` every finding is a row and nothing is grouped.
 */
export class RecordGroups {
  /** At the grain `finding`. */
  readonly isFlat: boolean;
  /** Row → where its findings begin in `at`; one more than rows. */
  start = new Int32Array(1024);
  /** Positions in the collector's arrays. */
  at = new Int32Array(1024);
  #rows = 0;
  #rank: Int32Array = new Int32Array(0);
  readonly #plan: Plan;
  readonly #pacer: Pacer;

  constructor(plan: Plan, grain: 'finding' | 'record', pacer: Pacer) {
    this.#plan = plan;
    this.#pacer = pacer;
    this.isFlat = grain === 'finding';
  }

  /** To be awaited before anything is grouped. */
  async ready(): Promise<void> {
    this.#rank = (await permutationOf(this.#plan.snapshot.matches, 'worst', false, this.#pacer)).rank;
  }

  /** Takes the findings of one image; the number of its rows. Findings are put into order, the worst first. */
  take(collector: Collector): number {
    sortByRank(collector, this.#rank);
    if (this.isFlat) return collector.count;
    const { match, count } = collector;
    const { vulnerability } = this.#plan.snapshot.matches;
    if (this.at.length < count) {
      this.at = new Int32Array(count * 2);
      this.start = new Int32Array(count * 2 + 1);
    }
    const groups = new Map<number, number[]>();
    for (let at = 0; at < count; at++) {
      const slot = vulnerability[match[at] as number] as number;
      const group = groups.get(slot);
      if (group === undefined) groups.set(slot, [at]);
      else group.push(at);
    }
    let row = 0;
    let to = 0;
    for (const group of groups.values()) {
      this.start[row++] = to;
      for (const at of group) this.at[to++] = at;
    }
    this.start[row] = to;
    this.#rows = row;
    return row;
  }

  /** The row that holds a match. */
  rowOf(match: number, collector: Collector): number {
    for (let row = 0; row < this.#rows; row++) {
      for (let at = this.start[row] as number; at < (this.start[row + 1] as number); at++) {
        if (collector.match[this.at[at] as number] === match) return row;
      }
    }
    throw new RangeError('the match makes no row of this image');
  }
}

let keys = new Float64Array(1024);

/** Sorts what a collector holds by rank: rank and position fit into one number. */
function sortByRank(collector: Collector, rank: Int32Array): void {
  const { match, evidence, count } = collector;
  if (keys.length < count) keys = new Float64Array(count * 2);
  for (let at = 0; at < count; at++) keys[at] = (rank[match[at] as number] as number) * count + at;
  const sorted = keys.subarray(0, count).sort();
  const before = { match: match.slice(0, count), evidence: evidence.slice(0, count) };
  for (let at = 0; at < count; at++) {
    const from = (sorted[at] as number) % count;
    match[at] = before.match[from] as number;
    evidence[at] = before.evidence[from] as number;
  }
}
