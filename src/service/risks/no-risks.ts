import type { RiskKind, RiskLevels } from '../contract/index.ts';

const none: RiskLevels = { high: 0, medium: 0, low: 0, total: 0 };

/** Counters of an image without risks. */
export const noRisks: Readonly<Record<RiskKind, RiskLevels>> = {
  baseline: none,
  instruction: none,
  malicious: none,
  sensitive: none,
};
