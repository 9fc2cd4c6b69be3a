import type { Analysis, FileOwners, InstalledPackage, OsRelease } from '../ecosystems/index.ts';
import type { Digest, LayerTree, UnionView } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';
import type { ImageSettings } from './image-settings.ts';

/** Everything that is not a vulnerability is found by one of these; the words after `--scanners`. */
export type DetectorId = 'baseline' | 'malware' | 'secret';

/** Level of a failed check or a sensitive file. */
export type RiskLevel = 'high' | 'medium' | 'low';

/** Level of a malicious file (risks.md §3.5): `remind` is worth a look, nothing more. */
export type MaliciousLevel = 'serious' | 'suspicious' | 'remind';

/** A title in the languages that Drydock speaks. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/** A layer of the image as detectors see it, lowest first. */
export interface DetectedLayer {
  readonly digest: Digest;
  readonly tree: LayerTree;
  /** Facts by analysis id; those of a layer that could not be read are missing. */
  readonly facts: ReadonlyMap<string, unknown>;
  /** Instruction that made it; null where the history does not say. */
  readonly createdBy: string | null;
  /** Whether it comes from the base image; null when that is not known. */
  readonly base: boolean | null;
}

/** What is known of an image besides its files. All text of it is the image's: escape before display. */
export interface DetectedImage {
  /** As the user asked for it. */
  readonly reference: string;
  readonly digest: string;
  /** From the config document. */
  readonly settings: ImageSettings;
  /** Digest of the base image where it is known. */
  readonly baseDigest: string | null;
  /** Whether it came from a registry, whose referrers could be asked; null when nobody asked for signatures. */
  readonly signed: boolean | null;
  /** Whether the tag cannot be moved, where the registry says so. */
  readonly immutableTag: boolean | null;
}

/** Everything that a detector decides by. */
export interface DetectionInput {
  readonly image: DetectedImage;
  readonly layers: readonly DetectedLayer[];
  readonly view: UnionView;
  readonly os: OsRelease | undefined;
  /** Day (YYYY-MM-DD) since which the release gets no more fixes; null when it does, or nobody knows. */
  readonly endOfLife: string | null;
  readonly packages: readonly InstalledPackage[];
  /** purl of the package that owns a canonical path. */
  readonly owners: FileOwners;
  /** Critical vulnerabilities with a published fix; null when vulnerabilities were not looked for. */
  readonly fixableCriticals: number | null;
  /** What detectors before this one found: the list in `index.ts` is in order. Undefined where one was not asked. */
  readonly before: { readonly sensitive?: readonly SensitiveFile[]; readonly malicious?: readonly MaliciousFile[] };
  readonly now: Date;
}

/** Where a check found something wrong. */
export interface RiskEvidence {
  /** In the image, no leading slash; `config:Env`, `history:3` where it is no file. */
  readonly path: string;
  /** Digest of the layer; null for what the config says. */
  readonly layer: string | null;
  /** From one on; null where no line is meant. */
  readonly line: number | null;
  /** Masked (see `mask.ts`), at most 256 characters. */
  readonly excerpt: string | null;
  readonly inBase: boolean;
}

/** A check that failed: one per (image, check), however much evidence there is. */
export interface FailedCheck {
  /** `ID-001` … */
  readonly check: string;
  readonly level: RiskLevel;
  /** At most 100. */
  readonly evidence: readonly RiskEvidence[];
  /** How much there was. */
  readonly total: number;
  /** All of it lies in the base image. */
  readonly inBase: boolean;
  /** Set where a product's default, not a written value, is what is wrong (one level lower then). */
  readonly basis?: 'default';
  /** Set where the cloud's wire knows this outcome under another item than the check's own (`apk` of IC-014). */
  readonly item?: string;
}

/** How every check of the catalogue ended. */
export interface BaselineResult {
  readonly failed: readonly FailedCheck[];
  readonly passed: readonly string[];
  readonly notApplicable: readonly { readonly check: string; readonly why: string }[];
  /** Could not be decided: `code` such as `no_history`, `too_large`, `not_asked`. Never shown as passed. */
  readonly unknown: readonly { readonly check: string; readonly code: string; readonly why: string }[];
  /** Switched off by the policy. */
  readonly disabled: readonly string[];
}

/** A malicious object: a file of any layer, or a member of an archive in one (risks.md §3.9). */
export interface MaliciousFile {
  /** Heuristic of risks.md §3.5: `MW-01` … `MW-18`. */
  readonly heuristic: string;
  /** `WEBSHELL_IMG` … */
  readonly key: string;
  readonly level: MaliciousLevel;
  readonly title: string;
  /** Family that the rule names; null where it names none. */
  readonly family: string | null;
  /** `drydock`, `clamd`, `yara-x`; all that found it, the first decided. */
  readonly engines: readonly string[];
  /** Rule or signature inside of the engine. */
  readonly rule: string;
  /** Stable number of the rule, for wires that know numbers only. */
  readonly ruleNumber: number;
  /** Of the outermost file; see RiskEvidence for what is no file. */
  readonly path: string;
  /** Inside of the archive: `inner.jar!/a/B.class`; null when the file itself is meant. */
  readonly member: string | null;
  readonly layer: string | null;
  /** False where a later layer removed or replaced the file: it still travels with the image. */
  readonly present: boolean;
  readonly inBase: boolean;
  /** Of the malicious object itself, hex; of findings without a file those of the evidence text. */
  readonly md5: string;
  readonly sha256: string;
  readonly size: number;
  /** purl of the package that owns the file. */
  readonly owner: string | null;
  /** At most 64, offsets in the object. */
  readonly matches: readonly { readonly offset: number; readonly length: number }[];
  /** Masked text or hex of at most 64 bytes. */
  readonly excerpt: string | null;
  /** Why it does not count: it only tells of coverage, or its feed is still being watched. */
  readonly uncounted?: 'coverage' | 'observed';
}

/** A file with something secret in it: one per (rule, path, layer). */
export interface SensitiveFile {
  /** Published key (risks.md §4.7): `aws_access_key` … */
  readonly rule: string;
  readonly class: string;
  readonly level: RiskLevel;
  readonly path: string;
  readonly layer: string | null;
  readonly present: boolean;
  readonly inBase: boolean;
  readonly line: number | null;
  /** Bytes from the start of the file, and of the value. */
  readonly offset: number | null;
  readonly length: number | null;
  /** Masked; never the value. */
  readonly excerpt: string | null;
  /** Of the file, where it was hashed. */
  readonly md5: string | null;
  /** Keyed hash of the value: equal for equal values within one installation. */
  readonly secretId: string;
  /** How many values of this rule the file has; the first is shown. */
  readonly total: number;
}

/** What one detector has to say of an image. */
export interface Detection {
  readonly baseline?: BaselineResult;
  readonly malicious?: readonly MaliciousFile[];
  readonly sensitive?: readonly SensitiveFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds one kind of risk. Its analyses collect facts from each layer and are cached; `detect` decides with the merged
 * file system and everything else that is known. A detector whose rules can change names them in the ids of its
 * analyses, so that other rules are other questions.
 */
export interface Detector {
  readonly id: DetectorId;
  readonly analyses: readonly DetectorAnalysis[];
  /** Must not throw for what an image holds: what could not be judged is a diagnostic with `partial`. */
  detect(input: DetectionInput): Promise<Detection>;
}

/** An analysis of a detector. */
export interface DetectorAnalysis extends Analysis<unknown> {
  /** Its visitor does so much work that another thread should run it, where there is one. */
  readonly heavy?: true;
}
