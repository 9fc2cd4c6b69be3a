import type { InstalledPackage, OsRelease } from '../ecosystems/index.ts';

export type SeverityLevel = 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown';

/** Severity with its provenance (scanning.md §5.6). */
export interface Severity {
  readonly level: SeverityLevel;
  /** Who said so: `debian`, `nvd`, `ghsa` …; null when nobody did. */
  readonly source: string | null;
  readonly score: number | null;
  /** CVSS vector as published. */
  readonly vector: string | null;
}

/** Never collapsed (scanning.md §5.4). */
export type FixState = 'fixed' | 'unfixed' | 'will_not_fix' | 'unimportant' | 'end_of_life';

/** One vulnerability of one installed package. */
export interface VulnerabilityMatch {
  /** CVE where there is one, else GHSA, else GO/RUSTSEC/PYSEC/OSV id. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: InstalledPackage;
  /** Fix on the installed version's branch, as a version of `match.on`; null when none is known. */
  readonly fixedVersion: string | null;
  readonly state: FixState;
  readonly severity: Severity;
  readonly kev: boolean;
  /** null when unknown, never 0 for missing. */
  readonly epss: { readonly score: number; readonly percentile: number } | null;
  readonly priority: 'asap' | 'later' | 'nntf';
  /** The rule that decided the priority, for example `P1: epss 0.42, fix 3.0.15-1`. */
  readonly priorityReason: string;
  /** First line of the advisory's summary or details, plain text, bounded; null when the source has none. */
  readonly title: string | null;
  readonly match: {
    readonly advisory: string;
    readonly ecosystem: string;
    /** For people: `< 3.0.13-1~deb12u1`, `>= 1.0, < 1.2`. */
    readonly range: string;
    readonly on: 'source' | 'binary';
  };
  /** Whether the affected code can run; absent where nothing is known. Not part of stored facts. */
  readonly reachability?: Reachability;
}

/**
 * What the installed build says of the affected code (scanning.md §5.9): `not-linked` = the linker left all of it out. It
 * lowers the priority and hides nothing.
 */
export interface Reachability {
  readonly state: 'no';
  readonly reason: 'not-linked';
}

/**
 * A package that is malicious, as a record `MAL-…` or one of GHSA marked as embedded malice says (scanning.md §5.1): a
 * malicious file, not a vulnerability.
 */
export interface MaliciousMatch {
  /** `MAL-2024-1234` where there is one. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: InstalledPackage;
  readonly title: string | null;
}

/** What is known about the advisory data behind a result; shown on every report. */
export interface AdvisorySnapshot {
  /** Content of the index and the version of matching (`matching-version.ts`): equal ids mean equal matches. */
  readonly id: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** `bundled` facts have no network origin and may be old; their age is shown. */
  readonly origin: 'bundled' | 'updated' | 'imported';
  readonly sources: readonly {
    readonly id: string;
    readonly records: number;
    /** Newest record. */
    readonly modified: string | null;
    /** Time by which nine tenths of the records were last modified; null or absent where that is not known. */
    readonly bulk?: string | null;
  }[];
}

/** A read-only view of one snapshot. */
export interface AdvisoryIndex extends Disposable {
  readonly snapshot: AdvisorySnapshot;
  /** Whether any record exists for an OSV ecosystem string such as `Debian:12`. */
  covers(ecosystem: string): boolean;
  match(packages: readonly InstalledPackage[], os: OsRelease | undefined): MatchResult;
  /** What the lists of exploited and probably exploited vulnerabilities say of CVEs; the others have no entry. */
  predictions(cves: readonly string[]): ReadonlyMap<string, Prediction>;
}

/** Exploitation of one CVE: seen (KEV) and predicted (EPSS, null when unknown). */
export interface Prediction {
  readonly kev: boolean;
  readonly epss: VulnerabilityMatch['epss'];
}

export interface MatchResult {
  /** Sorted by package, then id. */
  readonly matches: readonly VulnerabilityMatch[];
  /** Packages whose version does not parse, whose name is a guess or whose distribution has no source: not judged. */
  readonly unmatched: readonly {
    readonly package: InstalledPackage;
    readonly reason: 'invalid_version' | 'no_advisory_source' | 'guessed_identity';
  }[];
  /** Packages that are themselves malicious, by records that say so; sorted by package, then id. */
  readonly malicious: readonly MaliciousMatch[];
}
