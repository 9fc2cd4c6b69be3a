import type { ReportOutcome } from '../../findings/index.ts';
import type { Call, Page, PageRequest } from './call.ts';
import type { FixOrder } from './work.ts';

export type PlanState = 'queued' | 'running' | 'ready' | 'failed' | 'cancelled' | 'expired';

/** A preview of a fix: made by the planning of the fix itself, stored, and good for an hour. */
export interface PlanTask {
  /** `fpl-<uuid>` */
  readonly id: string;
  readonly projectId: number;
  readonly imageUuid: string;
  /** Platform manifest that the plan is for. */
  readonly digest: string;
  readonly state: PlanState;
  /** Typed code and sentence of `failed` and `cancelled`; null otherwise. */
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** `queued`, `opening`, `scanning`, `inspecting`, `planning`, `ended`. */
  readonly stage: string;
  /** What the running stage counts; null where it counts nothing. */
  readonly progress: { readonly done: number; readonly total: number | null } | null;
  /** Ordering exactly this gives the previewed fix: the tag is named in it. */
  readonly order: FixOrder;
  /** Distinct vulnerabilities when it was ordered. */
  readonly requested: number;
  /** What has changed since: other advisories hold, the tag has moved. Empty while the plan holds. */
  readonly stale: readonly ('advisories' | 'tag')[];
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  /** When a ready plan ends; null before it is ready. */
  readonly expiresAt: number | null;
}

/** What a requested vulnerability will come to, with each package that it concerns. */
export interface PredictedOutcome {
  readonly id: string;
  /** Worst severity among the findings; null where the image has none of it. */
  readonly severity: string | null;
  /** The worst of its packages; `fixed` = will be fixed. */
  readonly outcome: ReportOutcome['outcome'];
  readonly detail: string | null;
  readonly packages: readonly {
    /** Binary package; null where no package of the image is concerned. */
    readonly package: string | null;
    readonly from: string | null;
    readonly to: string | null;
    readonly outcome: ReportOutcome['outcome'];
    readonly detail: string | null;
  }[];
}

/** Requested vulnerabilities by what they come to; `requested` is the sum of the others. */
export interface OutcomeTotals {
  readonly requested: number;
  readonly fixed: number;
  readonly notAffected: number;
  readonly open: number;
}

/** Binary packages of one source package that come together. */
export interface PlannedUpgrade {
  readonly source: string;
  /** Installed version of the first package; null when all of them are new. */
  readonly from: string | null;
  /** Version of the source package. */
  readonly to: string;
  /** For people: `debian-security bookworm-security/main`. */
  readonly repository: string;
  /** Where the packages come from; null when it is not known. */
  readonly mirror: string | null;
  readonly packages: readonly {
    readonly name: string;
    readonly arch: string;
    readonly from: string | null;
    readonly to: string;
    readonly size: number;
    readonly reason: 'requested' | 'dependency' | 'same source';
  }[];
  /** Requested vulnerabilities that it removes. */
  readonly fixes: readonly string[];
  readonly bytes: number;
}

/** Everything that planning found out. */
export interface PlanResult {
  /** Whether the order would build an image; if not, why. */
  readonly verdict: { readonly builds: boolean; readonly code: string | null; readonly message: string | null };
  readonly advisories: { readonly snapshot: string; readonly createdAt: string };
  readonly source: { readonly reference: string; readonly digest: string; readonly platform: string };
  readonly target: { readonly reference: string; readonly tag: string };
  readonly totals: OutcomeTotals;
  /** Those that remove most first. */
  readonly upgrades: readonly PlannedUpgrade[];
  /** Exactly one for each requested vulnerability, by id. */
  readonly outcomes: readonly PredictedOutcome[];
  readonly download: { readonly packages: number; readonly bytes: number };
  /** Estimated size of the compressed new layer, and what the estimate is made from. */
  readonly layer: { readonly bytes: number; readonly basis: 'package_files' };
  readonly mirrors: readonly {
    readonly archive: string;
    readonly url: string | null;
    /** Signed indexes that were read, with their dates. */
    readonly suites: readonly { readonly suite: string; readonly date: string }[];
  }[];
  readonly unchanged: {
    /** Keys of the execution parameters that the result takes over. */
    readonly config: readonly string[];
    /** Layers that it takes over. */
    readonly layers: number;
    /** True when an earlier layer of ours makes way for the new one. */
    readonly replacesOwnLayer: boolean;
    /** Platforms whose manifests stay byte by byte. */
    readonly otherPlatforms: readonly { readonly platform: string; readonly digest: string }[];
    /** Tag of the source, which stays where it is. */
    readonly sourceTag: string | null;
  };
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Previews of fixes. Nothing is fetched, written or tagged. */
export interface PlanService {
  /**
   * Checks the order as that of a fix, and queues its planning. A repeated order is answered with its plan while that is
   * under way or still holds.
   * @throws ServiceError `invalid_order`; `too_many_tasks` while as many plans are under way as may be
   */
  order(call: Call, order: FixOrder): Promise<PlanTask>;
  get(call: Call, id: string): Promise<PlanTask | null>;
  /** Null until it is ready, and for foreign ids. */
  result(call: Call, id: string): Promise<PlanResult | null>;
  /** Newest first. */
  page(
    call: Call,
    query: { readonly imageUuid?: string; readonly states?: readonly PlanState[]; readonly page: PageRequest },
  ): Promise<Page<PlanTask>>;
  /** False when unknown or foreign. */
  cancel(call: Call, id: string): Promise<boolean>;
}
