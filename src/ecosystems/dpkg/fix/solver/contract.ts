import type { Outcome } from '../../../fix-contract.ts';
import type { Candidate, PackageFacts, PackageUniverse } from '../universe.ts';

/** A package of the image. */
export interface InstalledUnit extends PackageFacts {
  /** The administrator's hold. */
  readonly held: boolean;
}

/** Why a package cannot move; the outcome of the findings that need it. */
export interface Obstacle {
  readonly outcome: Extract<Outcome, 'held' | 'conflict' | 'download_failed' | 'needs_script' | 'unsupported'>;
  /** One sentence. */
  readonly detail: string;
}

export interface SolverInput {
  readonly installed: readonly InstalledUnit[];
  readonly universe: PackageUniverse;
  /** Names to move to their best version. */
  readonly roots: readonly string[];
  /** Packages that must stay as they are, with the reason: policy pins, holes of the mirror, refused scripts. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
  /** How many packages the plan may add; 0 where the layout does not allow any. */
  readonly maxNew: number;
}

export interface SolvedUpgrade {
  readonly candidate: Candidate;
  /** Installed version, null for an added package. */
  readonly from: string | null;
  readonly reason: 'requested' | 'dependency' | 'same source';
}

export interface Solution {
  /** Sorted by name. */
  readonly upgrades: readonly SolvedUpgrade[];
  /** Roots that do not move, by name. A root without newer version is in neither list. */
  readonly failed: ReadonlyMap<string, Obstacle>;
  /**
   * Dependencies that the image never met and that are not met afterwards either: `a needs b|c`, without versions.
   * Images that were put together from single packages live so.
   */
  readonly unmet: readonly string[];
}
