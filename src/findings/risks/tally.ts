import { type RiskKind, riskKinds } from './kinds.ts';

/** Numbers by level. Of malicious files `high` is serious, `medium` suspicious and `low` remind. */
export interface RiskLevels {
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly total: number;
}

/** Counters of one image before decisions. */
export type RiskTally = Readonly<Record<RiskKind, RiskLevels>>;

/** Numbers by level from those of the codes. */
export function levelsOf(high: number, medium: number, low: number): RiskLevels {
  return { high, medium, low, total: high + medium + low };
}

/** A tally from a number for every kind and code of a level. */
export function tallyOfRisks(count: (kind: RiskKind, level: number) => number): RiskTally {
  return Object.fromEntries(
    riskKinds.map((kind) => [kind, levelsOf(count(kind, 0), count(kind, 1), count(kind, 2))]),
  ) as unknown as RiskTally;
}

/** Nothing of anything. */
export const noRisks: RiskTally = tallyOfRisks(() => 0);
