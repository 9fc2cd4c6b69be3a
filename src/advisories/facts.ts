import type { AdvisorySnapshot } from './contract.ts';
import type { StatedSeverity } from './match/stated-severity.ts';

/** One event of an OSV range. Kept in the order of the record; the evaluation sorts. */
export type RangeEvent = readonly [kind: 'introduced' | 'fixed' | 'last_affected' | 'limit', version: string];

/** Events of one OSV range of type ECOSYSTEM or SEMVER. */
export type VersionRange = readonly RangeEvent[];

/** What one advisory says about one package of one ecosystem (release): the union of its `affected[]` entries. */
export interface PackageFact {
  /** Number of the record inside its store. */
  readonly record: number;
  readonly ranges: readonly VersionRange[];
  /** Versions listed as affected. */
  readonly versions: readonly string[];
  /** `ecosystem_specific.urgency` as published (Debian), null when absent or not yet assigned. */
  readonly urgency: string | null;
  /** Given for this package rather than for the record. */
  readonly severities: readonly StatedSeverity[];
  /**
   * Units of code that are affected, as the linker names them (import paths of Go); empty = the record does not say, so
   * all of the package is.
   */
  readonly imports: readonly string[];
  /** The vendor's decision not to fix; null where there is none. */
  readonly stance: Stance | null;
}

/** What a vendor says of a fix beside versions. */
export type Stance = 'will_not_fix';

/** What is kept of one advisory, apart from its packages. */
export interface RecordFacts {
  readonly id: string;
  readonly aliases: readonly string[];
  /** CVE ids that an erratum is about; empty for other records. */
  readonly linked: readonly string[];
  readonly severities: readonly StatedSeverity[];
  /** Severity word of the publisher (`database_specific.severity`, first word of an erratum's summary), lower case. */
  readonly word: string | null;
  readonly title: string | null;
  /** Module streams that the title names, joined by blanks, where the title itself is not kept. */
  readonly streams?: string;
  /** Whether the record says that the package is malicious: no vulnerability then. */
  readonly malicious: boolean;
  /** False when no other record of the snapshot has this id or shares an alias: nothing more can be learnt of it. */
  readonly linkedElsewhere: boolean;
}

/** Exploit prediction of one CVE: probability and rank, both 0–1. */
export interface EpssScore {
  readonly score: number;
  readonly percentile: number;
}

/** Facts of one advisory snapshot, looked up by key. Matching is a pure function of packages and this. */
export interface FactStore extends Disposable {
  readonly snapshot: AdvisorySnapshot;
  covers(ecosystem: string): boolean;
  /** @param name as `Worlds.keysOf` spells it. */
  facts(ecosystem: string, name: string): readonly PackageFact[];
  record(record: number): RecordFacts;
  /** Says which records will be asked for, because single questions cost most; a store may do without. */
  expect?(records: readonly number[]): void;
  /** Records with this id or this alias, whatever their ecosystem. */
  recordsOf(id: string): readonly RecordFacts[];
  exploited(cve: string): boolean;
  /** Scores of those of the CVEs that have one; asked for all at once, because single questions cost most. */
  epss(cves: readonly string[]): ReadonlyMap<string, EpssScore>;
}
