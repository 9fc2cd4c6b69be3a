import type { Readable } from 'node:stream';
import type { Filter, Grain, Sort } from '../../findings/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

export type ExportFormatId = 'csv' | 'jsonl' | 'xlsx' | 'huawei-zip';

/** What to export. Everything that decides the bytes is here or pinned at the time of the order. */
export interface ExportSpec {
  /** `findings` at a grain, or `images`. */
  readonly subject: 'findings' | 'images';
  readonly grain: Grain;
  readonly format: ExportFormatId;
  readonly filter?: Filter;
  readonly sort?: Sort;
  /** Names of the column catalogue, in order; absent = the default of the format. */
  readonly columns?: readonly string[];
  /** At most so many rows; the number left out is recorded. Absent = all. */
  readonly limit?: number;
  /** Byte-order mark at the start of CSV. */
  readonly bom?: boolean;
  /** No formula guard, for machines. */
  readonly raw?: boolean;
  readonly language?: 'en' | 'zh';
  /** File name without folder; absent: derived. */
  readonly fileName?: string;
  /** Recorded in the manifest. */
  readonly request?: unknown;
}

export interface ExportJob {
  /** UUID. */
  readonly id: string;
  /** Ordinal, for facades that name exports by number. */
  readonly number: number;
  readonly projectId: number | null;
  readonly spec: ExportSpec;
  readonly state: 'queued' | 'running' | 'success' | 'failure' | 'cancelled' | 'expired';
  readonly reason: { readonly code: string; readonly message: string } | null;
  /** Rows that the file will have: counted when ordered. */
  readonly rowsTotal: number;
  /** Rows that matched before `limit`. */
  readonly rowsMatched: number;
  readonly rowsDone: number;
  /** UUID of the file; null until `success`. */
  readonly fileId: string | null;
  readonly fileName: string;
  readonly bytes: number | null;
  /** Hex. */
  readonly sha256: string | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
  readonly expiresAt: number | null;
}

/** A file ready to be sent. */
export interface ExportFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly contentType: string;
  /** Half-open range of bytes. */
  open(start: number, end: number): Readable;
}

/** Exports as jobs (product.md §6). */
export interface ExportService {
  /** Counts, pins, stores. @throws ServiceError `too_many_rows`, `too_many_exports`, `invalid_field` before anything starts */
  order(call: Call, spec: ExportSpec): Promise<ExportJob>;
  get(call: Call, idOrNumber: string | number): Promise<ExportJob | null>;
  page(call: Call, query: { readonly page: PageRequest }): Promise<Page<ExportJob>>;
  /** By file id or job id. @throws ServiceError `expired` after retention; null when unknown or not ready */
  file(call: Call, fileOrJobId: string): Promise<ExportFile | null>;
  cancel(call: Call, id: string): Promise<boolean>;
}
