import type { ScanState } from '../../inventory/index.ts';
import type { Call } from './call.ts';

/** Numbers of one day, summed over the projects of the caller; open findings only. */
export interface TrendDay {
  /** `2026-11-30`, UTC. */
  readonly day: string;
  readonly critical: number;
  readonly high: number;
  readonly medium: number;
  readonly low: number;
  readonly unknown: number;
  readonly total: number;
  readonly fixable: number;
  /** Findings known to be exploited. */
  readonly kev: number;
  /** Images that a tag points at. */
  readonly images: number;
  /** Of them those with a finished scan. */
  readonly scanned: number;
  /** Of them those with an open finding of any kind. */
  readonly imagesAtRisk: number;
  readonly baseline: number;
  readonly instruction: number;
  readonly malicious: number;
  readonly sensitive: number;
}

/** What to do first: images that have the same need. */
export interface WorklistGroup {
  readonly key: string;
  /** Filter of image lists that selects exactly these images. */
  readonly filter: string;
  readonly images: number;
  /** Open findings with a published fix: those that the filter names, else all of these images. */
  readonly fixable: number;
  /** The worst ones. */
  readonly top: readonly {
    readonly uuid: string;
    readonly registry: string;
    readonly repository: string;
    readonly tag: string | null;
    readonly digest: string;
  }[];
}

/** Groups in the order of urgency, and how far scans came. */
export interface Worklist {
  readonly groups: readonly WorklistGroup[];
  readonly scanHealth: {
    readonly images: number;
    readonly states: readonly { readonly state: ScanState; readonly images: number; readonly filter: string }[];
    /** Why scans did not see everything, the most frequent first. */
    readonly reasons: readonly {
      readonly state: ScanState;
      readonly code: string;
      /** Of one of the images. */
      readonly message: string;
      readonly images: number;
    }[];
  };
}

/** What upgrading one package version would end. */
export interface PackageAdvice {
  readonly purl: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  /** Current images of the caller that hold it. */
  readonly images: number;
  /** Open findings with a published fix, over these images. */
  readonly findings: number;
  /** Fixed versions that advisories announce, the lowest first; each removes what the ones before it do, too. */
  readonly upgrades: readonly { readonly to: string; readonly removes: number }[];
}

/** What a first page shows of all images of the caller. */
export interface OverviewService {
  worklist(call: Call): Promise<Worklist>;
  /** Versions of a package with open findings that have a fix, those with most findings first; up to 100. */
  advice(call: Call, of: { readonly name: string; readonly version?: string }): Promise<readonly PackageAdvice[]>;
  /**
   * Up to so many days until today, oldest first. Days that nothing was recorded on are absent; today is as it is now.
   * @param days 1 to 400
   */
  trend(call: Call, days: number): Promise<readonly TrendDay[]>;
}
