import type { AuditLog } from '../../access/index.ts';
import type { FixJournal } from '../../fix/index.ts';
import type { Digest } from '../../image/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import type { Fence } from '../../jobs/index.ts';
import type { FixOrder, Page, PlanResult, PlanService, PlanTask, ProjectScope } from '../contract/index.ts';
import type { OpenedFixEngine, OrderCheckDeps, StoredSelection } from '../fixes/ports.ts';

/** A plan that is to be made. */
export interface NewPlan {
  /** `fpl-<uuid>` */
  readonly id: string;
  readonly projectId: number;
  readonly imageId: number;
  readonly imageUuid: string;
  readonly digest: Digest;
  /** As it was given, with the tag that was found free. */
  readonly order: FixOrder & { readonly newTag: string };
  readonly selection: StoredSelection;
  readonly requested: readonly string[];
  readonly actor: string;
  /** Equal for orders that mean the same plan. */
  readonly dedupeKey: string;
  readonly at: number;
}

/** A stored plan with what tells whether it still holds. */
export interface StoredPlan {
  readonly task: Omit<PlanTask, 'stale'>;
  /** Snapshot of the advisories that it was made with; null before it is ready. */
  readonly snapshot: string | null;
}

/** A plan as the job that makes it reads it. */
export interface PlanWork {
  readonly id: string;
  readonly image: InventoryImage;
  readonly order: NewPlan['order'];
  readonly selection: StoredSelection;
  readonly strategy: FixOrder['strategy'];
  /** True when nothing more is to be done. */
  readonly ended: boolean;
}

/** How the making of a plan ends. */
export type PlanEnding =
  | { readonly state: 'ready'; readonly result: PlanResult; readonly expiresAt: number }
  | { readonly state: 'failed' | 'cancelled'; readonly reason: { readonly code: string; readonly message: string } };

/** Where plans are kept. */
export interface PlanStore {
  /** The newest plan of a key that is under way or ready and not expired at `now`. */
  existing(dedupeKey: string, now: number): Promise<StoredPlan | null>;
  /**
   * Stores a plan and its job; where one of its key is under way already, that one. Null when `limit` plans are under way.
   */
  add(plan: NewPlan, limit: number): Promise<StoredPlan | null>;
  plan(projects: ProjectScope, id: string): Promise<StoredPlan | null>;
  page(projects: ProjectScope, query: Parameters<PlanService['page']>[1], now: number): Promise<Page<StoredPlan>>;
  result(projects: ProjectScope, id: string): Promise<PlanResult | null>;
  cancel(projects: ProjectScope, id: string): Promise<boolean>;
  /** For the job. Null when the plan is gone. */
  work(id: string): Promise<PlanWork | null>;
  /** Notes how far the making is; false when the job is lost. */
  stage(fence: Fence, id: string, stage: string): Promise<boolean>;
  /** False when the job is lost: nothing was written. */
  finish(fence: Fence, id: string, ending: PlanEnding): Promise<boolean>;
  /** Whether a layer was added by an earlier fix, as the journal of fixes says. */
  ownResult: FixJournal['ownResult'];
  /** Deletes plans that ended before a time; how many. */
  prune(before: number): Promise<number>;
}

/** The fix engine, and where its packages come from. */
export interface OpenedPlanEngine extends OpenedFixEngine {
  /** First mirror of an archive, without credentials; null when none is configured. */
  mirror(archive: string): string | null;
}

/** Opened once by a job process and used for all its plans. */
export interface PlanWorld {
  readonly store: PlanStore;
  engine(work: Pick<PlanWork, 'id' | 'image'>, signal: AbortSignal): Promise<OpenedPlanEngine>;
  readonly now: () => number;
  /** Called at every named moment; tests let the process die there. */
  readonly faultPoint?: (name: string) => void | Promise<void>;
}

/** What the use cases of plans need. */
export interface PlanServiceDeps {
  readonly store: PlanStore;
  /** What orders are checked with. */
  readonly checks: OrderCheckDeps;
  /** Id of the advisories that hold now; null when there are none. */
  readonly snapshot: () => Promise<string | null>;
  readonly audit: AuditLog;
  /** Tells the worker loop of this process that there is work. */
  readonly wake: () => void;
}
