import { QueryError } from '../errors.ts';
import { Pacer } from '../estate/pacer.ts';
import { stateUnimportant } from '../estate/parts.ts';
import type { ImageRow } from '../row-source.ts';
import { ImageCounter } from './counting.ts';
import { describeImage, slotOfImage } from './describe.ts';
import type { Plan } from './plan.ts';
import { type Tallies, talliesOf } from './tallies.ts';

const blockRows = 500;

/**
 * The images of a plan. A filter that asks about findings too selects the images that have at least one that passes. Kept
 * with the plan.
 */
export async function selectedImages(plan: Plan, pacer: Pacer): Promise<Int32Array> {
  const known = plan.notes.get('images') as Int32Array | undefined;
  if (known !== undefined) return known;
  let images = plan.images;
  if (plan.residuals.some(({ all }) => !all)) {
    const counter = new ImageCounter(plan, 'finding');
    const passing: number[] = [];
    for (const [index, image] of images.entries()) {
      if (plan.residual(image).all || counter.of(image) > 0) passing.push(image);
      if ((index & 63) === 0 && pacer.due()) await pacer.rest();
    }
    images = Int32Array.from(passing);
  }
  plan.notes.set('images', images);
  return images;
}

/** An image with its counters. */
export function imageRow(plan: Pick<Plan, 'snapshot'>, tallies: Tallies, image: number): ImageRow {
  return {
    ...describeImage(plan.snapshot, image),
    counts: {
      cve: tallies.kind(image, 'cve'),
      sca: tallies.kind(image, 'sca'),
      kev: tallies.kev(image),
      vulnerabilities: openVulnerabilities(plan, image),
      handledCve: tallies.handled(image, 'cve'),
      handledSca: tallies.handled(image, 'sca'),
      risks: tallies.risks.tally(image),
    },
  };
}

/** Distinct vulnerabilities among the counted findings of an image. */
function openVulnerabilities({ snapshot }: Pick<Plan, 'snapshot'>, image: number): number {
  const { images, contents, sets, matches, rules } = snapshot;
  const content = images.content[image] as number;
  if (content < 0) return 0;
  const found = new Set<number>();
  for (const set of contents.sets.row(content)) {
    for (const pkg of sets.packages.row(set)) {
      for (const match of matches.ofPackage.row(pkg)) {
        if (matches.state[match] === stateUnimportant || rules.ruleOf(image, match) >= 0) continue;
        found.add(matches.vulnerability[match] as number);
      }
    }
  }
  return found.size;
}

/** Images of a plan by rising id. */
export async function* imageBlocks(
  plan: Plan,
  from: string | null,
  limit: number,
  pacer: Pacer,
): AsyncGenerator<{ rows: ImageRow[]; position: string }> {
  const images = await selectedImages(plan, pacer);
  const tallies = await talliesOf(plan.snapshot, () => new Pacer());
  let index = 0;
  if (from !== null) {
    const slot = slotOfImage(plan.snapshot, Number(from));
    index = images.indexOf(slot) + 1;
    if (slot < 0 || index === 0) throw new QueryError('bad_cursor', 'the image of this position is gone');
  }
  const end = Math.min(images.length, limit);
  for (; index < end; ) {
    const rows: ImageRow[] = [];
    for (; index < end && rows.length < blockRows; index++) {
      rows.push(imageRow(plan, tallies, images[index] as number));
      if (pacer.due()) await pacer.rest();
    }
    yield { rows, position: String(rows.at(-1)?.id) };
  }
}
