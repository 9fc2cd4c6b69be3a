import type { Digest } from '../../image/index.ts';

/** What stands behind a tag, as the registry told. `image`s of an index are its platform manifests. */
export interface ObservedRoot {
  readonly digest: Digest;
  /** `artifact`: stored, but no image (signatures, charts); `announced`: named by a caller, not yet looked at. */
  readonly kind: 'image' | 'index' | 'artifact' | 'announced';
  readonly mediaType: string;
  /** Bytes of the manifest itself. */
  readonly size: number;
  readonly images: readonly ObservedImage[];
}

/** One platform manifest. */
export interface ObservedImage {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly manifestSize: number;
  readonly configDigest: Digest | null;
  readonly os: string | null;
  readonly arch: string | null;
  readonly variant: string | null;
  /** ms */
  readonly createdAt: number | null;
  /** Sum of the compressed layers. */
  readonly size: number | null;
  /** Set when the manifest cannot be scanned: `unsupported` or `failed` with its reason. */
  readonly refused: {
    readonly state: 'unsupported' | 'failed';
    readonly code: string;
    readonly message: string;
  } | null;
}

/** A tag as it was seen at a time; `root` null = the tag is gone. */
export interface TagObservation {
  readonly tag: string;
  readonly root: ObservedRoot | null;
  readonly immutable?: boolean;
  /** Before the question was asked (ms): an older look never overrides a newer one. */
  readonly observedAt: number;
}

export type TagSource = 'push' | 'poll' | 'fix' | 'promote' | 'delete';

/** What a write of tags changed. */
export interface TagChanges {
  /** uuids of images that are in the inventory now and were not current before. */
  readonly opened: readonly string[];
  /** Those of `opened` whose content was never scanned. */
  readonly unscanned: readonly string[];
  readonly closed: number;
}

/** Progress of one synchronisation; its key is the id of the job. */
export interface SyncRun {
  readonly jobId: string;
  readonly registryId: number;
  readonly state: 'listing' | 'reconciling' | 'done';
  /** Position of the listing (the connector's own) or of the reconciliation. */
  readonly cursor: string | null;
  /** Number by which repositories are marked as seen. */
  readonly run: number;
  readonly repositories: number;
  readonly images: number;
  /** Repositories that could not be read. */
  readonly failed: number;
  /** First failure as one sentence. */
  readonly reason: string | null;
  readonly startedAt: number;
}

/** Observations of tags of one repository and who made them. */
export interface TagBatch {
  readonly repositoryId: number;
  readonly observations: readonly TagObservation[];
  readonly origin: { readonly source: TagSource; readonly actor: string | null };
}
