import type { Outcome } from '../ecosystems/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

export type FixStage =
  | 'queued'
  | 'planned'
  | 'fetching'
  | 'building'
  | 'pushing'
  | 'verifying'
  | 'promoted'
  | 'failed'
  | 'cancelled';

export type FixStatus = 'running' | 'success' | 'partial' | 'failed' | 'cancelled';

export interface ReportOutcome {
  readonly id: string;
  /** Binary package name; null when the vulnerability concerns no package of the image. */
  readonly package: string | null;
  /** Installed version before the fix; null together with `package`. */
  readonly from: string | null;
  /** Version that the plan brings, null when none. */
  readonly to: string | null;
  readonly outcome: Outcome;
  readonly detail: string | null;
  readonly evidence: {
    readonly rescan: 'absent' | 'present' | null;
    readonly changelog: 'names the CVE' | 'silent' | null;
  };
  /** `os/architecture`; absent where the task covers one platform only. */
  readonly platform?: string;
}

/** The fix report, schema version 1 (spec report.md; JSON Schema in docs/api/fix-report.schema.json). */
export interface FixReport {
  readonly schemaVersion: 1;
  readonly task: {
    /** `ivf-<uuid>` */
    readonly id: string;
    readonly status: FixStatus;
    readonly stage: FixStage;
    readonly startedAt: string;
    readonly finishedAt: string | null;
    readonly reason: { readonly code: string; readonly message: string } | null;
  };
  readonly source: { readonly reference: string; readonly digest: string; readonly platform: string };
  /** null when nothing was built, or when the gate held the result back. */
  readonly result: {
    readonly reference: string;
    readonly digest: string;
    readonly indexDigest: string | null;
    readonly layer: {
      readonly digest: string;
      readonly size: number;
      readonly files: number;
      readonly removed: number;
    };
    readonly referrers: readonly { readonly artifactType: string; readonly digest: string }[];
    /** What was built for each platform when the task covers several; `digest` and `layer` above are the first's. */
    readonly platforms?: readonly {
      readonly platform: string;
      readonly digest: string;
      readonly layer: {
        readonly digest: string;
        readonly size: number;
        readonly files: number;
        readonly removed: number;
      };
    }[];
  } | null;
  /** Vulnerability ids after expanding the selection, sorted. */
  readonly requested: readonly string[];
  readonly outcomes: readonly ReportOutcome[];
  readonly upgrades: readonly {
    readonly name: string;
    readonly arch: string;
    readonly from: string | null;
    readonly to: string;
    readonly repository: string;
    readonly sha256: string;
    readonly reason: 'requested' | 'dependency' | 'same source';
  }[];
  readonly verification: {
    /** sha256 of the rescan report in the blob store. */
    readonly report: string;
    readonly remaining: readonly string[];
    readonly introduced: readonly string[];
    /** Findings that vanished without having been asked for. */
    readonly sideEffects: readonly string[];
    readonly integrity: { readonly files: number; readonly mismatches: number };
  } | null;
  /** Before and after, counted as in the scan report. */
  readonly counts: { readonly before: CveTotals; readonly after: CveTotals | null };
  readonly diagnostics: readonly Diagnostic[];
}

export interface CveTotals {
  readonly total: number;
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
}
