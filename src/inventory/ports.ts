import type { Digest } from '../image/index.ts';
import type { SeenRepository } from './connectors/contract.ts';
import type {
  InventoryImage,
  RegistryAbilities,
  RegistryKind,
  RegistryRecord,
  RepositoryRecord,
  ScanState,
} from './contract.ts';
import type { ObservedRoot, SyncRun, TagBatch, TagChanges, TagObservation, TagSource } from './sync/contract.ts';

/** Encrypts small secrets with a key that is not in the database. */
export interface Sealer {
  seal(bytes: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
}

/** Columns of a registry that its owner sets. `password` and `hookSecret` are sealed; undefined = leave as it is. */
export interface RegistryFields {
  readonly name: string;
  readonly kind: RegistryKind;
  readonly baseUrl: string;
  readonly connectAddress: string | null;
  readonly region: string;
  readonly projectId: number;
  readonly username: string | null;
  readonly password: Uint8Array | null;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly references: readonly string[];
  readonly schedule: string | null;
  readonly scansPerHour: number | null;
  readonly vendor: Readonly<Record<string, string | number>>;
  readonly insecure: boolean;
  readonly ca: string | null;
  readonly scanNew: boolean;
}

/** What only Drydock itself needs to know of a registry. Nothing of it may be shown or logged. */
export interface RegistrySecrets {
  /** Sealed; null = anonymous. */
  readonly password: Uint8Array | null;
  /** Sealed; null = hooks are refused. */
  readonly hookSecret: Uint8Array | null;
  readonly scanNew: boolean;
}

/** Where a listing of rows begins: rows to skip, or the id behind which it goes on. */
export type RowWindow =
  | { readonly offset: number; readonly limit: number }
  | { readonly afterId: number; readonly limit: number };

export interface RegistryQuery {
  /** Projects that the caller may see. */
  readonly projects: 'all' | readonly number[];
  readonly nameContains?: string;
  /** `vendor.registryType`, else the kind. */
  readonly types?: readonly string[];
  readonly notTypes?: readonly string[];
  readonly window: RowWindow;
}

/** Registries as rows; a removed one is invisible at once, and its contents are purged in batches. */
export interface RegistryStore {
  /** Null when the name is taken. */
  insertRegistry(fields: RegistryFields, at: number): Promise<RegistryRecord | null>;
  /** Null when unknown; `name_taken` when another registry has the name. */
  updateRegistry(
    id: number,
    fields: Partial<RegistryFields>,
    at: number,
  ): Promise<RegistryRecord | null | 'name_taken'>;
  /** False when unknown. */
  markRemoved(id: number, at: number): Promise<boolean>;
  /** Deletes up to `batch` images of removed registries; `done` when nothing of any is left. Ids of deleted manifests. */
  purgeRemoved(batch: number, at: number): Promise<{ readonly done: boolean; readonly manifests: readonly number[] }>;
  registry(id: number): Promise<RegistryRecord | null>;
  registryByInstance(instanceId: string): Promise<RegistryRecord | null>;
  registries(
    query: RegistryQuery,
  ): Promise<{ readonly rows: readonly (RegistryRecord & { readonly images: number })[]; readonly total: number }>;
  secrets(id: number): Promise<RegistrySecrets | null>;
  setHookSecret(id: number, sealed: Uint8Array, at: number): Promise<boolean>;
  setState(
    id: number,
    state: {
      readonly state: RegistryRecord['state'];
      readonly reason: string | null;
      readonly abilities?: RegistryAbilities;
    },
    at: number,
  ): Promise<void>;
  /** Reserves `n` scans under the hourly limit; the time of the first one, each next one `stepMs` later. */
  reserveScans(id: number, n: number, now: number): Promise<{ readonly firstAt: number; readonly stepMs: number }>;
}

/** Repositories, tags over time, images. */
export interface TagStore {
  /** Creates what is missing and marks all as seen in the run; in the order given, each with its state before. */
  seeRepositories(
    registryId: number,
    repositories: readonly SeenRepository[],
    run: number,
    at: number,
  ): Promise<readonly (RepositoryRecord & { readonly seenBefore: boolean })[]>;
  repository(id: number): Promise<RepositoryRecord | null>;
  repositoryByPath(registryId: number, path: string): Promise<RepositoryRecord | null>;
  /** Repositories not seen in the run that still have current tags, by ascending id behind `afterId`. */
  unseenRepositories(
    registryId: number,
    run: number,
    afterId: number,
    limit: number,
  ): Promise<readonly RepositoryRecord[]>;
  /** Tag → root digest and kind as stored now. */
  currentTags(
    repositoryId: number,
  ): Promise<ReadonlyMap<string, { readonly digest: Digest; readonly kind: ObservedRoot['kind'] }>>;
  /**
   * Which of these this registry is known to have, with all that is needed to open images of them without asking it.
   * What only other registries have shown does not count: a registry could claim it to read what is known of it.
   */
  knownRoots(registryId: number, digests: readonly Digest[]): Promise<ReadonlyMap<Digest, ObservedRoot>>;
  /** Which of these are stored, but not as something that this registry has shown. */
  knownElsewhere(registryId: number, digests: readonly Digest[]): Promise<ReadonlySet<Digest>>;
  /**
   * One transaction; observations that change nothing, or are older than what is stored, do nothing.
   */
  applyTags(
    repositoryId: number,
    observations: readonly TagObservation[],
    origin: TagBatch['origin'],
  ): Promise<TagChanges>;
  /** `applyTags` for several repositories in one transaction; in the order of the batches. */
  applyAll(batches: readonly TagBatch[]): Promise<readonly TagChanges[]>;
  /** Notes which images others were made from. */
  recordLineage(lineage: readonly { readonly imageId: number; readonly fixedFromId: number }[]): Promise<void>;
  /** Current images of repositories whose content was never scanned nor queued, by ascending id behind `afterId`. */
  unscannedImages(
    repositoryIds: readonly number[],
    afterId: number,
    limit: number,
  ): Promise<readonly { readonly id: number; readonly uuid: string }[]>;
  /** Newest first. */
  tagHistory(
    repositoryId: number,
    tag: string,
    limit: number,
  ): Promise<readonly { tag: string; digest: string | null; at: number; source: TagSource; actor: string | null }[]>;
}

/** Synchronisation runs, hooks and what they asked for. */
export interface SyncStore {
  /** The run of this job as it stands, or a new one. */
  beginRun(jobId: string, registryId: number, at: number): Promise<SyncRun>;
  /** False when another worker with a higher fence has the run. */
  saveRun(run: SyncRun, fence: number, at: number): Promise<boolean>;
  /** Ends the run and stamps the registry, in one transaction. False when it has ended already or the fence is old. */
  endRun(run: SyncRun, fence: number, at: number): Promise<boolean>;
  lastRun(registryId: number): Promise<SyncRun | null>;
  /** Remembers repositories that a hook named. */
  requestRepositories(
    registryId: number,
    repositories: readonly { readonly path: string; readonly actor: string | null }[],
    at: number,
  ): Promise<void>;
  requestedRepositories(
    registryId: number,
    limit: number,
  ): Promise<readonly { readonly path: string; readonly actor: string | null; readonly version: number }[]>;
  /** Forgets requests unless they were renewed meanwhile. */
  doneRepositories(
    registryId: number,
    done: readonly { readonly path: string; readonly version: number }[],
  ): Promise<void>;
  /** Remembers events and requests the repositories of those that were not seen before, together; number of these. */
  acceptEvents(
    registryId: number,
    events: readonly { readonly key: string; readonly path: string; readonly actor: string | null }[],
    at: number,
  ): Promise<number>;
  /** Drops remembered events, ended runs older than `before`. */
  forgetWork(before: number): Promise<void>;
}

/** An image row without its registry and repository objects: what an index of the estate keeps. */
export interface ImageRow {
  readonly id: number;
  /** Rises with every change of the row. */
  readonly seq: number;
  readonly uuid: string;
  readonly registryId: number;
  readonly repositoryId: number;
  readonly projectId: number;
  readonly tag: string | null;
  readonly tagImmutable: boolean;
  readonly manifestId: number;
  readonly digest: Digest;
  readonly indexDigest: Digest | null;
  readonly configDigest: Digest | null;
  readonly os: string | null;
  readonly arch: string | null;
  readonly variant: string | null;
  readonly size: number | null;
  readonly createdAt: number | null;
  readonly since: number;
  readonly until: number | null;
  readonly scanState: ScanState;
  readonly scanCode: string | null;
  readonly scanMessage: string | null;
  readonly scannedAt: number | null;
  /** Distribution that the last scan found. */
  readonly osId: string | null;
  readonly osVersion: string | null;
  readonly osName: string | null;
  /** id of the image that it was made from. */
  readonly fixedFromId: number | null;
}

/** Selects images; all given conditions hold together. */
export interface ImageSelector {
  readonly uuid?: string;
  readonly digest?: Digest;
  readonly registryId?: number;
  readonly repositoryId?: number;
  readonly repositoryExtId?: string;
  readonly path?: string;
  readonly tag?: string;
  /** Only images that a tag points to now; default false. */
  readonly current?: boolean;
}

/** Reading images. */
export interface ImageStore {
  /** In the order of the uuids, each once; unknown ones are left out. */
  imagesByUuid(uuids: readonly string[]): Promise<readonly InventoryImage[]>;
  /** In the order of the ids. */
  imagesById(ids: readonly number[]): Promise<readonly InventoryImage[]>;
  /** Current ones first, then newest. */
  findImages(selector: ImageSelector, limit: number): Promise<readonly InventoryImage[]>;
  /** All rows with `seq` above, ascending, in batches; every row comes in its last form. */
  readImages(sinceSeq: number, batch?: number): AsyncIterable<readonly ImageRow[]>;
  /** Ids of rows that were deleted, ascending by `seq`. */
  readGone(sinceSeq: number, limit: number): Promise<readonly { readonly seq: number; readonly imageId: number }[]>;
  /** Highest `seq` given out. */
  lastSeq(): Promise<number>;
  readRepositories(afterId: number, limit: number): Promise<readonly RepositoryRecord[]>;
  allRegistries(): Promise<readonly RegistryRecord[]>;
  /** Sets the scan state of contents and moves their images to the end of `seq`. */
  setScanState(
    manifestIds: readonly number[],
    state: {
      readonly state: ScanState;
      readonly code?: string | null;
      readonly message?: string | null;
      readonly scannedAt?: number;
    },
  ): Promise<void>;
  /** Deletes up to `limit` images whose tag left them before `before`; manifests that nothing refers to any more. */
  deleteVanished(
    before: number,
    limit: number,
    at: number,
  ): Promise<{ readonly images: number; readonly manifests: readonly number[] }>;
}

/** All of the inventory's store. */
export interface InventoryStore extends RegistryStore, TagStore, SyncStore, ImageStore {}

/** Where images go that were never scanned. */
export interface NewImages {
  /** `runAt` honours the registry's hourly limit. Called again for the same images after a crash. */
  queue(registry: RegistryRecord, images: readonly { readonly uuid: string; readonly runAt: number }[]): Promise<void>;
}
