import type { Filter, ScanReport } from '../../findings/index.ts';
import type { Digest, ImageHandle } from '../../image/index.ts';
import type { InventoryImage, ScanState } from '../../inventory/index.ts';
import type { Fence, JobClass } from '../../jobs/index.ts';
import type { Progress } from '../../kernel/index.ts';
import type { ConfigStore } from '../contents/ports.ts';
import type { Call, Page, ProjectScope } from '../contract/index.ts';
import type { ScanService, ScanTask, ScanTaskItem } from '../contract/work.ts';

/** An image that is to be scanned. */
export interface ScanTarget {
  /** id of the inventory image. */
  readonly imageId: number;
  readonly uuid: string;
  readonly manifestId: number;
  readonly digest: Digest;
  readonly projectId: number;
  /** Not before; null = at once. */
  readonly runAt: number | null;
}

/** Selects images by what an order says; every image once, only those that the caller may touch. */
export interface ScanTargets {
  select(
    call: Call,
    order: { readonly filter?: Filter; readonly uuids?: readonly string[] },
  ): Promise<readonly ScanTarget[]>;
}

/** A scan task that is to be stored. */
export interface NewScanTask {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  /** Name of the actor; sees the task even when it is empty. */
  readonly owner: string;
  readonly class: JobClass;
  readonly at: number;
}

/** A synchronisation shown as a task. */
export interface NewSyncTask {
  readonly id: string;
  readonly name: string;
  readonly source: string;
  readonly owner: string;
  readonly registryId: number;
  readonly projectId: number;
  readonly at: number;
}

/** Results that a scan can end with; `failed` and `cancelled` come with the end of the job. */
export type ScanEnd = Exclude<ScanState, 'never' | 'queued' | 'pulling' | 'analysing'>;

/** Where scan tasks and scan states are kept. */
export interface ScanStore {
  /** Those that have a result of this generation of analysers. */
  upToDate(manifestIds: readonly number[], generation: number): Promise<ReadonlySet<number>>;
  /** Stores a task with its items and queues their scans; null when `limit` ordered tasks are open. */
  start(task: NewScanTask, targets: readonly ScanTarget[], limit: number | null): Promise<ScanTask | null>;
  /** Queues the scans of the next open items of a task; the ordinal to go on behind, null at the end. */
  dispatch(taskId: string, afterOrdinal: number, limit: number): Promise<number | null>;
  /** Stores a synchronisation and queues its job; the open one of the registry when there is one. */
  startSync(task: NewSyncTask, payload: unknown, dedupeKey: string): Promise<ScanTask>;
  task(projects: ProjectScope, owner: string, id: string): Promise<ScanTask | null>;
  page(projects: ProjectScope, owner: string, query: Parameters<ScanService['page']>[1]): Promise<Page<ScanTask>>;
  items(projects: ProjectScope, query: Parameters<ScanService['items']>[1]): Promise<Page<ScanTaskItem>>;
  latestOf(projects: ProjectScope, owner: string, digest: Digest): Promise<ScanTask | null>;
  /** Ends what of a task the caller may touch and has not finished. False when unknown. */
  cancel(projects: ProjectScope, owner: string, id: string): Promise<boolean>;
  /** Moves a content and its open items to a state of work or to a result. False when the job is lost: nothing changed. */
  setState(
    fence: Fence,
    manifestId: number,
    state: ScanState,
    reason: { readonly code: string; readonly message: string } | null,
  ): Promise<boolean>;
  /** State of a content as stored. */
  stateOf(manifestId: number): Promise<ScanState | null>;
  /** Images of a content to open it by, current ones first. */
  imagesOf(manifestId: number, limit: number): Promise<readonly InventoryImage[]>;
}

/** An image of the inventory, opened from its registry with the credentials of the registry's record. */
export interface OpenedInventoryImage extends AsyncDisposable {
  readonly image: ImageHandle;
}

/** Opens images of the inventory by digest. */
export interface InventoryImages {
  /** @throws RegistryError, SourceError, ImageError, InventoryError */
  open(image: InventoryImage, signal: AbortSignal): Promise<OpenedInventoryImage>;
}

/** Scans with the installation's analysers, cache and advisories. */
export interface ImageScanner {
  /** Rises when an analyser finds more than before; contents of older generations are worth another scan. */
  readonly generation: number;
  scan(image: ImageHandle, signal: AbortSignal, progress: Progress): Promise<ScanReport>;
}

/** Takes the facts of a report into the store, in one transaction with the scan state of the image. */
export interface ReportIngest {
  /** Facts are stored once however often they come; `fence` lets the store refuse a worker that lost its job. */
  ingest(report: ScanReport, options: { readonly generation: number; readonly fence?: Fence }): Promise<void>;
}

/** Opened once by a job process and used for all its scans. */
export interface ScanWorld {
  readonly store: ScanStore;
  readonly images: InventoryImages;
  readonly scanner: ImageScanner;
  readonly ingest: ReportIngest;
  /** Where the configs of scanned images are kept; absent: nowhere. */
  readonly configs?: Pick<ConfigStore, 'keepConfig'>;
  /** Called at every named moment; tests let the process die there. */
  readonly faultPoint?: (name: string) => void | Promise<void>;
}
