import type { Digest, LayerTree, LayerVisitor, UnionView } from '../image/index.ts';
import type { Diagnostic } from '../kernel/index.ts';

/** Operating-system identity by the ladder of scanning.md §2. */
export interface OsRelease {
  /** `ID` in lower case: debian, ubuntu, alpine … */
  readonly id: string;
  /** `VERSION_ID`, or null for rolling or unknown releases. */
  readonly versionId: string | null;
  readonly codename: string | null;
  readonly prettyName: string | null;
  /** Path of the file that decided. */
  readonly path: string;
}

/** A name together with the version that belongs to it; never mix those of source and binary (scanning.md §5.2). */
export interface NameVersion {
  readonly name: string;
  readonly version: string;
}

/** One package of the final file system. */
export interface InstalledPackage {
  /** Package URL (purl-spec). */
  readonly purl: string;
  /** purl type: deb, apk, rpm, npm … */
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  /** Source package for OS packages (`Source: name (version)`); null for application packages. */
  readonly source: NameVersion | null;
  /** Evidence: file and digest of the layer that brought this package (scanning.md §1.7). */
  readonly locations: readonly { readonly path: string; readonly layer: Digest }[];
  /** purl of the OS package that owns the evidence file of a language package. */
  readonly ownedBy: string | null;
  /** The administrator's hold (dpkg selection `hold`). */
  readonly held: boolean;
}

/** Facts that one cataloger cached for one layer. */
export interface LayerFacts<F> {
  readonly layer: number;
  readonly digest: Digest;
  readonly tree: LayerTree;
  readonly facts: F;
}

/** What a cataloger makes of all layers of an image. */
export interface CatalogResult {
  readonly packages: readonly InstalledPackage[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds packages of one kind of evidence. `visitor()` collects facts from one layer (cached), `coalesce` decides,
 * with the merged view, which of them exist in the final file system and which layer brought each.
 */
export interface Cataloger<F = unknown> {
  readonly id: string;
  readonly version: number;
  visitor(): LayerVisitor<F>;
  coalesce(input: {
    readonly layers: readonly LayerFacts<F>[];
    readonly view: UnionView;
    readonly os: OsRelease | undefined;
  }): CatalogResult;
}

/** Version order of an ecosystem (scanning.md §4). */
export interface VersionScheme {
  readonly id: string;
  /** Whether the text is a version; anything else is `unmatched(version)`, neither affected nor clean. */
  valid(version: string): boolean;
  /** Negative, zero or positive. Both must be valid. */
  compare(a: string, b: string): number;
}

/** Where advisories for a package are looked up: `ecosystem` is the OSV string, for example `Debian:12`. */
export interface AdvisoryKey {
  readonly ecosystem: string;
  readonly on: 'source' | 'binary';
  readonly name: string;
  readonly version: string;
}

/** One packaging world; the explicit list is in `ecosystems/index.ts`. */
export interface Ecosystem {
  readonly id: string;
  /** purl types of its packages. */
  readonly types: readonly string[];
  /** `cve` for operating-system packages, `sca` for application packages. */
  readonly kind: 'cve' | 'sca';
  readonly catalogers: readonly Cataloger[];
  readonly versions: VersionScheme;
  /** OSV ecosystems without release whose records use this version order, for example `Debian`. */
  readonly advisoryNames?: readonly string[];
  /** Empty when there is no advisory source for the package's distribution. */
  advisoryKeys(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[];
}
