import type { SeverityCounts } from '../../findings/index.ts';

/** An image as rows describe it. Times are ms since 1970 UTC; null is unknown. */
export interface ExportImage {
  readonly uuid: string;
  readonly project: string;
  readonly registry: string;
  readonly registryInstanceId: string;
  readonly repository: string;
  readonly tag: string | null;
  readonly digest: string;
  readonly indexDigest: string | null;
  readonly configDigest: string | null;
  readonly platform: string | null;
  readonly os: string | null;
  readonly osVersion: string | null;
  readonly size: number | null;
  readonly createdAt: number | null;
  /** Since when the tag points here. */
  readonly since: number;
  readonly current: boolean;
  readonly scanState: string;
  readonly scanReason: string | null;
  readonly scannedAt: number | null;
  /** Only where the rows are images. */
  readonly counts: ExportImageCounts | null;
}

/** Open findings of an image in the units of the scan report. */
export interface ExportImageCounts {
  readonly cve: SeverityCounts;
  readonly sca: SeverityCounts;
  readonly kev: number;
  readonly vulnerabilities: number;
  readonly baseline: number;
  readonly malicious: number;
  readonly sensitive: number;
}

/** What was found, apart from where: shared by all images with the same package version, so it is rendered once. */
export interface ExportSubject {
  readonly id: string;
  readonly key: string;
  readonly aliases: readonly string[];
  readonly kind: 'cve' | 'sca';
  readonly title: string;
  readonly description: string | null;
  readonly severity: string;
  readonly priority: string;
  readonly cvss: number | null;
  readonly vector: string | null;
  readonly epss: number | null;
  readonly kev: boolean;
  readonly fixable: boolean;
  readonly published: number | null;
  /** One at the grain `finding`, all of the image at `record`, none at `vulnerability`. */
  readonly packages: readonly ExportPackage[];
  /** Only at the grain `vulnerability`: numbers over the estate. */
  readonly estate: {
    readonly images: number;
    readonly openFindings: number;
    readonly handledFindings: number;
    readonly firstSeen: number;
    readonly lastSeen: number;
  } | null;
}

export interface ExportPackage {
  readonly purl: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly sourceName: string | null;
  readonly sourceVersion: string | null;
  readonly fixedVersion: string | null;
  readonly state: string;
}

/** Where a finding stands in an image and what was decided about it; few different ones per image. */
export interface ExportPlace {
  readonly paths: readonly string[];
  readonly layers: readonly string[];
  readonly handled: { readonly kind: string; readonly reason: string; readonly by: string } | null;
}

/**
 * One row. Equal objects (`===`) stand for equal facts: a source hands out the same object for the same image and the
 * same subject as long as it can, since each is stored and rendered once.
 */
export interface ExportRow {
  readonly image: ExportImage | null;
  readonly subject: ExportSubject | null;
  readonly place: ExportPlace | null;
  readonly firstSeen: number | null;
}

/** On which facts a column depends; neighbours with the same scope are rendered and cached together. */
export type ColumnScope = 'image' | 'subject' | 'place' | 'row';

/** Value of a cell; texts of lists are joined by `;` where a format has no lists. */
export type CellValue = string | number | boolean | readonly string[] | null;

/** One column of the catalogue. Names never change their meaning; `text` cells are guarded, others are typed. */
export interface ExportColumn {
  readonly name: string;
  readonly scope: ColumnScope;
  /** `time`: ms in, ISO 8601 UTC out. */
  readonly type: 'text' | 'number' | 'flag' | 'time' | 'list';
  value(row: ExportRow): CellValue;
}

/** How one format writes a cell and puts cells together; bytes of a row depend on nothing else. */
export interface CellFormat {
  readonly rowStart: string;
  readonly separator: string;
  readonly rowEnd: string;
  cell(column: Pick<ExportColumn, 'name' | 'type'>, value: CellValue): string;
}
