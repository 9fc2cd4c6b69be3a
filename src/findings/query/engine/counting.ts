import type { Pacer } from '../estate/pacer.ts';
import { Collector } from './collector.ts';
import type { Plan } from './plan.ts';

/** Exact number of rows of a plan; worked out once per plan. */
export async function countRows(plan: Plan, grain: 'finding' | 'record', pacer: Pacer): Promise<number> {
  const name = `rows:${grain}`;
  const known = plan.notes.get(name) as number | undefined;
  if (known !== undefined) return known;
  const { images } = plan;
  const counter = new ImageCounter(plan, grain);
  let sum = 0;
  for (let index = 0; index < images.length; index++) {
    sum += counter.of(images[index] as number);
    if ((index & 63) === 0 && pacer.due()) await pacer.rest();
  }
  plan.notes.set(name, sum);
  return sum;
}

/** Up to so many images, sets are cheaper than arrays as long as the list of all vulnerabilities. */
export const fewImages = 64;

/** Rows of one image after the other. Findings of sets that do not overlap are summed, everything else is looked at. */
export class ImageCounter {
  readonly #plan: Plan;
  readonly #collector: Collector;
  readonly #grain: 'finding' | 'record';
  readonly #seen: Int32Array;
  #stamp = 0;

  constructor(plan: Plan, grain: 'finding' | 'record') {
    this.#plan = plan;
    this.#collector = new Collector(plan);
    this.#grain = grain;
    const dense = grain === 'record' && plan.images.length > fewImages;
    this.#seen = new Int32Array(dense ? plan.snapshot.matches.vulnerabilities.length : 0);
  }

  /** Rows of a selected image. */
  of(image: number): number {
    const { images, contents, rules } = this.#plan.snapshot;
    const content = images.content[image] as number;
    if (content < 0) return 0;
    const residual = this.#plan.residual(image);
    const plain =
      !residual.byEvidence &&
      !residual.byPair &&
      !(residual.byHandled && rules.classOf[image] !== 0) &&
      contents.overlaps[content] === 0;
    if (this.#grain === 'finding' && plain) {
      let sum = 0;
      const begin = contents.sets.start[content] as number;
      const end = begin + (contents.sets.length[content] as number);
      for (let at = begin; at < end; at++) sum += residual.countOf(contents.sets.values[at] as number);
      return sum;
    }
    this.#collector.collect(image);
    return this.#grain === 'finding' ? this.#collector.count : this.#distinct();
  }

  #distinct(): number {
    const { match, count } = this.#collector;
    const { vulnerability } = this.#plan.snapshot.matches;
    if (this.#seen.length === 0) {
      const seen = new Set<number>();
      for (let at = 0; at < count; at++) seen.add(vulnerability[match[at] as number] as number);
      return seen.size;
    }
    const stamp = ++this.#stamp;
    let sum = 0;
    for (let at = 0; at < count; at++) {
      const slot = vulnerability[match[at] as number] as number;
      if (this.#seen[slot] !== stamp) sum++;
      this.#seen[slot] = stamp;
    }
    return sum;
  }
}
