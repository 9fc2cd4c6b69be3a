import type { Pacer } from '../estate/pacer.ts';
import { Collector } from './collector.ts';
import type { Plan } from './plan.ts';
import type { Residual } from './residual.ts';

/** Findings of a plan by the match that makes them. */
export interface PerMatch {
  /** Match slot → findings, which is also the number of images where it stands for one. */
  readonly findings: Int32Array;
  /** Of those the handled ones. */
  readonly handled: Int32Array;
}

/**
 * Counts findings per match without listing them: sets weigh as many images as hold them, packages as much as their sets.
 * Only images with overlapping sets or rules of their own are looked at one by one. Kept with the plan.
 */
export async function countPerMatch(plan: Plan, pacer: Pacer): Promise<PerMatch> {
  const known = plan.notes.get('perMatch') as PerMatch | undefined;
  if (known !== undefined) return known;
  const { images, contents, matches, rules, sets } = plan.snapshot;
  const result = { findings: new Int32Array(matches.count), handled: new Int32Array(matches.count) };
  const weights = plan.residuals.map(() => new Int32Array(sets.count));
  const single: number[] = [];
  for (const [index, image] of plan.images.entries()) {
    const content = images.content[image] as number;
    if (content < 0) continue;
    const position = plan.position(image);
    const { byEvidence, byPair } = plan.residuals[position] as Residual;
    if (byEvidence || byPair || rules.classOf[image] !== 0 || contents.overlaps[content] === 1) {
      single.push(image);
      continue;
    }
    const weight = weights[position] as Int32Array;
    for (const set of contents.sets.row(content)) (weight[set] as number)++;
    if ((index & 511) === 0 && pacer.due()) await pacer.rest();
  }
  for (const [position, weight] of weights.entries()) {
    const residual = plan.residuals[position] as Residual;
    if (!residual.byEvidence && !residual.byPair) await addWeights(plan, residual, weight, result, pacer);
  }
  const collector = new Collector(plan);
  for (const [index, image] of single.entries()) {
    collector.collect(image);
    for (let at = 0; at < collector.count; at++) {
      const match = collector.match[at] as number;
      (result.findings[match] as number)++;
      if (rules.ruleOf(image, match) >= 0) (result.handled[match] as number)++;
    }
    if ((index & 31) === 0 && pacer.due()) await pacer.rest();
  }
  plan.notes.set('perMatch', result);
  return result;
}

async function addWeights(
  plan: Plan,
  residual: Residual,
  weight: Int32Array,
  result: PerMatch,
  pacer: Pacer,
): Promise<void> {
  const { matches, sets, rules } = plan.snapshot;
  const mask = residual.general();
  const { start, length, values } = sets.ofPackage;
  for (let pkg = 0; pkg < matches.packageCount; pkg++) {
    let images = 0;
    const end = (start[pkg] as number) + (length[pkg] as number);
    for (let at = start[pkg] as number; at < end; at++) images += weight[values[at] as number] as number;
    if (images > 0) {
      for (const match of matches.ofPackage.row(pkg)) {
        if (mask[match] === 0) continue;
        (result.findings[match] as number) += images;
        if ((rules.everywhere[match] as number) >= 0) (result.handled[match] as number) += images;
      }
    }
    if ((pkg & 255) === 0 && pacer.due()) await pacer.rest();
  }
}
