import type { FileEntry, ViewEntry } from '../../image/index.ts';
import type { DetectionInput, DetectorId, RiskEvidence, RiskLevel, Text } from '../contract.ts';
import type { BaselineSettings } from './settings.ts';

export type CheckGroup = 'IC' | 'ID' | 'FS' | 'SH' | 'SV' | 'PK' | 'AK';

/**
 * Reads one kind of file into facts, once per layer; the facts are cached, so they are JSON and hold no value that may be
 * a secret: such a value leaves only as what it is (`absent`, `empty`, `set`, a known default). Password hashes are the
 * one exception: they are tested with the image's names, which a layer does not know.
 */
export interface FactReader<F> {
  readonly id: string;
  /** Raised whenever the facts change, in shape or in truth. */
  readonly version: number;
  /** Cheap, asked for every regular file; links may lead to a file, so go by its last names where that is possible. */
  wants(entry: FileEntry): boolean;
  /**
   * Bytes that are read; absent = the whole file up to 4 MiB, above which the file is `too_large`. `head` takes the first
   * 8 KiB.
   */
  readonly take?: 'head';
  /** Undefined when the file is something else after all. Must not throw. */
  read(bytes: Uint8Array, entry: FileEntry): F | undefined;
}

/** Facts of one file. */
export interface ReadFile<F> {
  /** Canonical in the final file system; in lower layers as spelled there. */
  readonly path: string;
  /** Index of the layer that holds the content. */
  readonly layer: number;
  /** Undefined when the file is over the limits. */
  readonly facts: F | undefined;
}

/** What a check asks of an image. */
export interface CheckContext extends DetectionInput {
  readonly settings: BaselineSettings;
  /** The scanners that run together; a check that needs another one is `unknown(not_asked)` without it. */
  readonly asked: ReadonlySet<DetectorId>;
  /** The file behind a path, links followed; undefined when it is not there, or no file that the reader wanted. */
  file<F>(reader: FactReader<F>, path: string): ReadFile<F> | undefined;
  /** Every file of the final file system that the reader read, in path order. */
  files<F>(reader: FactReader<F>): readonly ReadFile<F>[];
  /** Every file of every layer, also what later layers removed. */
  filesOfLayers<F>(reader: FactReader<F>): readonly ReadFile<F>[];
  /** Evidence in a file of the final file system or of a layer. */
  evidence(place: Pick<ReadFile<unknown>, 'path' | 'layer'>, at?: { line?: number; excerpt?: string }): RiskEvidence;
  /** Evidence in the config or an instruction: `config:Env`, `history:3`. */
  settingsEvidence(path: string, excerpt: string | null, layer?: number | null): RiskEvidence;
  /** Files of packages by purl type or name, as catalogers found them. */
  hasPackage(name: string): boolean;
  /** The entry at a path, links followed. */
  entry(path: string): ViewEntry | undefined;
  /** SHA-256 and MD5 in hex of files that were hashed; undefined where one was not. */
  hashes(
    place: Pick<ReadFile<unknown>, 'path' | 'layer'>,
  ): { readonly md5: string; readonly sha256: string } | undefined;
}

/** How one check ended. A check with empty evidence passed. */
export type CheckOutcome =
  | {
      readonly result: 'fail';
      readonly level?: RiskLevel;
      readonly evidence: readonly RiskEvidence[];
      readonly basis?: 'default';
      /** Another item under which the wire knows this outcome; one of the check's `otherItems`. */
      readonly item?: string;
    }
  | { readonly result: 'pass' }
  | { readonly result: 'not_applicable'; readonly why: string }
  | { readonly result: 'unknown'; readonly code: string; readonly why: string };

/** One check of the catalogue (risks.md §2). Ids and item keys never change meaning; a retired one stays reserved. */
export interface Check {
  /** `ID-001` */
  readonly id: string;
  /** Axis of risks.md §1: what the image holds, or how it was built (counted apart). */
  readonly axis: 'baseline' | 'instruction';
  /** Keys of the cloud's wire. */
  readonly classKey: string;
  readonly nameKey: string;
  readonly item: string;
  /**
   * Further published items that an outcome may carry instead: the cloud has a key of its own for one case of the check.
   * It is one check all the same, counted once.
   */
  readonly otherItems?: readonly string[];
  /** The usual level; an outcome may say another one. */
  readonly level: RiskLevel;
  readonly title: Text;
  /** What is wrong and why that matters. */
  readonly description: Text;
  readonly advice: Text;
  evaluate(context: CheckContext): CheckOutcome | Promise<CheckOutcome>;
}

/** The checks of one group with the readers of the files that they look at. */
export interface CheckSet {
  readonly group: CheckGroup;
  readonly readers: readonly FactReader<unknown>[];
  readonly checks: readonly Check[];
}
