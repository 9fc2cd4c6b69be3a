import type { Filter, RiskTally, SeverityCounts } from '../../findings/index.ts';
import type { InventoryImage, RegistryRecord, RepositoryRecord } from '../../inventory/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

/** Counters of one image, in the units of the scan report; handled findings are not in them. */
export interface ImageCounts {
  readonly cve: SeverityCounts;
  readonly sca: SeverityCounts;
  readonly baseline: number;
  readonly instruction: number;
  readonly malicious: number;
  readonly sensitive: number;
  /** The four by level. */
  readonly risks: RiskTally;
  /** Findings known to be exploited. */
  readonly kev: number;
  /** Distinct vulnerabilities. */
  readonly vulnerabilities: number;
  /** Findings that a decision took out of the numbers above: cve, sca. */
  readonly handledCve: number;
  readonly handledSca: number;
  /** True while an advisory update is being counted: shown as "recounting", never as final. */
  readonly recounting: boolean;
}

/** An image with its numbers: a row of every image list. */
export interface ImageView extends InventoryImage {
  readonly counts: ImageCounts;
  readonly os: { readonly id: string; readonly versionId: string | null; readonly name: string | null } | null;
  /** Progress of a running scan, 0–100; null otherwise. */
  readonly scanProgress: number | null;
}

/** The four counters of `DescribeImageSecurityScanCount`, summed over a selection. */
export interface SecurityCounts {
  readonly cve: number;
  readonly sca: number;
  readonly baseline: number;
  readonly malicious: number;
}

/** A repository with sums over its current images. */
export interface RepositoryView extends RepositoryRecord {
  readonly registry: RegistryRecord;
  readonly images: number;
  readonly imagesAtRisk: number;
  readonly vulnerabilities: number;
  readonly baseline: number;
  readonly alarms: number;
}

export type ImageSort = 'worst' | 'repository' | 'updated' | 'scanned' | 'size' | 'id';

/** What the world may know of images. Filters accept the image, registry and repository fields. */
export interface ImageService {
  page(
    call: Call,
    query: {
      readonly filter?: Filter;
      readonly sort?: ImageSort;
      readonly descending?: boolean;
      readonly page: PageRequest;
    },
  ): Promise<Page<ImageView>>;
  /** In the order of the uuids, each once; unknown and foreign ones are left out. */
  byUuids(call: Call, uuids: readonly string[]): Promise<readonly ImageView[]>;
  /** Up to `limit` images of a digest. */
  byDigest(call: Call, digest: string, limit: number): Promise<readonly ImageView[]>;
  repositories(
    call: Call,
    query: { readonly filter?: Filter; readonly page: PageRequest },
  ): Promise<Page<RepositoryView>>;
  /** Sum over the images that the filter selects. `handled`: true = only handled findings, false = only open ones, null = both. */
  securityCounts(call: Call, filter: Filter | undefined, handled: boolean | null): Promise<SecurityCounts>;
  /** Distribution of images: by scan state, by worst severity (`none` = scanned and clean). */
  statistics(
    call: Call,
    filter?: Filter,
  ): Promise<{
    readonly images: number;
    readonly scanned: number;
    readonly byState: Readonly<Record<string, number>>;
    readonly bySeverity: Readonly<Record<'critical' | 'high' | 'medium' | 'low' | 'unknown' | 'none', number>>;
    readonly atRisk: number;
    readonly withVulnerabilities: number;
  }>;
  /** The scan report (docs/api/report.schema.json) as the last scan made it, with current matches. Null before. */
  report(call: Call, uuid: string): Promise<unknown>;
  /** When the tag pointed where; newest first. */
  tagHistory(
    call: Call,
    uuid: string,
  ): Promise<
    readonly {
      readonly tag: string;
      readonly digest: string | null;
      readonly at: number;
      readonly source: string;
      readonly actor: string | null;
    }[]
  >;
}
