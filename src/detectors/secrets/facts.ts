import type { RiskLevel } from '../contract.ts';

/** What one rule found in one file of one layer: everything but the value. */
export interface SecretFact {
  /** Key of the rule. */
  readonly rule: string;
  readonly path: string;
  readonly level: RiskLevel;
  /** Bytes from the start of the file, and of the value. */
  readonly offset: number;
  readonly length: number;
  /** From one on; null in compiled files and behind a part that was not read. */
  readonly line: number | null;
  /** Masked. */
  readonly excerpt: string;
  /** Keyed hash of the value. */
  readonly secretId: string;
  /** Different values of this rule in the file; the first of the highest level is shown. */
  readonly total: number;
}

/** Why a file was not looked at to its end: it is larger than what is read, took too long, or held too many values. */
export type Incomplete = 'size' | 'time' | 'values';

/** Facts of one layer. */
export interface SecretFacts {
  readonly found: readonly SecretFact[];
  /** The first of them by name; `incompleteTotal` counts all. */
  readonly incomplete: readonly { readonly path: string; readonly why: Incomplete }[];
  readonly incompleteTotal: number;
  /** Facts beyond the limit of a layer. */
  readonly dropped: number;
}
