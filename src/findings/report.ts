import type { AdvisorySnapshot, FixState, Reachability, Severity } from '../advisories/index.ts';
import type { DetectorId } from '../detectors/index.ts';
import type { Confidence, PackageScope } from '../ecosystems/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { Ignored } from './ignored.ts';
import type { BaselineFinding, MaliciousFinding, SensitiveFinding } from './risk-findings.ts';

/** Counts by severity; `fixable` counts findings in state `fixed`. `unimportant` findings are listed, not counted. */
export interface SeverityCounts {
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
  readonly total: number;
  readonly fixable: number;
}

export interface LevelCounts {
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly total: number;
}

/** A vulnerability of the image: one per (vulnerability, package name, installed version). */
export interface VulnerabilityFinding {
  /** `cve` = operating-system package, `sca` = application package. */
  readonly kind: 'cve' | 'sca';
  readonly id: string;
  readonly aliases: readonly string[];
  /** purl */
  readonly package: string;
  readonly installedVersion: string;
  readonly fixedVersion: string | null;
  readonly state: FixState;
  readonly severity: Severity;
  readonly kev: boolean;
  readonly epss: { readonly score: number; readonly percentile: number } | null;
  readonly priority: 'asap' | 'later' | 'nntf';
  readonly priorityReason: string;
  readonly title: string | null;
  readonly layer: string;
  readonly path: string;
  readonly ignored: Ignored | null;
  /** Only with a baseline: it had this finding already. */
  readonly known?: true;
  readonly match: {
    readonly advisory: string;
    readonly ecosystem: string;
    readonly range: string;
    readonly on: 'source' | 'binary';
  };
  /** Whether the affected code can run; absent where nothing is known. */
  readonly reachability?: Reachability;
}

/** Everything that a scan may find. */
export type Finding = VulnerabilityFinding | BaselineFinding | MaliciousFinding | SensitiveFinding;

/** Whether a finding is a vulnerability, and not a risk of another kind. */
export function isVulnerability(finding: Finding): finding is VulnerabilityFinding {
  return finding.kind === 'cve' || finding.kind === 'sca';
}

/** The vulnerabilities among the findings of a report, in its order. */
export function vulnerabilitiesIn({ findings }: Pick<ScanReport, 'findings'>): readonly VulnerabilityFinding[] {
  return findings.filter(isVulnerability);
}

/** What was looked for: vulnerabilities, and the detectors that were asked. */
export type ScannerName = 'vuln' | DetectorId;

/** All of them, in the order in which they are told. */
export const scannerNames = ['vuln', 'baseline', 'malware', 'secret'] as const satisfies readonly ScannerName[];

export interface ReportPackage {
  readonly purl: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly source: { readonly name: string; readonly version: string } | null;
  readonly locations: readonly { readonly path: string; readonly layer: string }[];
  readonly ownedBy: string | null;
  readonly scope: PackageScope;
  readonly confidence: Confidence;
  /** Name or version are an estimate: such a package is listed and not matched. */
  readonly guessed: boolean;
}

export interface ReportLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly createdBy: string | null;
  /** null when the base image is not known. */
  readonly base: boolean | null;
}

/**
 * The scan report, schema version 1 (spec report.md; JSON Schema in docs/api/report.schema.json). Everything that a
 * scan knows; each output format is a projection of it.
 */
export interface ScanReport {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'drydock'; readonly version: string };
  readonly scan: {
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly layersRead: number;
    readonly layersCached: number;
    /** Compressed bytes read from the source. */
    readonly bytesRead: number;
    /** `partial` when something could not be looked at: see `diagnostics`. */
    readonly state: 'complete' | 'partial' | 'unsupported';
    /** What was looked for; what is not named here was not looked for, so that its count says nothing. */
    readonly scanners: readonly ScannerName[];
  };
  readonly image: {
    readonly reference: string;
    readonly digest: string;
    readonly indexDigest: string | null;
    readonly configDigest: string;
    readonly platform: string;
    readonly created: string | null;
    readonly size: number;
    readonly os: {
      readonly id: string;
      readonly versionId: string | null;
      readonly prettyName: string | null;
      /** Date (YYYY-MM-DD) from which the release gets no more fixes, when that is past; null otherwise or unknown. */
      readonly endOfLife: string | null;
    } | null;
    /**
     * The lower layers that come from another image, and how that is known: a label that was verified, equal layers of a
     * known image, or the history. Null when nothing tells.
     */
    readonly base: {
      readonly method: 'label' | 'layers' | 'history';
      readonly layers: number;
      /** Manifest of the base; null when only its extent is known. */
      readonly digest: string | null;
    } | null;
    readonly layers: readonly ReportLayer[];
  };
  readonly advisories: {
    readonly snapshot: string;
    readonly createdAt: string;
    readonly origin: AdvisorySnapshot['origin'];
    readonly sources: AdvisorySnapshot['sources'];
  };
  readonly counts: {
    readonly cve: SeverityCounts;
    readonly sca: SeverityCounts;
    readonly baseline: LevelCounts;
    /** Failed checks of build instructions, outside of the base image. */
    readonly instruction: LevelCounts;
    readonly malicious: {
      readonly serious: number;
      readonly suspicious: number;
      readonly remind: number;
      readonly total: number;
    };
    readonly sensitive: LevelCounts;
  };
  /** Sorted by purl. */
  readonly packages: readonly ReportPackage[];
  /** Sorted by kind, then vulnerabilities by package and id, others by id and path. */
  readonly findings: readonly Finding[];
  readonly checks: {
    readonly passed: readonly string[];
    readonly notApplicable: readonly { readonly id: string; readonly why: string }[];
    /** Could not be decided, which is not the same as passed. */
    readonly unknown: readonly { readonly id: string; readonly code: string; readonly why: string }[];
    /** Switched off by the policy. */
    readonly disabled: readonly string[];
  };
  readonly diagnostics: readonly Diagnostic[];
  /** The earlier report whose findings are marked `known`; absent when none was given. */
  readonly baseline?: {
    readonly reference: string;
    readonly digest: string;
    readonly finishedAt: string;
    /** Counted findings that the baseline had, and that it had not. */
    readonly known: number;
    readonly new: number;
  };
}
