import type { AuditLog } from '../../access/index.ts';
import type { FixDeps, FixJournal } from '../../fix/index.ts';
import type { Digest } from '../../image/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import type { Fence } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type {
  FindingService,
  FixCycle,
  FixService,
  FixTask,
  ImageService,
  Page,
  ProjectScope,
} from '../contract/index.ts';
import type { ReportIngest } from '../scans/ports.ts';

/** What a stored task asks of the engine. */
export type StoredSelection =
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'all-fixable' };

/** A fix task that is to be stored. */
export interface NewFixTask {
  /** `ivf-<uuid>` */
  readonly id: string;
  readonly projectId: number;
  readonly imageId: number;
  readonly imageUuid: string;
  readonly repositoryId: number;
  readonly digest: Digest;
  readonly newTag: string;
  readonly strategy: FixTaskWork['strategy'];
  readonly selection: StoredSelection;
  readonly requested: readonly string[];
  readonly recordIds: readonly number[];
  readonly title: string;
  readonly requestId: string;
  readonly trigger: FixTask['trigger'];
  readonly actor: string;
  /** Equal for orders that mean the same work. */
  readonly dedupeKey: string;
  readonly at: number;
}

/** A task as the job that works on it reads it. */
export interface FixTaskWork {
  readonly task: FixTask;
  readonly image: InventoryImage;
  readonly actor: string;
  readonly selection: StoredSelection;
  readonly strategy: 'all-or-nothing' | 'best-effort';
  /** True when nothing more is to be done. */
  readonly ended: boolean;
}

/** How a task ends. */
export interface FixEnding {
  readonly status: Exclude<FixTask['status'], 'running'>;
  readonly stage: string;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly newImageUuid: string | null;
  /** The fix report; null when the engine made none. */
  readonly report: unknown;
  /** Lines for people, without secrets and control characters. */
  readonly lines: readonly string[];
}

/** Where fix tasks are kept. */
export interface FixStore {
  /** Whether a tag of a repository points anywhere now. */
  tagExists(repositoryId: number, tag: string): Promise<boolean>;
  /** Running and succeeded tasks by key. */
  existing(dedupeKeys: readonly string[]): Promise<ReadonlyMap<string, FixTask>>;
  /**
   * Stores tasks and their jobs, or none; those whose key a running or succeeded task has are answered with that task.
   * A number is the position of the first task whose tag another running task is making.
   */
  add(tasks: readonly NewFixTask[]): Promise<readonly FixTask[] | number>;
  task(projects: ProjectScope, id: string): Promise<FixTask | null>;
  page(projects: ProjectScope, query: Parameters<FixService['page']>[1]): Promise<Page<FixTask>>;
  report(projects: ProjectScope, id: string): Promise<unknown>;
  log(projects: ProjectScope, id: string): Promise<readonly string[]>;
  cancel(projects: ProjectScope, id: string): Promise<boolean>;
  /** What a task was ordered with; null when unknown or foreign. */
  order(
    projects: ProjectScope,
    id: string,
  ): Promise<{
    readonly selection: StoredSelection;
    readonly recordIds: readonly number[];
    readonly strategy: FixTaskWork['strategy'];
  } | null>;
  /** What tasks under way are to remove: uuid of the image → ids of vulnerabilities. */
  fixing(): Promise<ReadonlyMap<string, ReadonlySet<string>>>;
  /** For the job. Null when the task is gone. */
  work(id: string): Promise<FixTaskWork | null>;
  /** False when the job is lost: nothing was written. */
  finish(fence: Fence, id: string, ending: FixEnding): Promise<boolean>;
  /** The journal of fixes, written under the fence; every stage reaches the task in the same transaction. */
  journal(fence: Fence, held: () => Promise<boolean>): FixJournal;
}

/** Settings of automatic fixing. The projects are those of whoever set it last. */
export interface FixCycleStore {
  read(): Promise<StoredFixCycle>;
  write(cycle: Omit<StoredFixCycle, 'nextRunAt' | 'lastRunAt'>): Promise<StoredFixCycle>;
}

export interface StoredFixCycle extends FixCycle {
  readonly projects: ProjectScope;
}

/** The fix engine with the credentials of one image's registry. */
export interface OpenedFixEngine extends AsyncDisposable {
  /** Reference of the image by digest: of its index where it has one. */
  readonly reference: string;
  readonly deps: Omit<FixDeps, 'journal' | 'progress' | 'newId' | 'faultPoint'>;
}

/** Enters what a fix made into the inventory. */
export interface FixResults {
  /**
   * Notes that the tag of the source's repository points at `root` now, with lineage to the source; repeating it changes
   * nothing. @returns the image of the source's platform
   */
  recordFixResult(
    result: {
      readonly source: InventoryImage;
      readonly tag: string;
      readonly root: { readonly digest: Digest; readonly mediaType: string };
      readonly actor: string;
      readonly at: number;
    },
    signal: AbortSignal,
  ): Promise<InventoryImage>;
}

/** Opened once by a job process and used for all its fixes. */
export interface FixWorld {
  readonly store: FixStore;
  readonly results: FixResults;
  readonly ingest: ReportIngest;
  /** What the task builds is kept apart from other tasks: each takes away what it built, also where two built the same. */
  engine(work: Pick<FixTaskWork, 'task' | 'image'>, signal: AbortSignal): Promise<OpenedFixEngine>;
  /** Queues the whole scan of a result. */
  scan(image: InventoryImage): Promise<void>;
  readonly now: () => number;
  /** Called at every named moment; tests let the process die there. */
  readonly faultPoint?: (name: string) => void | Promise<void>;
}

/** What the check of an order asks. */
export interface OrderCheckDeps {
  readonly store: Pick<FixStore, 'tagExists' | 'existing'>;
  readonly images: Pick<ImageService, 'byUuids'>;
  readonly findings: Pick<FindingService, 'records' | 'page'>;
  readonly clock: Clock;
  /** A UUID. */
  readonly newId: () => string;
}

/** What the use cases of fixes need. */
export interface FixServiceDeps extends OrderCheckDeps {
  readonly store: FixStore;
  readonly cycles: FixCycleStore;
  readonly audit: AuditLog;
  /** Tells the worker loop of this process that there is work. */
  readonly wake: () => void;
}
