import type { Writable } from 'node:stream';
import type { SeverityLevel } from '../advisories/index.ts';
import type { ScanReport } from '../findings/index.ts';

/** What a user may ask of a rendering; everything has a default. */
export interface ExportOptions {
  /** Columns of the terminal, for `table`; default 100. */
  readonly width?: number | undefined;
  /** Whether `table` may use colour; default no. */
  readonly color?: boolean | undefined;
  /** Lists only findings of these levels. Counts and packages always describe the whole image. */
  readonly severity?: readonly SeverityLevel[] | undefined;
  /** Lists only findings that have a published fix. */
  readonly onlyFixable?: boolean | undefined;
  /** The moment against which the age of the advisories is told; default: the end of the scan, so output repeats. */
  readonly now?: Date | undefined;
  /** Another report is in this output already: no heading again. Only formats that are `append`ed look at it. */
  readonly continued?: boolean | undefined;
  /** Only what is in the image, without a word on vulnerabilities; `cyclonedx` and `spdx` look at it. */
  readonly packagesOnly?: boolean | undefined;
}

/** One way to write a scan report. The same report and options give the same bytes. */
export interface ExportFormat {
  /** As after `-o`. */
  readonly id: 'table' | 'json' | 'cyclonedx' | 'spdx' | 'sarif' | 'openvex' | 'html' | 'csv' | 'junit' | 'github';
  readonly contentType: string;
  /** File name extension with its leading dot. */
  readonly extension: string;
  /** How several reports share an output: one JSON document per line, one after the other, or not at all. */
  readonly several: 'lines' | 'append' | 'never';
  /** Writes the whole document, ends with a line feed and leaves `out` open; waits when `out` is full. */
  write(report: ScanReport, out: Writable, options: ExportOptions): Promise<void>;
}
