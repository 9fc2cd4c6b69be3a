import type { SeverityLevel } from '../../advisories/index.ts';
import type { Finding } from '../report.ts';

/** One side of a comparison. */
export interface ComparedImage {
  readonly reference: string;
  readonly digest: string;
  readonly platform: string;
  /** When it was scanned, RFC 3339. */
  readonly finishedAt: string;
  readonly state: 'complete' | 'partial' | 'unsupported';
  readonly snapshot: string;
}

/** A package that differs. Versions are sorted by code units; several where an image holds several. */
export interface ChangedPackage {
  readonly type: string;
  readonly name: string;
  /** Empty when the package was added. */
  readonly before: readonly string[];
  /** Empty when it was removed. */
  readonly after: readonly string[];
}

/**
 * A vulnerability of a package name, a malicious package or file, a failed check or a secret, whatever the version. Where several versions are
 * concerned, the most severe decides.
 */
export interface ComparedFinding {
  readonly kind: Finding['kind'];
  readonly id: string;
  readonly aliases: readonly string[];
  readonly package: { readonly type: string; readonly name: string };
  /** Affected versions on either side; empty where it has none. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly severity: SeverityLevel;
  /** A fix is published. */
  readonly fixable: boolean;
  readonly kev: boolean;
  readonly title: string | null;
}

/**
 * Why a finding is on one side only. `same_package`: the package did not change, so what is known about it did. `other`:
 * no installed package of either side explains it.
 */
export type ChangeReason = 'package_added' | 'package_removed' | 'package_changed' | 'same_package' | 'other';

/** Numbers by severity; negligible counts as low. */
export interface LevelTotals {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
  readonly total: number;
}

/** What differs between two scans, schema version 1 (docs/api/diff.schema.json). */
export interface ReportComparison {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'drydock'; readonly version: string };
  readonly before: ComparedImage;
  readonly after: ComparedImage;
  readonly packages: {
    readonly added: readonly ChangedPackage[];
    readonly removed: readonly ChangedPackage[];
    readonly changed: readonly ChangedPackage[];
    /** Names with the same versions on both sides. */
    readonly unchanged: number;
  };
  readonly counts: {
    readonly introduced: LevelTotals;
    readonly fixed: LevelTotals;
    readonly unchanged: LevelTotals;
    /** Counted before, still there, and no longer counted: ignored since, or rated without effect. */
    readonly dismissed: LevelTotals;
  };
  /** Most severe first. */
  readonly findings: {
    readonly introduced: readonly (ComparedFinding & { readonly why: ChangeReason })[];
    readonly fixed: readonly (ComparedFinding & { readonly why: ChangeReason })[];
    readonly unchanged: readonly ComparedFinding[];
  };
}
