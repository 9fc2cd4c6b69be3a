import type { Digest } from '../image/index.ts';

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
