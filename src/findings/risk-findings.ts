import type { MaliciousLevel, RiskLevel } from '../detectors/index.ts';
import type { Ignored } from './ignored.ts';

/** What all findings of detectors share. */
interface RiskBase {
  readonly title: string;
  /** All of it lies in the base image. */
  readonly inBase: boolean;
  readonly ignored: Ignored | null;
  /** Only with a baseline report: it had this finding already. */
  readonly known?: true;
}

/** A failed check of the baseline: one per (image, check) with all evidence inside. */
export interface BaselineFinding extends RiskBase {
  readonly kind: 'baseline';
  /** Check of risks.md §2: `ID-001`. */
  readonly id: string;
  /** `baseline` = what the image holds; `instruction` = how it was built, counted apart and only outside of the base. */
  readonly axis: 'baseline' | 'instruction';
  readonly class: string;
  readonly name: string;
  readonly item: string;
  readonly level: RiskLevel;
  /** `default`: not a written value but the product's own default is what is wrong. */
  readonly basis: 'default' | null;
  /** At most 100. */
  readonly evidence: readonly {
    readonly path: string;
    readonly layer: string | null;
    readonly line: number | null;
    /** Masked. */
    readonly excerpt: string | null;
    readonly inBase: boolean;
  }[];
  /** How much evidence there was. */
  readonly total: number;
  readonly description: string;
  readonly advice: string;
}

/** A malicious file or package: one per (image, path, md5), for packages per (image, package URL, record). */
export interface MaliciousFinding extends RiskBase {
  readonly kind: 'malicious';
  /** Rule of risks.md: `MW-15` is a package that a record of malicious packages names. */
  readonly id: string;
  /** Class on the wire of the cloud: `WEBSHELL_IMG`. */
  readonly key: string;
  readonly level: MaliciousLevel;
  readonly family: string | null;
  readonly path: string;
  /** Inside of the archive at `path`; null when the file itself is meant. */
  readonly member: string | null;
  readonly layer: string;
  /** False where a later layer removed it: it still travels with the image. */
  readonly present: boolean;
  /** Of the malicious object; null where no single file is meant. */
  readonly md5: string | null;
  readonly sha256: string | null;
  readonly size: number | null;
  /** `drydock`, `clamd`, `yara-x`; `advisories` for malicious packages. */
  readonly engine: string;
  /** What decided inside of the engine: for packages the record, `MAL-2024-1234`. */
  readonly rule: string;
  readonly ruleNumber: number | null;
  /** At most 64. */
  readonly matches: readonly { readonly offset: number; readonly length: number }[];
  /** Masked text or hex. */
  readonly excerpt: string | null;
  /** purl of a malicious package; null for files. */
  readonly package: string | null;
  /** purl of the package that owns the file. */
  readonly owner: string | null;
  /** Why it is listed and not counted: it tells of coverage only, or its feed is being watched first. */
  readonly uncounted: 'coverage' | 'observed' | null;
}

/** A file with a secret in it: one per (image, rule, path, layer). */
export interface SensitiveFinding extends RiskBase {
  readonly kind: 'sensitive';
  /** Key of the rule: `aws_access_key`. */
  readonly id: string;
  readonly class: string;
  readonly level: RiskLevel;
  readonly path: string;
  readonly layer: string | null;
  /** False where a later layer removed the file: it still travels with the image. */
  readonly present: boolean;
  readonly line: number | null;
  readonly offset: number | null;
  readonly length: number | null;
  /** Masked; never the value. */
  readonly excerpt: string | null;
  readonly md5: string | null;
  /** Equal for equal values within one installation. */
  readonly secretId: string;
  /** How many values of the rule the file has; the first is shown. */
  readonly total: number;
  readonly description: string;
  readonly advice: string;
}

/** A finding of a detector. */
export type RiskFinding = BaselineFinding | MaliciousFinding | SensitiveFinding;
