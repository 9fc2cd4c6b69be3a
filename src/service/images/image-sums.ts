import {
  countPerMatch,
  type Pacer,
  type Plan,
  selectedImages,
  stateUnimportant,
  type Tallies,
} from '../../findings/index.ts';
import type { SecurityCounts } from '../contract/index.ts';

/** Counters over the images of a plan. `handled`: true = handled findings, false = open ones, null = both. */
export async function sumCounts(
  plan: Plan,
  tallies: Tallies,
  handled: boolean | null,
  pacer: Pacer,
): Promise<SecurityCounts> {
  const name = `security:${handled}`;
  const known = plan.notes.get(name) as SecurityCounts | undefined;
  if (known !== undefined) return known;
  const sums = { cve: 0, sca: 0, baseline: 0, malicious: 0 };
  if (plan.residuals.every(({ all }) => all)) {
    for (const [index, image] of plan.images.entries()) {
      for (const kind of ['cve', 'sca'] as const) {
        if (handled !== true) sums[kind] += tallies.kindTotal(image, kind);
        if (handled !== false) sums[kind] += tallies.handled(image, kind);
      }
      for (const kind of ['baseline', 'malicious'] as const) {
        if (handled !== true) sums[kind] += tallies.risks.open(image, kind);
        if (handled !== false) sums[kind] += tallies.risks.handled(image, kind);
      }
      if ((index & 4095) === 0 && pacer.due()) await pacer.rest();
    }
  } else {
    // The filter asks about findings too: those that pass are counted, by the rules of all counters.
    const { matches } = plan.snapshot;
    const per = await countPerMatch(plan, pacer);
    for (let match = 0; match < matches.count; match++) {
      if (matches.state[match] === stateUnimportant) continue;
      const covered = per.handled[match] as number;
      const open = (per.findings[match] as number) - covered;
      sums[matches.isCve[match] === 1 ? 'cve' : 'sca'] +=
        (handled !== true ? open : 0) + (handled !== false ? covered : 0);
    }
  }
  plan.notes.set(name, sums);
  return sums;
}

const levels = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

/** Distribution of the images of a plan by scan state and worst severity. */
export async function imageStatistics(plan: Plan, tallies: Tallies, pacer: Pacer) {
  const images = await selectedImages(plan, pacer);
  const { rows } = plan.snapshot.images;
  const byState: Record<string, number> = {};
  const bySeverity = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, none: 0 };
  let scanned = 0;
  let atRisk = 0;
  let withVulnerabilities = 0;
  for (const [index, image] of images.entries()) {
    const state = rows.text('scanState', image) ?? '';
    byState[state] = (byState[state] ?? 0) + 1;
    const worst = tallies.worst(image);
    if (rows.number('scannedAt', image) !== null) {
      scanned++;
      bySeverity[levels[worst] ?? 'none']++;
    }
    if (worst >= 0) withVulnerabilities++;
    if (worst >= 0 || tallies.risks.total(image) > 0) atRisk++;
    if ((index & 4095) === 0 && pacer.due()) await pacer.rest();
  }
  return { images: images.length, scanned, byState, bySeverity, atRisk, withVulnerabilities };
}
