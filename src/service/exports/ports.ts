import type { Readable } from 'node:stream';
import type { ByteSink, ByteSource, OutputFile, ProductionCheckpoint } from '../../exports/index.ts';
import type { ExportJob, ExportSpec, PageRequest, ProjectScope } from '../contract/index.ts';

/** An export as it is stored. */
export interface ExportRecord extends ExportJob {
  /** Projects whose rows are in it; only who may see all of them may see the export. */
  readonly projects: ProjectScope;
  /** Exports with the same key take turns. */
  readonly fairKey: string;
  /** Names of the selected columns, in order. */
  readonly columns: readonly string[];
  /** State of the estate that the rows come from; JSON. */
  readonly pins: unknown;
  /** All rows are pinned; before that nothing can be produced. */
  readonly pinned: boolean;
  /** Job of the queue that produces it; null while it waits for its turn. */
  readonly queueId: string | null;
  readonly checkpoint: ProductionCheckpoint | null;
  /** Last change; pinning and production keep it fresh. */
  readonly updatedAt: number;
}

export type NewExportRecord = Pick<
  ExportRecord,
  | 'id'
  | 'projectId'
  | 'projects'
  | 'fairKey'
  | 'spec'
  | 'columns'
  | 'pins'
  | 'rowsTotal'
  | 'rowsMatched'
  | 'fileName'
  | 'createdAt'
>;

/** Where exports are kept. Methods with a fence answer false when a newer worker has the export or it has ended. */
export interface ExportStore {
  insert(record: NewExportRecord): Promise<ExportRecord>;
  /** By id, number or id of the file. */
  get(
    name: { readonly id: string } | { readonly number: number } | { readonly fileId: string },
  ): Promise<ExportRecord | null>;
  /** Newest first, only exports whose projects are all in the scope. */
  page(
    scope: ProjectScope,
    page: PageRequest,
  ): Promise<{ readonly rows: readonly ExportRecord[]; readonly total: number; readonly next: string | null }>;
  /** Unfinished exports with a key. */
  countOpen(fairKey: string): Promise<number>;
  /** Says that pinning goes on. False when the export has ended meanwhile. */
  touch(id: string, at: number): Promise<boolean>;
  markPinned(id: string, at: number): Promise<boolean>;
  /**
   * Lets waiting exports have their turn, oldest first: `limit` of a key at a time. Their ids; each still needs a job.
   * Atomic: two nodes never let more in.
   */
  admit(fairKey: string, limit: number, at: number): Promise<readonly string[]>;
  setQueueId(id: string, queueId: string): Promise<void>;
  /** Takes an export for production; null when there is nothing (more) to do for this fence. */
  begin(id: string, fence: number, at: number): Promise<ExportRecord | null>;
  checkpoint(id: string, fence: number, state: ProductionCheckpoint, at: number): Promise<boolean>;
  succeed(
    id: string,
    fence: number,
    result: Pick<ExportRecord, 'bytes' | 'sha256' | 'fileId' | 'finishedAt' | 'expiresAt'>,
  ): Promise<boolean>;
  /** Ends an export that has not ended. */
  end(
    id: string,
    state: 'failure' | 'cancelled',
    reason: ExportRecord['reason'],
    at: number,
    fence?: number,
  ): Promise<boolean>;
  /** Admitted exports that have not ended. */
  admitted(): Promise<readonly ExportRecord[]>;
  /** Exports whose pinning stopped before a time. */
  unpinnedSince(before: number): Promise<readonly ExportRecord[]>;
  /** Keys with exports that wait for their turn. */
  waitingKeys(): Promise<readonly string[]>;
  /** Finished exports whose time has passed. */
  overdue(at: number, limit: number): Promise<readonly string[]>;
  markExpired(id: string): Promise<void>;
  /** Ended exports without a file to keep whose files may still lie about: ids that ended after a time. */
  endedSince(at: number): Promise<readonly string[]>;
}

/** Something open that must be closed. */
export interface Closable {
  close(): Promise<void>;
}

/** Files of exports, one folder each. */
export interface ExportFiles {
  /** A new, empty snapshot; replaces an older one. Durable when `close` resolves. */
  createSnapshot(id: string): Promise<ByteSink & Closable>;
  openSnapshot(id: string): Promise<ByteSource & Closable>;
  /** The file to produce; its present length tells whether a checkpoint still holds. */
  openOutput(id: string): Promise<OutputFile & Closable & { readonly size: number }>;
  /** Cuts what an earlier attempt left behind `bytes`, and reads the file once. @returns hex SHA-256 */
  seal(id: string, bytes: number, signal: AbortSignal): Promise<string>;
  writeManifest(id: string, manifest: unknown): Promise<void>;
  readManifest(id: string): Promise<unknown>;
  /** Half-open range of a finished file. */
  read(id: string, start: number, end: number): Readable;
  /** Whether the file is there with so many bytes. */
  has(id: string, bytes: number): Promise<boolean>;
  removeSnapshot(id: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** What an order is worth after validation, for those who feed rows. */
export interface PinOrder {
  readonly spec: ExportSpec;
  readonly projects: ProjectScope;
}
