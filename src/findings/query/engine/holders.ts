import type { Plan } from './plan.ts';

/** Finds the selected images that hold the package of a match. */
export class Holders {
  readonly #plan: Plan;
  readonly #bits: Uint32Array;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#bits = new Uint32Array((plan.snapshot.images.count >>> 5) + 1);
  }

  /** Image slots, rising, each once. A fresh array, so that the caller may pause. */
  of(match: number): number[] {
    const { images, contents, sets, matches } = this.#plan.snapshot;
    const plan = this.#plan;
    const bits = this.#bits;
    for (const set of sets.ofPackage.row(matches.package[match] as number)) {
      for (const content of contents.ofSet.row(set)) {
        const begin = images.ofContent.start[content] as number;
        const end = begin + (images.ofContent.length[content] as number);
        for (let at = begin; at < end; at++) {
          const image = images.ofContent.values[at] as number;
          if (plan.position(image) >= 0) (bits[image >>> 5] as number) |= 1 << (image & 31);
        }
      }
    }
    const found: number[] = [];
    for (let word = 0; word < bits.length; word++) {
      let value = bits[word] as number;
      if (value === 0) continue;
      bits[word] = 0;
      for (; value !== 0; value &= value - 1) found.push(word * 32 + 31 - Math.clz32(value & -value));
    }
    return found;
  }
}
