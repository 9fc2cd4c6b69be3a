import type { Snapshot } from '../estate/snapshot.ts';
import { PairSet } from './pair-set.ts';
import type { Plan } from './plan.ts';
import type { Residual } from './residual.ts';

/**
 * Lists the findings of one image after the other that pass a plan. One finding per (package name and version,
 * vulnerability), in the order of evidence, package id, vulnerability id: of several packages that make one finding the
 * first that passes stands for it. Holds scratch arrays: use it only between two turns of the event loop.
 */
export class Collector {
  /** Match slot and number of evidence per finding; valid up to `count`. */
  match = new Int32Array(1024);
  evidence = new Int32Array(1024);
  count = 0;
  readonly #plan: Plan;
  readonly #snapshot: Snapshot;
  readonly #pairs = new PairSet();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#snapshot = plan.snapshot;
  }

  /** Fills the arrays with the findings of a selected image. */
  collect(image: number): void {
    this.count = 0;
    const { images, contents, rules } = this.#snapshot;
    const content = images.content[image] as number;
    if (content < 0) return;
    const residual = this.#plan.residual(image);
    const exact = contents.overlaps[content] === 1;
    if (exact) this.#pairs.clear();
    const own = residual.byHandled && rules.classOf[image] !== 0;
    const begin = contents.sets.start[content] as number;
    const end = begin + (contents.sets.length[content] as number);
    const evidenceBegin = contents.evidence.start[content] as number;
    for (let at = begin; at < end; at++) {
      const set = contents.sets.values[at] as number;
      const evidence = contents.evidence.values[evidenceBegin + at - begin] as number;
      const here = residual.byEvidence ? residual.forEvidence(evidence) : residual;
      if (here.none) continue;
      if (here.byPair || own) this.#bySteps(image, set, evidence, here, exact);
      else this.#byMask(set, evidence, here.general(), exact);
    }
  }

  #byMask(set: number, evidence: number, mask: Uint8Array, exact: boolean): void {
    const { sets, matches } = this.#snapshot;
    const { start, length, values } = matches.ofPackage;
    const first = sets.packages.start[set] as number;
    const last = first + (sets.packages.length[set] as number);
    let count = this.count;
    for (let at = first; at < last; at++) {
      const pkg = sets.packages.values[at] as number;
      const begin = start[pkg] as number;
      const end = begin + (length[pkg] as number);
      if (count + end - begin > this.match.length) this.#grow(count + end - begin);
      const { match: out, evidence: places } = this;
      for (let index = begin; index < end; index++) {
        const match = values[index] as number;
        if (mask[match] === 0) continue;
        if (exact && this.#isRepeated(pkg, match)) continue;
        out[count] = match;
        places[count++] = evidence;
      }
    }
    this.count = count;
  }

  #bySteps(image: number, set: number, evidence: number, residual: Residual, exact: boolean): void {
    const { sets, matches, rules } = this.#snapshot;
    for (const pkg of sets.packages.row(set)) {
      for (const match of matches.ofPackage.row(pkg)) {
        const here = residual.byPair ? residual.forPair(image, matches.vulnerability[match] as number) : residual;
        if (here.none) continue;
        const handled = here.byHandled && rules.ruleOf(image, match) >= 0;
        if (here.mask(handled)[match] === 0) continue;
        if (exact && this.#isRepeated(pkg, match)) continue;
        if (this.count >= this.match.length) this.#grow(this.count + 1);
        this.match[this.count] = match;
        this.evidence[this.count++] = evidence;
      }
    }
  }

  #isRepeated(pkg: number, match: number): boolean {
    const { matches } = this.#snapshot;
    return !this.#pairs.add(matches.identity[pkg] as number, matches.vulnerability[match] as number);
  }

  #grow(length: number): void {
    const match = new Int32Array(length * 2);
    match.set(this.match);
    this.match = match;
    const evidence = new Int32Array(length * 2);
    evidence.set(this.evidence);
    this.evidence = evidence;
  }
}
