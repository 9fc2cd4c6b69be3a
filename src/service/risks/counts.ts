import { type Pacer, type Plan, riskKinds, selectedImages, type Tallies, tallyOfRisks } from '../../findings/index.ts';
import type { RiskCounts, RiskKind } from '../contract/index.ts';

/** Counters over the images of a plan. */
export async function riskCounts(plan: Plan, { risks }: Tallies, pacer: Pacer): Promise<RiskCounts> {
  const open = new Map<RiskKind, [number, number, number]>(riskKinds.map((kind) => [kind, [0, 0, 0]]));
  const handled = { baseline: 0, instruction: 0, malicious: 0, sensitive: 0 };
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 1023) === 0 && pacer.due()) await pacer.rest();
    for (const [kind, sums] of open) {
      const { high, medium, low } = risks.levels(image, kind);
      sums[0] += high;
      sums[1] += medium;
      sums[2] += low;
      handled[kind] += risks.handled(image, kind);
    }
  }
  return { ...tallyOfRisks((kind, level) => open.get(kind)?.[level] ?? 0), handled };
}
