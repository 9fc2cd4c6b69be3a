import type { Digest, ImageView, LayerWriter, Platform } from '../image/index.ts';
import type { Diagnostic, Progress } from '../kernel/index.ts';
import type { OsRelease } from './contract.ts';

/** Exactly one of these ends every requested (vulnerability, package, installed version, platform); fix-engine.md §2.1. */
export type Outcome =
  | 'invalid_metadata'
  | 'unsupported'
  | 'not_affected'
  | 'end_of_life'
  | 'no_fix_published'
  | 'fix_not_in_repository'
  | 'held'
  | 'conflict'
  | 'download_failed'
  | 'needs_script'
  | 'cancelled'
  | 'still_present'
  | 'fixed';

/** A vulnerability of the source image as the planner needs it. */
export interface FixFinding {
  /** Display id, usually the CVE. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** Binary package. */
  readonly package: string;
  readonly arch: string | null;
  readonly installedVersion: string;
  readonly source: { readonly name: string; readonly version: string } | null;
  /** Announced fix as a version of `on`; null when none is published. */
  readonly fixedVersion: string | null;
  /** Whether `fixedVersion` counts in versions of the source or of the binary package. */
  readonly on: 'source' | 'binary';
  readonly state: 'fixed' | 'unfixed' | 'will_not_fix' | 'unimportant' | 'end_of_life';
  readonly severity: string;
}

/** Why a package cannot take part in the plan; the planner solves again without it. */
export interface Rejection {
  readonly package: string;
  readonly outcome: Extract<Outcome, 'conflict' | 'needs_script' | 'download_failed' | 'unsupported'>;
  /** One sentence with the path, relation or script concerned. */
  readonly detail: string;
}

export interface FixInput {
  readonly view: ImageView;
  readonly os: OsRelease | undefined;
  readonly platform: Platform;
  /** The requested findings only. */
  readonly findings: readonly FixFinding[];
  /** Packages that policy pins, in addition to the image's own holds. */
  readonly pinned: ReadonlySet<string>;
  /** Packages rejected by an earlier revision of this plan. */
  readonly rejected: readonly Rejection[];
  readonly revision: number;
  /** Every time in the result comes from here, whole seconds. */
  readonly plannedAt: Date;
}

/** One package version that the new layer brings. */
export interface Upgrade {
  readonly name: string;
  readonly arch: string;
  readonly source: { readonly name: string; readonly version: string };
  /** null for a package that was not installed before. */
  readonly from: string | null;
  readonly to: string;
  /** For people: `debian-security bookworm-security/main`. */
  readonly repository: string;
  /** Path of the package relative to its archive's base; validated. */
  readonly path: string;
  /** Key of the archive in the mirrors map. */
  readonly archive: string;
  readonly sha256: string;
  /** Bytes of the package file. */
  readonly size: number;
  readonly reason: 'requested' | 'dependency' | 'same source';
}

export interface PlannedOutcome {
  readonly finding: FixFinding;
  /** `fixed` means "planned to be fixed" until the rescan has proven it. */
  readonly outcome: Outcome;
  /** Source or binary version that the plan brings for it, when planned. */
  readonly to: string | null;
  readonly detail: string | null;
}

/** Serialisable and deterministic: the same pinned inputs give the same plan. */
export interface FixPlan {
  readonly schema: 1;
  readonly ecosystem: string;
  readonly revision: number;
  /** RFC 3339, whole seconds. */
  readonly plannedAt: string;
  readonly platform: Platform;
  readonly indexes: readonly {
    readonly archive: string;
    readonly suite: string;
    /** `Date` of the signed index. */
    readonly date: string;
    readonly inRelease: Digest;
    readonly packages: readonly Digest[];
  }[];
  /** Sorted by name, then architecture. */
  readonly upgrades: readonly Upgrade[];
  readonly outcomes: readonly PlannedOutcome[];
  /** Dependencies that the source image does not meet, so that the result need not either; each as `a needs b|c`. */
  readonly unmet?: readonly string[];
  /** Bytes. */
  readonly estimate: { readonly download: number; readonly layer: number };
  readonly diagnostics: readonly Diagnostic[];
}

/** What applying would do, decided completely before anything is written. */
export interface PreparedChange {
  /** Writes all entries in the order of fix-engine.md §4; does not close the writer. */
  emit(out: LayerWriter, signal: AbortSignal): Promise<AppliedChange>;
  /** Gives back what it keeps on disk; nothing can be written afterwards. A second call does nothing. */
  discard(): Promise<void>;
}

export interface AppliedChange {
  readonly diagnostics: readonly Diagnostic[];
  /** Per upgraded package: does its own changelog name the CVE above the old version? Evidence, never a decision. */
  readonly changelogs: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Our own `dpkg --audit` and `--verify` on the merged result. */
export interface IntegrityReport {
  /** Files whose checksum was compared. */
  readonly files: number;
  readonly mismatches: readonly { readonly path: string; readonly reason: string }[];
  /** Violations that fail the task (`self_check_failed`). */
  readonly problems: readonly string[];
}

/** Verdict on whether this image's package database can be written at all; shown before anything is downloaded. */
export type Inspection =
  | { readonly supported: true; readonly layout: string; readonly diagnostics: readonly Diagnostic[] }
  | { readonly supported: false; readonly reason: string; readonly detail: string };

/** How one packaging world repairs an image. Executes nothing of the image (fix-engine.md §1). */
export interface Fixer {
  readonly ecosystem: string;
  /** Whether the body of this path is needed by `ImageView.small`; cheap, called for every entry of every layer. */
  interest(path: string): boolean;
  inspect(view: ImageView): Inspection;
  plan(input: FixInput, signal: AbortSignal, progress: Progress): Promise<FixPlan>;
  /** Puts every package of the plan into the blob store, verified. Returns those that could not be had. */
  fetch(plan: FixPlan, signal: AbortSignal, progress: Progress): Promise<readonly Rejection[]>;
  prepare(
    plan: FixPlan,
    view: ImageView,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<{ readonly change: PreparedChange } | { readonly rejected: readonly Rejection[] }>;
  /** `view` is the merged result, re-read from the written layer. */
  selfCheck(plan: FixPlan, view: ImageView, signal: AbortSignal): Promise<IntegrityReport>;
}
