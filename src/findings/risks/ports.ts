import type { RiskFinding } from '../risk-findings.ts';
import type { RiskTally } from './tally.ts';

/** Integer names of findings of detectors (inventory image × key), and these findings as they were reported. */
export interface RiskStore {
  /** In the order of the pairs; gives out what is missing. Ids are never used again and stay below 2^53. */
  riskIdsFor(pairs: readonly { readonly imageId: number; readonly keyId: number }[]): Promise<readonly number[]>;
  /** Unknown ids are left out. */
  risksByIds(
    ids: readonly number[],
  ): Promise<readonly { readonly id: number; readonly imageId: number; readonly keyId: number }[]>;
  /** Before decisions; unknown ids are left out. */
  riskFindings(ids: readonly number[]): Promise<ReadonlyMap<number, RiskFinding>>;
  /** Counters of images as stored; ids without a scan are left out. */
  riskTallies(manifestIds: readonly number[]): Promise<ReadonlyMap<number, RiskTally>>;
  /** Deletes sets and risks that no image holds any more; how many risks. */
  sweepRisks(): Promise<number>;
}

/** What scans look for, as an installation chose it: small documents by name. */
export interface ChoiceStore {
  /** Null where nothing was chosen. */
  choice(name: string): Promise<unknown>;
  /** Changes a document in one transaction; what it is then. */
  choose(name: string, change: (before: unknown) => unknown, at: number): Promise<unknown>;
}
