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
  /** Absent = `installed`. */
  readonly scope?: PackageScope;
  /** How sure the evidence is; absent = `high`. */
  readonly confidence?: Confidence;
  /**
   * Name or version are an estimate (a jar without coordinates): listed, never matched, because a wrong name finds what
   * is not there.
   */
  readonly guessed?: true;
  /** Id of the cataloger that found it. */
  readonly cataloger?: string;
  /** Units of code that the linker kept (import paths of a Go binary); absent = not known. Never stored. */
  readonly linked?: ReadonlySet<string>;
}

/**
 * What a package's evidence says about its presence (scanning.md §3.2): files or a database record in the final file
 * system; the installer's word that it is for development or building only; a lock file or SBOM only; only in files that
 * a later layer removed. Counts are about `installed` unless asked otherwise.
 */
export type PackageScope = 'installed' | 'dev' | 'declared' | 'removed';

/** `medium`: told by bytes of a binary; `low`: by something that may well be wrong. */
export type Confidence = 'high' | 'medium' | 'low';

/** Facts that one cataloger cached for one layer. */
export interface LayerFacts<F> {
  readonly layer: number;
  readonly digest: Digest;
  readonly tree: LayerTree;
  readonly facts: F;
}

/** Which package owns a file, as an installer's records say. */
export interface FileOwners {
  /**
   * purl of the owner of a canonical path; undefined when no record names the path.
   * @param type purl type of the package found there: an owner may speak for some kinds only.
   */
  ownerOf(path: string, type?: string): string | undefined;
}

/** What a cataloger makes of all layers of an image. */
export interface CatalogResult {
  readonly packages: readonly InstalledPackage[];
  readonly diagnostics: readonly Diagnostic[];
  /** Problems of files (`path`) that concern nobody where a package owns the file. */
  readonly unlessOwned?: readonly Diagnostic[];
  /** Programs that were looked into: where no package explains one, the scan says so (scanning.md §3.6). */
  readonly programs?: readonly string[];
  /** Files of these packages: what other catalogers find in them is part of the owner (scanning.md §3.1). */
  readonly owners?: FileOwners;
}

/** One question to every layer; `visitor` makes a fresh one per layer. Answers are cached by (layer, id, version). */
export interface Analysis<F = unknown> {
  readonly id: string;
  /** Raised whenever the facts change, in shape or in truth. */
  readonly version: number;
  visitor(): LayerVisitor<F>;
  /** Whether an answer may be cached; absent: always. False for one that lacks what was away only now. */
  remember?(facts: F): boolean;
}

/** Facts of all layers, lowest first, and the final file system. */
export interface CatalogInput<F> {
  readonly layers: readonly LayerFacts<F>[];
  readonly view: UnionView;
  readonly os: OsRelease | undefined;
}

/**
 * Finds packages of one kind of evidence. The analysis collects facts from one layer; several catalogers may share one
 * (binaries are read once for all). `coalesce` decides, with the merged view, which packages exist in the final file
 * system and which layer brought each.
 */
export interface Cataloger<F = unknown> {
  readonly id: string;
  readonly analysis: Analysis<F>;
  coalesce(input: CatalogInput<F>): CatalogResult;
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
  /**
   * rpm module stream `name:stream` of the installed build, null for a build outside of modules; absent where it is not
   * known or the ecosystem has no such thing.
   */
  readonly stream?: string | null;
}

/** Events of one advisory range in the order of the record: kind (`introduced`, `fixed` …) and version. */
export type AdvisoryRange = readonly (readonly [kind: string, version: string])[];

/** What the table of supported ecosystems (docs/supported.md, generated) says. Plain text, one line each. */
export interface EcosystemAbout {
  /** For people: `Debian packages`. */
  readonly title: string;
  /** Distributions or tools whose packages these are. */
  readonly covers: string;
  /** Files that prove an installed package, as path patterns. */
  readonly evidence: readonly string[];
  /** Lock files that are read on request (`--include declared`). */
  readonly lockfiles?: readonly string[];
  /** The version order: `Debian policy §5.6.12`. */
  readonly versions: string;
  /** What is known not to be found. */
  readonly limits?: string;
}

/** One packaging world; the explicit list is in `ecosystems/index.ts`. */
export interface Ecosystem {
  readonly id: string;
  /** purl types of its packages. */
  readonly types: readonly string[];
  /** `cve` for operating-system packages, `sca` for application packages. */
  readonly kind: 'cve' | 'sca';
  readonly about: EcosystemAbout;
  readonly catalogers: readonly Cataloger[];
  /** Read only on request: lock files, whose packages are `declared`. */
  readonly declared?: readonly Cataloger[];
  readonly versions: VersionScheme;
  /** OSV ecosystems without release whose records use this version order, for example `Debian`; none = inventory only. */
  readonly advisoryNames?: readonly string[];
  /** The spelling under which advisories are kept, where names that differ mean the same (PyPI, NuGet). Idempotent. */
  normaliseName?(name: string): string;
  /** Empty when there is no advisory source for the package's distribution. */
  advisoryKeys(pkg: InstalledPackage, os: OsRelease | undefined): readonly AdvisoryKey[];
  /**
   * Those ranges of one advisory that speak of the installed build (rpm module streams); default: all. May also give a
   * range of its own making.
   * @param titleOf title of the advisory; reading it costs, so it is asked only when needed
   */
  rangesFor?(
    key: AdvisoryKey,
    ranges: readonly AdvisoryRange[],
    titleOf: () => string | null,
  ): readonly AdvisoryRange[];
}
