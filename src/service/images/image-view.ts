import { imageRow, type Plan, type Tallies } from '../../findings/index.ts';
import type { ImageView } from '../contract/index.ts';
import { noRisks } from '../risks/index.ts';

/** An image of the index as lists show it. */
export function imageView(
  plan: Pick<Plan, 'snapshot'>,
  tallies: Tallies,
  slot: number,
  progress: ReadonlyMap<number, number>,
): ImageView {
  const { counts, latest: _latest, ...image } = imageRow(plan, tallies, slot);
  return {
    ...image,
    counts: { ...counts, baseline: 0, instruction: 0, malicious: 0, sensitive: 0, risks: noRisks, recounting: false },
    scanProgress: progress.get(image.manifestId) ?? null,
  };
}
