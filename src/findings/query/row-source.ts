import type { FixState, SeverityLevel } from '../../advisories/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import type { RiskTally } from '../risks/tally.ts';
import type { Filter, Grain, Sort } from './contract.ts';

/**
 * What an export pins when it is ordered, so that a resumed export continues the same rows. Small and JSON-safe.
 * Matches are read at `generation`; images with an id above `lastImageId` do not exist; tags and decisions are as at `at`.
 */
export interface RowPins {
  readonly generation: number;
  readonly lastImageId: number;
  /** ms */
  readonly at: number;
}

/** What decides the rows of a source. */
export interface RowOrder {
  readonly grain: Exclude<Grain, 'vulnerability'>;
  readonly filter: Filter | undefined;
  /** Absent: images in the order of their ids, worst findings first inside; the only order without a sort over the estate. */
  readonly sort: Sort | undefined;
  readonly projects: 'all' | readonly number[];
  /** At most so many rows. */
  readonly limit: number | undefined;
}

/** Static facts of one finding: the same for every image that has the package. Cheap to cache by its number. */
export interface FindingFacts {
  readonly vulnerability: string;
  readonly key: string;
  readonly aliases: readonly string[];
  readonly title: string | null;
  readonly kind: 'cve' | 'sca';
  readonly severity: SeverityLevel;
  readonly priority: 'asap' | 'later' | 'nntf';
  readonly state: FixState;
  readonly cvss: number | null;
  readonly vector: string | null;
  readonly epss: number | null;
  readonly kev: boolean;
  readonly purl: string;
  readonly packageType: string;
  readonly packageName: string;
  readonly packageVersion: string;
  readonly arch: string | null;
  readonly sourceName: string | null;
  readonly sourceVersion: string | null;
  readonly fixedVersion: string | null;
  readonly range: string | null;
}

/** Where a package of a finding is recorded in an image. */
export interface EvidenceFacts {
  readonly path: string;
  readonly layer: string;
}

/** The decision behind a handled finding. */
export interface RuleFacts {
  readonly id: number;
  readonly kind: string;
  readonly reason: string;
  readonly by: string;
  readonly until: number | null;
}

/** The image of a row. */
export interface RowImage extends InventoryImage {
  readonly os: { readonly id: string; readonly versionId: string | null; readonly name: string | null } | null;
  readonly latest: boolean;
}

/**
 * A run of rows as parallel arrays; valid until the next block is asked for. Row `r` has the findings
 * `start[r] … start[r + 1] - 1`: exactly one at the grain `finding`, all of the record, the worst first, at `record`.
 */
export interface RowBlock {
  /** Rows in this block. */
  readonly count: number;
  /** Per row: number for `image()`. Without a sort all rows of an image follow each other. */
  readonly image: Int32Array;
  /** Per row, and one more. */
  readonly start: Int32Array;
  /** Per finding: number for `finding()`. */
  readonly finding: Int32Array;
  /** Per finding: number for `evidence()`. */
  readonly evidence: Int32Array;
  /** Per finding: number for `rule()`; -1 = not handled. */
  readonly rule: Int32Array;
  /** Per finding: ms. */
  readonly firstSeen: Float64Array;
  /** Opaque: reading from here continues behind the last row of this block. */
  readonly position: string;
}

/** Rows of findings under pins; one consistent state from beginning to end. */
export interface FindingRowSource {
  readonly pins: RowPins;
  /** Exact number of rows before `limit`, and after it. */
  count(signal: AbortSignal): Promise<{ readonly matched: number; readonly rows: number }>;
  /** `from` = null or the position of a block. Blocks hold at most a few thousand rows; the event loop gets its turn between them. */
  blocks(from: string | null, signal: AbortSignal): AsyncIterable<RowBlock>;
  finding(number: number): FindingFacts;
  evidence(number: number): EvidenceFacts;
  rule(number: number): RuleFacts;
  image(number: number): RowImage;
}

/** A row of an export of images: the image with its counters. */
export interface ImageRow extends RowImage {
  readonly counts: {
    readonly cve: Readonly<Record<SeverityCount, number>>;
    readonly sca: Readonly<Record<SeverityCount, number>>;
    readonly kev: number;
    readonly vulnerabilities: number;
    readonly handledCve: number;
    readonly handledSca: number;
    /** Open findings that are no vulnerabilities. */
    readonly risks: RiskTally;
  };
}

export type SeverityCount = 'critical' | 'high' | 'medium' | 'low' | 'unknown' | 'total' | 'fixable';

/** Rows of images under pins, in the order of their ids. */
export interface ImageRowSource {
  readonly pins: RowPins;
  count(signal: AbortSignal): Promise<{ readonly matched: number; readonly rows: number }>;
  blocks(
    from: string | null,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly rows: readonly ImageRow[]; readonly position: string }>;
}

/** A row at the grain `vulnerability`: one release's view of one vulnerability over the selected images. */
export interface VulnerabilityRow {
  readonly facts: FindingFacts;
  readonly images: number;
  readonly asap: number;
  readonly later: number;
  readonly nntf: number;
  readonly openFindings: number;
  readonly handledFindings: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Rows of vulnerabilities, the worst first. */
export interface VulnerabilityRowSource {
  readonly pins: RowPins;
  count(signal: AbortSignal): Promise<{ readonly matched: number; readonly rows: number }>;
  blocks(
    from: string | null,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly rows: readonly VulnerabilityRow[]; readonly position: string }>;
}

/**
 * Opens rows for an export. `pins` null = as everything is now; the pins in force are in the source, to be stored with
 * the job and given again when it resumes.
 * @throws QueryError for a filter or sort that cannot be answered
 */
export interface RowSources {
  findings(order: RowOrder, pins: RowPins | null): Promise<FindingRowSource>;
  images(order: Omit<RowOrder, 'grain' | 'sort'>, pins: RowPins | null): Promise<ImageRowSource>;
  vulnerabilities(order: Omit<RowOrder, 'grain'>, pins: RowPins | null): Promise<VulnerabilityRowSource>;
}
