import type { KeyObject } from 'node:crypto';
import type { SeverityLevel } from '../advisories/index.ts';
import type { Fixer, FixPlan, VersionScheme } from '../ecosystems/index.ts';
import type { FixReport, FixStage, ScanReport } from '../findings/index.ts';
import type { BlobStore, Digest, ImageHandle, ImageRepository, OpenedReference, Platform } from '../image/index.ts';
import type { Clock, Progress } from '../kernel/index.ts';

/** Which vulnerabilities to repair. Ids and aliases name them one by one; the others are selectors over the scan. */
export type FixSelection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'packages'; readonly names: readonly string[] }
  | { readonly kind: 'severities'; readonly levels: readonly SeverityLevel[] }
  | { readonly kind: 'all-fixable' };

/** Where the tag of the result comes from; a suffix is appended to the tag of the source. */
export type FixTarget = { readonly tag: string } | { readonly suffix: string };

/** `all-or-nothing` delivers only when every requested vulnerability is fixed or does not apply. */
export type FixStrategy = 'best-effort' | 'all-or-nothing';

/** Whether an existing target tag may be moved; `ours` only when it points at a result of this engine. */
export type OverwritePolicy = 'never' | 'ours' | 'always';

/** Documents that are stored beside the result as referrers (fix-engine.md §5.6). */
export type AttachedDocument = 'sbom' | 'vex' | 'provenance';

/** One order to repair one image. */
export interface FixRequest {
  /** As the user wrote it. */
  readonly reference: string;
  readonly selection: FixSelection;
  readonly target: FixTarget;
  /** Reference of another place for the result, such as `oci:DIR`; undefined = the repository of the source. */
  readonly output: string | undefined;
  /** `all` or a choice of platforms of an index; undefined = the machine's own, as when scanning. */
  readonly platforms: 'all' | readonly Platform[] | undefined;
  readonly strategy: FixStrategy;
  readonly overwrite: OverwritePolicy;
  /** A new finding of this level or above holds the result back. */
  readonly gate: SeverityLevel;
  /** Packages that must stay as they are. */
  readonly pinned: ReadonlySet<string>;
  readonly attach: readonly AttachedDocument[];
  /** Whether a document that cannot be stored fails the task (`required`) or becomes a diagnostic. */
  readonly attachPolicy: 'required' | 'best-effort';
  /** Stop after planning: nothing is fetched, written or journalled. */
  readonly planOnly: boolean;
}

/** A repository that was opened for writing the result. */
export interface OpenedTarget extends AsyncDisposable {
  readonly repository: ImageRepository;
}

/** A layer that this engine wrote earlier, proven by its own journal or by signed provenance; never by labels. */
export interface OwnResult {
  /** Digest of the patched platform manifest. */
  readonly manifest: Digest;
  /** Digest of the layer that the fix added. */
  readonly layer: Digest;
  /** Platform manifest that was repaired first. */
  readonly origin: Digest;
}

/** What is kept of one platform while a task runs. */
export interface PartRecord {
  readonly platform: string;
  readonly source: Digest;
  /** True when the top layer of the source is ours and is replaced. */
  readonly replacesTop: boolean;
  /** Blob with the plan as JSON. */
  readonly plan: Digest | null;
  readonly built: BuiltRecord | null;
  /** Blob with the first rescan report of the pushed digest; the attached documents describe that one. */
  readonly rescan: Digest | null;
}

/** A finished platform image in the blob store. */
export interface BuiltRecord {
  readonly layer: {
    readonly digest: Digest;
    readonly diffId: Digest;
    readonly size: number;
    readonly mediaType: string;
    readonly files: number;
    readonly removed: number;
  };
  readonly config: { readonly digest: Digest; readonly size: number };
  readonly manifest: { readonly digest: Digest; readonly size: number; readonly mediaType: string };
  readonly integrity: { readonly files: number; readonly mismatches: number };
  /** Upgraded packages whose own changelog names a vulnerability, with the ids; evidence only. */
  readonly changelogs: readonly (readonly [name: string, ids: readonly string[]])[];
  readonly diagnostics: FixReport['diagnostics'];
}

/** The durable state of a task: one JSON document, replaced atomically at every transition. */
export interface FixRecord {
  readonly schema: 1;
  /** Hash of what was asked: the same request on the same digests is the same task. */
  readonly key: string;
  /** `ivf-<uuid>` */
  readonly id: string;
  readonly stage: FixStage;
  /** True once nothing more happens to this task; `stage` then tells how it ended. */
  readonly terminal: boolean;
  /** Name and version of the engine that began it: `drydock 0.1.0`. */
  readonly engine: string;
  readonly startedAt: string;
  /** Every time in the result; whole seconds. */
  readonly plannedAt: string;
  readonly source: { readonly reference: string; readonly digest: Digest };
  readonly target: { readonly repository: string; readonly tag: string };
  /** What the target tag pointed at when the task began; null when it did not exist. */
  readonly tagBefore: Digest | null;
  readonly parts: readonly PartRecord[];
  /** The document that the target tag will name. */
  readonly root: { readonly digest: Digest; readonly mediaType: string } | null;
  /** Digests that the target repository has accepted. */
  readonly pushed: readonly Digest[];
  readonly referrers: readonly { readonly artifactType: string; readonly digest: Digest }[];
  /** Tags that keep manifests alive in a registry which refuses untagged ones; deleted at the end. */
  readonly temporaryTags: readonly string[];
  readonly transitions: readonly { readonly from: FixStage; readonly to: FixStage; readonly at: string }[];
  /** The final report, once terminal. */
  readonly report: FixReport | null;
}

/** The right to work on one target tag; held by at most one live task. */
export interface FixLease extends AsyncDisposable {
  /** Whether the right is still ours; a task that lost it writes nothing more. */
  held(): Promise<boolean>;
}

/** Where tasks are remembered, so that a killed one can be finished by running the same command again. */
export interface FixJournal {
  /** Waits while another live task works on the same target. */
  lease(target: { repository: string; tag: string }, signal: AbortSignal): Promise<FixLease>;
  read(key: string): Promise<FixRecord | undefined>;
  /** Atomic and durable. */
  write(record: FixRecord): Promise<void>;
  /** Records of tasks that never reached an end and whose worker is gone. */
  abandoned(): Promise<readonly FixRecord[]>;
  remove(key: string): Promise<void>;
  /** Remembers a layer of ours before it is pushed, so that a later fix can prove that it may replace it. */
  addOwnResult(result: OwnResult): Promise<void>;
  ownResult(manifest: Digest): Promise<OwnResult | undefined>;
}

/** Signing of the attached statements, and recognition of our own later. */
export interface FixSigner {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Everything that the engine uses of the world. */
export interface FixDeps {
  openReference(reference: string, signal: AbortSignal): Promise<OpenedReference>;
  openTarget(reference: string, signal: AbortSignal): Promise<OpenedTarget>;
  /**
   * Scans one image. All scans of one engine run use one advisory snapshot; the engine checks it and scans the
   * source again when it was not so.
   */
  scan(image: ImageHandle, signal: AbortSignal, progress: Progress): Promise<ScanReport>;
  readonly fixers: readonly Fixer[];
  /** Version order of a fixer's ecosystem, to hold the rule that versions only rise. */
  versions(ecosystem: string): VersionScheme | undefined;
  readonly blobs: BlobStore;
  readonly journal: FixJournal;
  readonly clock: Clock;
  readonly progress: Progress;
  /** A fresh UUID. */
  readonly newId: () => string;
  /** Version of Drydock, for labels and provenance. */
  readonly version: string;
  readonly signer: FixSigner | undefined;
  /** Called before and after every transition and durable effect; tests let the process die there. */
  readonly faultPoint?: (name: string) => void | Promise<void>;
}

/** What the plan of one platform stands on: what somebody wants to know before ordering the fix. */
export interface PlanBasis {
  readonly platform: string;
  /** The scan that the plan is made for. */
  readonly before: ScanReport;
  /** Layers that the result takes over as they are. */
  readonly layers: number;
  /** Keys of the execution parameters in the config, such as `Env`; the result has the same ones. */
  readonly parameters: readonly string[];
  /** True when the top layer is an earlier one of ours and makes way for the new one. */
  readonly replacesOwnLayer: boolean;
}

/** What a run that only plans tells beside the plans. */
export interface PlanPreview {
  readonly parts: readonly PlanBasis[];
  /** Platforms of the index that keep their manifests byte by byte. */
  readonly untouched: readonly { readonly platform: string; readonly digest: Digest }[];
  /** What the same request would be refused with because of its strategy. */
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** What a run ends with. */
export interface FixRun {
  readonly report: FixReport;
  /** One plan per platform, in the order of the report. */
  readonly plans: readonly FixPlan[];
  /** Reference that the result has, or would have. */
  readonly target: string;
  /** The error behind `report.task.reason`, for its hint and cause. */
  readonly failure: Error | undefined;
  /** Only of runs that stop after planning. */
  readonly preview?: PlanPreview;
}
