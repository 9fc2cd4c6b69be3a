import type { Diagnostic } from '../../kernel/index.ts';
import type { Justification } from './justification.ts';

export type VexStatus = 'not_affected' | 'affected' | 'fixed' | 'under_investigation';

/**
 * What a statement is about: an image, packages inside of it, or packages wherever they are. Every part that is there
 * has to hold. A product that names neither image nor package matches nothing.
 */
export interface VexProduct {
  /** Package URL of type `oci`, or null when any image is meant. */
  readonly image: string | null;
  /** Digest of the image (`sha256:…`) where the document names it apart from the package URL. */
  readonly digest: string | null;
  /** Package URL of a package, or null when the image as a whole is meant. */
  readonly package: string | null;
}

/** One statement of a VEX document about one vulnerability. */
export interface VexAssertion {
  /** Id and aliases. */
  readonly vulnerabilities: readonly string[];
  readonly products: readonly VexProduct[];
  readonly status: VexStatus;
  readonly justification: Justification | null;
  /** Impact statement or note of the author, plain text. */
  readonly text: string | null;
  /** ms since the epoch; of equally specific statements the latest holds. */
  readonly timestamp: number;
}

/** A VEX document of whatever format. */
export interface VexDocument {
  readonly format: 'openvex' | 'csaf' | 'cyclonedx';
  /** As the document calls itself; where it does not, the name of the file. */
  readonly id: string;
  readonly author: string;
  readonly statements: readonly VexAssertion[];
  /** What of it cannot be used, and why. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A rule of an ignore file. Lists are alternatives; an empty list asks nothing. */
export interface IgnoreRule {
  /** Ids or aliases, in any case. */
  readonly ids: readonly string[];
  /** Names or package URLs (without version: every version). */
  readonly packages: readonly string[];
  /** Patterns of evidence paths: `*` inside of a segment, `**` over segments. */
  readonly paths: readonly string[];
  readonly reason: string;
  readonly by: string;
  /** Last day, `YYYY-MM-DD` (in UTC); null = for good. */
  readonly until: string | null;
  /** The rule covers only what has no published fix. */
  readonly untilFixable: boolean;
}

/** An ignore file with what of it cannot be used. */
export interface IgnoreFile {
  readonly name: string;
  readonly rules: readonly IgnoreRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Everything that decides which findings of a report are handled. */
export interface ReportDecisions {
  readonly vex: readonly VexDocument[];
  readonly ignore: readonly IgnoreFile[];
}
