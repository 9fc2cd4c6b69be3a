import type { FixState, SeverityLevel } from '../../advisories/index.ts';
import type { ImageRow, RegistryRecord, RepositoryRecord } from '../../inventory/index.ts';
import type { RiskCondition, RiskKind, RiskVerdict } from '../risks/kinds.ts';
import type { RiskHead } from '../risks/risk-facts.ts';
import type { RiskDetector } from '../risks/scanned.ts';

/** Counters that rise with every committed change of their part; equal numbers mean that nothing has changed. */
export interface EstateRevisions {
  /** Registries, repositories, tags, scan states. */
  readonly inventory: number;
  /** Contents of images. */
  readonly ingest: number;
  /** Newest generation of matches. */
  readonly matches: number;
  readonly rules: number;
  /** Changes with registries themselves; absent: they change with the inventory. */
  readonly registries?: number;
}

/** What a scan found in a platform manifest (table `image_set`). */
export interface EstateContent {
  readonly manifestId: number;
  /** End of the first scan: packages are present since then. */
  readonly firstScannedAt: number;
  /** Component sets with the evidence that yielded them, in a stable order. */
  readonly sets: readonly {
    readonly setId: number;
    /** Where the packages are recorded: `var/lib/dpkg/status`. */
    readonly path: string;
    /** Digest of the layer. */
    readonly layer: string;
  }[];
}

/** A component set: ids of packages, rising. */
export interface EstateSet {
  readonly id: number;
  readonly members: Int32Array;
}

/** A package version (table `pkg`). */
export interface EstatePackage {
  readonly id: number;
  readonly purl: string;
  /** purl type: `deb`, `npm` … */
  readonly type: string;
  readonly kind: 'cve' | 'sca';
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly sourceName: string | null;
  readonly sourceVersion: string | null;
  /** Distribution release of an operating-system package: `debian`, `12`. */
  readonly release: {
    readonly id: string;
    readonly versionId: string | null;
    readonly codename: string | null;
  } | null;
}

/** A vulnerability (table `vuln`). */
export interface EstateVulnerability {
  readonly id: number;
  /** `CVE-…` where there is one. */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly title: string | null;
  /** Thousandths: 9800 is 9.8. */
  readonly cvssMilli: number | null;
  readonly vector: string | null;
  /** Millionths. */
  readonly epssPpm: number | null;
  readonly kev: boolean;
}

/** A match that is open at the generation asked for (table `pkg_vuln`). */
export interface EstateMatch {
  readonly packageId: number;
  readonly vulnerabilityId: number;
  readonly severity: SeverityLevel;
  readonly state: FixState;
  readonly fixedVersion: string | null;
  /** For people: `< 3.0.13-1~deb12u1`. */
  readonly range: string | null;
  readonly priority: 'asap' | 'later' | 'nntf';
  /** ms of the generation that opened it. */
  readonly openedAt: number;
}

/** A decision as the index applies it; scope lists are alternatives. */
export interface EstateRule {
  readonly id: number;
  /** `ignore`, `whitelist`, `vex`; or a kind of risk. */
  readonly kind: string;
  readonly projectId: number | null;
  /** Ids, aliases or keys; empty = every vulnerability of the scope. */
  readonly vulnerabilities: readonly string[];
  readonly findingKind: 'cve' | 'sca' | null;
  readonly scope:
    | { readonly kind: 'global' }
    | { readonly kind: 'repositories'; readonly paths: readonly string[] }
    | { readonly kind: 'registries'; readonly ids: readonly number[] }
    | { readonly kind: 'registryKinds'; readonly kinds: readonly string[] }
    | { readonly kind: 'images'; readonly uuids: readonly string[] }
    | { readonly kind: 'packages'; readonly names: readonly string[] }
    | {
        /** What VEX documents speak of: packages by package URL, in one image or in all. */
        readonly kind: 'products';
        /** Digest of the image or of its index; null = every image. */
        readonly digest: string | null;
        /** Without a version every version is meant; empty = every package of the image. */
        readonly purls: readonly string[];
      };
  readonly reason: string;
  readonly by: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** `any_fix` ends it for findings that have a published fix. */
  readonly expiresWhen: 'none' | 'any_fix';
  /** Of decisions on other findings than vulnerabilities: how these stand. */
  readonly verdict?: RiskVerdict;
  /** All of them must hold of the file as well. */
  readonly conditions?: readonly RiskCondition[];
}

/** A finding of a detector as it is stored (table `risk`). */
export interface EstateRisk {
  readonly id: number;
  readonly kind: RiskKind;
  /** Position among the levels of its kind: 0 is the worst. */
  readonly level: number;
  readonly counted: boolean;
  /** Number of what it is inside of an image: the same after a rescan. */
  readonly keyId: number;
  /** Number of what its rule says, and that. */
  readonly headId: number;
  readonly head: RiskHead;
  readonly path: string | null;
  /** Hex. */
  readonly md5: string | null;
  readonly sha256: string | null;
  /** Digest. */
  readonly layer: string | null;
}

/** What detectors found in a platform manifest (table `image_risk`). */
export interface EstateRiskContent {
  readonly manifestId: number;
  readonly setId: number;
  /** End of the first scan with detectors, ms. */
  readonly firstAt: number;
  /** Keys that were found later than that, with when. */
  readonly since: ReadonlyMap<number, number> | null;
  /** Detectors that the last scan did not ask, with when one did (0 = never); null = it asked all. */
  readonly seen: ReadonlyMap<RiskDetector, number> | null;
}

/**
 * Bulk readers behind the estate index. Rows come in batches so that neither side holds all of them as objects, and the
 * event loop gets its turn between batches. `since` is exclusive: 0 reads everything.
 */
export interface EstateSource {
  revisions(): Promise<EstateRevisions>;
  registries(): Promise<readonly RegistryRecord[]>;
  repositories(): Promise<readonly RepositoryRecord[]>;
  /** Rows with a higher `seq`, ascending by it. */
  images(sinceSeq: number): AsyncIterable<readonly ImageRow[]>;
  /** Ids of images that were deleted (retention) behind this `seq`, and the `seq` to go on from. */
  gone(sinceSeq: number): Promise<{ readonly seq: number; readonly imageIds: readonly number[] }>;
  /** Manifests whose packages changed after the revision. */
  contents(sinceIngest: number): AsyncIterable<readonly EstateContent[]>;
  /** Sets with a higher id, in rising order. Of their members only those with a 1 in `wanted` (by id) are needed. */
  sets(sinceId: number, wanted?: Uint8Array): AsyncIterable<readonly EstateSet[]>;
  /** Open matches of all packages whose matches changed after the generation, complete per package. */
  matches(sinceGeneration: number): AsyncIterable<{
    /** Packages whose matches follow completely; others are as before. Null = all. */
    readonly packages: readonly number[] | null;
    readonly rows: readonly EstateMatch[];
  }>;
  /** Sets that hold any of the packages: for packages that have matches for the first time. */
  setsOf(packageIds: readonly number[]): Promise<ReadonlyMap<number, Int32Array>>;
  packages(ids: readonly number[]): Promise<readonly EstatePackage[]>;
  /** Vulnerabilities whose facts or scores changed after the generation, or all. */
  vulnerabilities(sinceGeneration: number): AsyncIterable<readonly EstateVulnerability[]>;
  /** Rules that are in force now or begin to be, those on other findings than vulnerabilities too. */
  rules(): Promise<readonly EstateRule[]>;
  /** Findings of detectors with a higher id, in rising order. */
  risks(sinceId: number): AsyncIterable<readonly EstateRisk[]>;
  /** Sets of them with a higher id, in rising order; members are ids of risks in the order of reports. */
  riskSets(sinceId: number): AsyncIterable<readonly EstateSet[]>;
  /** Manifests whose risks changed after the revision `ingest`. */
  riskContents(sinceIngest: number): AsyncIterable<readonly EstateRiskContent[]>;
}
