import type { AdvisorySnapshot, FixState, Reachability, Severity } from '../advisories/index.ts';
import type { Confidence, PackageScope } from '../ecosystems/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

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

/** Why a finding does not count although it is there. */
export interface Ignored {
  readonly reason: string;
  readonly by: string;
  /** RFC 3339; null = for good. */
  readonly until: string | null;
  /** What decided: a rule of this installation or its files (absent = that), or a VEX document. */
  readonly vex?: {
    readonly status: 'not_affected' | 'fixed' | 'under_investigation';
    /** One of the justifications of VEX, null when only a statement of impact was given. */
    readonly justification: string | null;
    /** Id of the document. */
    readonly document: string;
  };
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

/** A malicious file or package: one per (image, path, md5), for packages per (image, package URL, record). */
export interface MaliciousFinding {
  readonly kind: 'malicious';
  /** Rule of risks.md: `MW-15` is a package that a record of malicious packages names. */
  readonly id: string;
  readonly title: string;
  readonly level: 'serious' | 'suspicious' | 'remind';
  readonly path: string;
  readonly layer: string;
  /** null where no single file is meant. */
  readonly md5: string | null;
  readonly sha256: string | null;
  /** `advisories` for malicious packages. */
  readonly engine: string;
  /** What decided inside of the engine: for packages the record, `MAL-2024-1234`. */
  readonly rule: string;
  readonly matches: readonly { readonly offset: number; readonly length: number }[];
  /** purl of a malicious package; null for files. */
  readonly package: string | null;
  readonly ignored: Ignored | null;
  /** Only with a baseline: it had this finding already. */
  readonly known?: true;
}

/** Findings of other detectors join this union with the detectors themselves. */
export type Finding = VulnerabilityFinding | MaliciousFinding;

/** The vulnerabilities among the findings of a report, in its order. */
export function vulnerabilitiesIn({ findings }: Pick<ScanReport, 'findings'>): readonly VulnerabilityFinding[] {
  return findings.filter((finding) => finding.kind !== 'malicious');
}

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
  /** Sorted by kind, package, id. */
  readonly findings: readonly Finding[];
  readonly checks: {
    readonly passed: readonly string[];
    readonly notApplicable: readonly { readonly id: string; readonly why: string }[];
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
