import type { Filter } from '../../findings/index.ts';
import type { ScanState } from '../../inventory/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

/** A scan of one or more images, as it was ordered. */
export interface ScanTask {
  /** 32 hex digits. */
  readonly id: string;
  /** Ordinal, for facades that show a number. */
  readonly number: number;
  readonly name: string;
  /** `console_batch`, `openapi`, `schedule`, `hook`, `fix`. */
  readonly source: string;
  readonly kind: 'image_scan' | 'registry_sync';
  readonly state: 'queued' | 'running' | 'finished' | 'cancelled';
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly updatedAt: number;
}

/** One image of a scan task. */
export interface ScanTaskItem {
  readonly taskId: string;
  readonly imageUuid: string;
  readonly digest: string;
  readonly state: ScanState;
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly progress: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

export interface ScanOrder {
  readonly filter?: Filter;
  readonly uuids?: readonly string[];
  readonly source: string;
  readonly name?: string;
  /** Scans again what is already matched with the present analysers and advisories. */
  readonly force?: boolean;
}

/** Scans as tasks. Storing the order is all that the caller waits for. */
export interface ScanService {
  /** How many images the order would scan. */
  preview(call: Call, order: ScanOrder): Promise<number>;
  /** Null when the limit of tasks at a time (10) is reached. */
  start(call: Call, order: ScanOrder): Promise<ScanTask | null>;
  get(call: Call, id: string): Promise<ScanTask | null>;
  page(
    call: Call,
    query: {
      readonly kind?: ScanTask['kind'];
      readonly states?: readonly ScanTask['state'][];
      readonly source?: string;
      readonly from?: number;
      readonly to?: number;
      readonly id?: string;
      readonly name?: string;
      readonly page: PageRequest;
    },
  ): Promise<Page<ScanTask>>;
  items(
    call: Call,
    query: {
      readonly taskId?: string;
      /** Source of the task. */
      readonly source?: string;
      /** `sha256:…` of the image. */
      readonly digest?: string;
      readonly states?: readonly ScanState[];
      readonly from?: number;
      readonly to?: number;
      readonly page: PageRequest;
    },
  ): Promise<Page<ScanTaskItem>>;
  /** The newest task that holds an image of this digest. */
  latestOf(call: Call, digest: string): Promise<ScanTask | null>;
  /** Stops a task and what of it has not finished; finished results stay. False when unknown. */
  cancel(call: Call, id: string): Promise<boolean>;
}

/** One image of an order to fix. `imageUuid` decides; the facade has checked that everything else agrees. */
export interface FixOrder {
  readonly imageUuid: string;
  /** Ids of records (image × vulnerability), or ids of vulnerabilities, or all that is fixable. */
  readonly select:
    | { readonly records: readonly number[] }
    | { readonly vulnerabilities: readonly string[] }
    | 'all-fixable';
  /** Absent: `<tag>_fix_<ms>`, an older `_fix_<digits>` replaced. */
  readonly newTag?: string;
  readonly strategy: 'all-or-nothing' | 'best-effort';
}

/** A fix of one image. */
export interface FixTask {
  /** `ivf-<uuid>` */
  readonly id: string;
  readonly projectId: number;
  readonly imageUuid: string;
  readonly newTag: string;
  /** uuid of the fixed image, once it exists. */
  readonly newImageUuid: string | null;
  /** Stage of the fix report (report.md); `queued` before. */
  readonly stage: string;
  readonly status: 'running' | 'success' | 'partial' | 'failed' | 'cancelled';
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** Requested vulnerabilities. */
  readonly requested: readonly string[];
  readonly recordIds: readonly number[];
  /** Title of the most urgent requested vulnerability. */
  readonly title: string;
  readonly requestId: string;
  readonly trigger: 'api' | 'alibaba' | 'schedule' | 'console';
  readonly createdAt: number;
  readonly startedAt: number;
  readonly finishedAt: number | null;
}

/** Fixes as tasks. */
export interface FixService {
  /**
   * Orders fixes: validates all, then stores all or none. Repeating a running or succeeded order (same digest, new tag,
   * ids) answers with the task that exists.
   * @throws ServiceError `invalid_order` naming the first field that is wrong; nothing was stored
   */
  order(call: Call, orders: readonly FixOrder[], trigger: FixTask['trigger']): Promise<readonly FixTask[]>;
  get(call: Call, id: string): Promise<FixTask | null>;
  /** Newest first; times bound the start, inclusive. */
  page(
    call: Call,
    query: {
      readonly from?: number;
      readonly to?: number;
      readonly statuses?: readonly FixTask['status'][];
      readonly requestId?: string;
      readonly imageUuid?: string;
      readonly page: PageRequest;
    },
  ): Promise<Page<FixTask>>;
  /** The fix report (docs/api/fix-report.schema.json); null before planning has ended. */
  report(call: Call, id: string): Promise<unknown>;
  /** Lines for a person: stages, outcomes, the reason of a failure. Credentials and control characters removed. */
  log(call: Call, id: string): Promise<readonly string[]>;
  cancel(call: Call, id: string): Promise<boolean>;
  retry(call: Call, id: string): Promise<FixTask>;
  cycle(call: Call): Promise<FixCycle>;
  setCycle(call: Call, change: Partial<Omit<FixCycle, 'nextRunAt' | 'lastRunAt'>>): Promise<FixCycle>;
}

/** Automatic fixing (`ModifyImageFixCycleConfig`). */
export interface FixCycle {
  readonly enabled: boolean;
  /** Days between runs. */
  readonly everyDays: number;
  /** `namespace/repository` paths. */
  readonly repositories: readonly string[];
  /** Only images whose tag changed in the last n days; 0 = all. */
  readonly imageDays: number;
  readonly nextRunAt: number | null;
  readonly lastRunAt: number | null;
}
