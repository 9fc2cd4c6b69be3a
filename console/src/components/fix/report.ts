import type { Schema } from '../../api/client.ts';

type Outcome = Schema<'FixOutcomeName'>;

/** What the console uses of a fix report (docs/api/fix-report.schema.json). */
export interface FixReport {
  readonly schemaVersion: 1;
  readonly source: { readonly reference: string; readonly digest: string; readonly platform: string };
  readonly result: {
    readonly reference: string;
    readonly digest: string;
    readonly indexDigest: string | null;
    readonly layer: Layer;
    readonly referrers: readonly { readonly artifactType: string; readonly digest: string }[];
    readonly platforms?: readonly { readonly platform: string; readonly digest: string; readonly layer: Layer }[];
  } | null;
  readonly requested: readonly string[];
  readonly outcomes: readonly {
    readonly id: string;
    readonly package: string | null;
    readonly from: string | null;
    readonly to: string | null;
    readonly outcome: Outcome;
    readonly detail: string | null;
    readonly evidence: {
      readonly rescan: 'absent' | 'present' | null;
      readonly changelog: 'names the CVE' | 'silent' | null;
    };
    readonly platform?: string;
  }[];
  readonly upgrades: readonly {
    readonly name: string;
    readonly arch: string;
    readonly from: string | null;
    readonly to: string;
    readonly repository: string;
    readonly sha256: string;
    readonly reason: string;
  }[];
  readonly verification: {
    readonly report: string;
    readonly remaining: readonly string[];
    readonly introduced: readonly string[];
    readonly sideEffects: readonly string[];
    readonly integrity: { readonly files: number; readonly mismatches: number };
  } | null;
  readonly counts: { readonly before: SeverityTotals; readonly after: SeverityTotals | null };
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly files: number;
  readonly removed: number;
}

/** Findings by severity. */
export interface SeverityTotals {
  readonly total: number;
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
}

/** Whether a document is a report of the version that this console reads. */
export function isFixReport(value: unknown): value is FixReport {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value && value.schemaVersion === 1;
}
