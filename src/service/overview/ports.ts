import type { VersionScheme } from '../../ecosystems/index.ts';
import type { EstateQueries } from '../../findings/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { ProjectScope, TrendDay } from '../contract/index.ts';

/** Numbers of one project on one day. */
export interface DailyCounts extends Omit<TrendDay, 'day' | 'total'> {
  readonly projectId: number;
  /** Days since 1970 UTC. */
  readonly day: number;
}

/** Where the numbers of days are kept. */
export interface TrendStore {
  /** Replaces what the same projects have for the same days. */
  put(rows: readonly DailyCounts[], at: number): Promise<void>;
  /** Both ends included. */
  days(projects: ProjectScope, from: number, to: number): Promise<readonly DailyCounts[]>;
  /** When anything was last recorded for a day, ms; null = not yet. */
  recordedAt(day: number): Promise<number | null>;
  /** Deletes days before one. */
  prune(before: number): Promise<void>;
}

/** What the overview is made of. */
export interface OverviewDeps {
  readonly queries: EstateQueries;
  readonly store: TrendStore;
  readonly clock: Clock;
  /** Order of the versions of a purl type; undefined where it is not known: no version is then advised. */
  readonly versions: (type: string) => Pick<VersionScheme, 'compare' | 'valid'> | undefined;
}
