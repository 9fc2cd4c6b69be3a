import type { Diagnostic } from '../../kernel/index.ts';
import type { InstalledPackage, OsRelease } from '../contract.ts';

/**
 * One component of a bill of materials as a package that can be matched: `scope`, `guessed` and `ownedBy` are what the
 * document itself says (Drydock's own do; `dev` also others), absent = as installed.
 */
export interface SbomComponent extends Omit<InstalledPackage, 'locations' | 'linked' | 'cataloger'> {
  /** Places in the file system that the document gives as evidence, as written, without leading slash. */
  readonly paths: readonly string[];
  /** Digest of the layer where the document tells one, else null. */
  readonly layer: string | null;
}

/** What a bill of materials holds. */
export interface SbomDocument {
  /** Null: the bytes are no CycloneDX and no SPDX document in JSON. */
  readonly format: 'cyclonedx' | 'spdx' | null;
  /** In the order of the document; the same package may occur several times. */
  readonly components: readonly SbomComponent[];
  /** The distribution, where the document names one or the package URLs agree on one; `path` is empty. */
  readonly os: OsRelease | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A component before its package URL is read. */
export interface RawComponent {
  readonly purl: string | undefined;
  readonly name: string;
  readonly version: string;
  /** `library`, `operating-system` …; both formats' words, in lower case with hyphens. */
  readonly kind: string;
  readonly dev: boolean;
  /** Properties of CycloneDX; the last of equal names counts. */
  readonly properties: ReadonlyMap<string, string>;
  /** `sourceInfo` of SPDX. */
  readonly sourceInfo: string;
  readonly description: string;
  readonly paths: readonly string[];
}

/** Components of one document, cut at the limit. */
export interface RawDocument {
  readonly components: readonly RawComponent[];
  readonly truncated: boolean;
}
