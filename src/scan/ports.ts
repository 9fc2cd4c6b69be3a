import type { Digest, FileEntry } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

/** What one analysis is about: facts of one visitor, in one version, for one layer whose digest was verified. */
export interface AnalysisKey {
  readonly layer: Digest;
  readonly visitor: string;
  readonly version: number;
}

/**
 * Keeps what visitors found in layers, so that no layer is read twice for the same question (scanning.md §1.6).
 * Entries never change. It may forget at any time, and must treat what it cannot read as forgotten.
 */
export interface LayerAnalysisCache {
  /** The value as it was put, by way of JSON; undefined when it is not there. */
  get(key: AnalysisKey): Promise<unknown>;
  /** Keeps a JSON value. A failure to keep is no failure of the scan: implementations swallow it. */
  put(key: AnalysisKey, value: unknown): Promise<void>;
}

/** What visitors in another thread found in one layer. */
export interface ThreadFacts {
  /** By analysis id. */
  readonly facts: ReadonlyMap<string, unknown>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The visitors of one walk in another thread. Files come under numbers and may overlap. */
export interface ThreadWalk {
  start(file: number, entry: FileEntry): void;
  /** The bytes are copied. */
  chunk(file: number, bytes: Uint8Array): void;
  end(file: number): void;
  /** What to wait for while the other thread is behind; undefined when it is not. */
  room(): Promise<void> | undefined;
  /** @throws when the thread has died: its facts are missing then */
  finish(): Promise<ThreadFacts>;
  /** Gives up; nothing is found. */
  cancel(): void;
}

/** Runs visitors in another thread, so that two cores share the work of one layer. */
export interface VisitorThread {
  /** Whether it can make the visitor of an analysis. */
  knows(analysis: string): boolean;
  walk(analyses: readonly string[]): ThreadWalk;
}
