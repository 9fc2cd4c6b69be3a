import { imageRow, type Plan, type Tallies } from '../../findings/index.ts';
import type { ImageView } from '../contract/index.ts';

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
    counts: {
      ...counts,
      baseline: counts.risks.baseline.total,
      instruction: counts.risks.instruction.total,
      malicious: counts.risks.malicious.total,
      sensitive: counts.risks.sensitive.total,
      recounting: false,
    },
    scanProgress: progress.get(image.manifestId) ?? null,
  };
}
