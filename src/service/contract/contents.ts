import type { CveTotals } from '../../findings/index.ts';
import type { Call } from './call.ts';
import type { OutcomeTotals, PredictedOutcome } from './plans.ts';
import type { FixTask } from './work.ts';

/** A name with a value; secrets in it are masked. */
export interface ConfigValue {
  readonly name: string;
  readonly value: string;
  /** True when a secret was found in it. */
  readonly masked: boolean;
}

/** What an image says about how it runs and how it was built, with every secret masked. */
export interface ImageConfigView {
  /** Digest of the config. */
  readonly digest: string;
  /** As written; null when absent. */
  readonly created: string | null;
  readonly author: string | null;
  readonly architecture: string | null;
  readonly os: string | null;
  readonly variant: string | null;
  readonly user: string | null;
  readonly workingDir: string | null;
  readonly stopSignal: string | null;
  readonly entrypoint: readonly string[] | null;
  readonly cmd: readonly string[] | null;
  readonly env: readonly ConfigValue[];
  readonly labels: readonly ConfigValue[];
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: {
    readonly test: readonly string[];
    /** Nanoseconds; null when absent. */
    readonly interval: number | null;
    readonly timeout: number | null;
    readonly startPeriod: number | null;
    readonly retries: number | null;
  } | null;
  /** Oldest first. */
  readonly history: readonly {
    readonly createdAt: string | null;
    readonly createdBy: string | null;
    readonly comment: string | null;
    readonly author: string | null;
    readonly emptyLayer: boolean;
    readonly masked: boolean;
    /** The layer that it made; null for none, and where history and layers do not fit together. */
    readonly layer: {
      readonly digest: string;
      readonly size: number;
      readonly diffId: string | null;
      /** Whether it belongs to the base image; null when the base is not known. */
      readonly base: boolean | null;
    } | null;
  }[];
  /** True when lists or texts were cut. */
  readonly truncated: boolean;
}

/** What refers to an image in its registry: signatures, bills of materials, attestations. */
export interface ReferrersView {
  /** Platform manifest that was asked for. */
  readonly subject: string;
  /** By which way the registry told; null when it told nothing. */
  readonly via: 'api' | 'tag' | null;
  /** Why the registry cannot tell; null when it can. */
  readonly reason: { readonly code: string; readonly message: string } | null;
  readonly items: readonly {
    readonly digest: string;
    readonly artifactType: string | null;
    readonly mediaType: string;
    readonly size: number;
    readonly annotations: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly truncated: boolean;
}

/** An image, named. */
export interface ImageHead {
  readonly uuid: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string;
  /** Whether the tag points at it now. */
  readonly current: boolean;
}

/** A fix as part of a lineage. */
export interface LineageFix extends Pick<FixTask, 'id' | 'status' | 'stage' | 'newTag' | 'createdAt' | 'finishedAt'> {
  /** Null before it exists, and when it has left the inventory. */
  readonly newImage: ImageHead | null;
}

/** Where an image comes from, and what came of it. */
export interface Lineage {
  /** The image that a fix made this one from; null when none did. Its own `image` is null when it has left the inventory. */
  readonly origin: { readonly uuid: string; readonly image: ImageHead | null; readonly fix: LineageFix | null } | null;
  /** Fixes of this image, newest first. */
  readonly fixes: readonly LineageFix[];
  readonly base: {
    readonly method: 'label' | 'layers' | 'history';
    readonly digest: string | null;
    readonly layers: number;
    /** Where the inventory has it. */
    readonly image: ImageHead | null;
  } | null;
  /** Current images with the same packages from the same base layer; the first ones. */
  readonly sameBase: { readonly total: number; readonly items: readonly ImageHead[] };
  /** Null for images without a tag. `now`: where the tag points when that is elsewhere. */
  readonly tag: {
    readonly name: string;
    readonly moved: boolean;
    readonly now: { readonly digest: string | null; readonly image: ImageHead | null; readonly at: number } | null;
  } | null;
}

/** A vulnerability of a package, as one side of a difference has it. */
export interface DifferenceFinding {
  readonly id: string;
  readonly package: string;
  readonly version: string;
  readonly severity: string;
  readonly fixable: boolean;
}

/** What a fix changed: from its report and from the scans of both images. */
export interface FixDifference {
  readonly fixId: string;
  readonly status: FixTask['status'];
  readonly before: { readonly imageUuid: string; readonly digest: string; readonly size: number | null };
  /** Null when nothing was delivered. */
  readonly after: { readonly imageUuid: string | null; readonly digest: string; readonly size: number | null } | null;
  /** Exactly one for each requested vulnerability. */
  readonly outcomes: readonly PredictedOutcome[];
  readonly totals: OutcomeTotals;
  /** `from` null = added, `to` null = removed. */
  readonly packages: readonly { readonly name: string; readonly from: string | null; readonly to: string | null }[];
  readonly vulnerabilities: {
    readonly gone: readonly DifferenceFinding[];
    readonly remaining: readonly DifferenceFinding[];
    readonly new: readonly DifferenceFinding[];
  } | null;
  /** Operating-system findings as the task itself counted them. */
  readonly counts: { readonly before: CveTotals; readonly after: CveTotals | null };
  readonly layers: {
    readonly kept: number;
    readonly added: readonly { readonly digest: string; readonly size: number }[];
    readonly removed: readonly { readonly digest: string; readonly size: number }[];
  } | null;
  /** Keys of the config that differ; null when one of the configs is not known. */
  readonly config: { readonly changed: readonly string[] } | null;
}

/** What images are made of, where they come from, and what fixes changed. */
export interface ContentService {
  /**
   * From the store, else from the registry, and then kept. Null for foreign and missing images.
   * @throws ServiceError `unavailable` when the registry does not give it
   */
  config(call: Call, uuid: string): Promise<ImageConfigView | null>;
  /** From the registry, now; a registry that cannot tell is an answer with its reason. Null for foreign images. */
  referrers(call: Call, uuid: string): Promise<ReferrersView | null>;
  lineage(call: Call, uuid: string): Promise<Lineage | null>;
  /** Null for foreign fixes, and before planning has ended. */
  difference(call: Call, fixId: string): Promise<FixDifference | null>;
}
