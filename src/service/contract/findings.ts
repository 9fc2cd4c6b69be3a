import type { FixState, SeverityLevel } from '../../advisories/index.ts';
import type { Filter, Sort } from '../../findings/index.ts';
import type { Call, Page, PageRequest } from './call.ts';

/** One package of a finding. */
export interface FindingPackage {
  readonly purl: string;
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly arch: string | null;
  readonly sourceName: string | null;
  readonly sourceVersion: string | null;
  readonly fixedVersion: string | null;
  readonly state: FixState;
  readonly severity: SeverityLevel;
  readonly paths: readonly string[];
  readonly layers: readonly string[];
  /** For people: `< 3.0.13-1~deb12u1`. */
  readonly range: string | null;
}

/** A vulnerability as lists show it. */
export interface VulnerabilityHead {
  /** `CVE-…` where there is one. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** `debian:11:CVE-2019-9893` (`<os>:<release>:<id>`), `imgsca:<type>:<package>:<id>` for application packages. */
  readonly key: string;
  readonly kind: 'cve' | 'sca';
  /** One line, never empty: `CVE-2018-25010:libwebp …`. */
  readonly title: string;
  readonly severity: SeverityLevel;
  /** `asap` | `later` | `nntf`; of several packages the most urgent. */
  readonly priority: 'asap' | 'later' | 'nntf';
  readonly cvss: number | null;
  readonly vector: string | null;
  readonly epss: number | null;
  readonly kev: boolean;
  /** A fixed version is published. */
  readonly fixable: boolean;
}

/** A row at the grain `finding` or `record`. At `finding` there is exactly one package name and version. */
export interface FindingView {
  /** Integer name of the record (image × vulnerability), given out when it is first shown; below 2^53. */
  readonly recordId: number;
  readonly imageUuid: string;
  readonly vulnerability: VulnerabilityHead;
  readonly packages: readonly FindingPackage[];
  readonly os: { readonly id: string; readonly versionId: string | null } | null;
  /** ms */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly changedAt: number;
  /** The decision that handled it. */
  readonly handled: {
    readonly ruleId: number;
    readonly kind: string;
    readonly reason: string;
    readonly by: string;
    readonly until: number | null;
  } | null;
  /** A fix task for it is under way. */
  readonly fixing: boolean;
  /** uuid of a fixed image that no longer has it. */
  readonly fixedBy: string | null;
}

/** A row at the grain `vulnerability`: one release's view of one vulnerability over the estate. */
export interface VulnerabilityView extends VulnerabilityHead {
  readonly images: number;
  /** Findings by priority. */
  readonly asap: number;
  readonly later: number;
  readonly nntf: number;
  readonly handledFindings: number;
  readonly openFindings: number;
  readonly lastSeen: number;
  readonly firstSeen: number;
}

/** Everything that is known of one vulnerability. */
export interface VulnerabilityDetail extends VulnerabilityHead {
  readonly published: number | null;
  readonly description: string | null;
  readonly advisories: readonly string[];
  readonly links: readonly string[];
}

export interface FindingQuery {
  readonly filter?: Filter;
  readonly grain: 'finding' | 'record';
  readonly sort?: Sort;
  readonly page: PageRequest;
}

/** Findings, whatever their kind of view. Unhandled and handled ones alike unless the filter says. */
export interface FindingService {
  page(call: Call, query: FindingQuery): Promise<Page<FindingView>>;
  count(call: Call, filter: Filter | undefined, grain: 'finding' | 'record' | 'vulnerability'): Promise<number>;
  vulnerabilities(
    call: Call,
    query: { readonly filter?: Filter; readonly sort?: Sort; readonly page: PageRequest },
  ): Promise<Page<VulnerabilityView>>;
  /** By key or by id; null when nothing visible to the caller has it. */
  vulnerability(call: Call, keyOrId: string): Promise<VulnerabilityDetail | null>;
  /** Records by their integer ids; unknown and foreign ones are left out alike. */
  records(call: Call, ids: readonly number[]): Promise<readonly FindingView[]>;
  /** Installed packages of one image with the number of their findings. */
  packages(
    call: Call,
    imageUuid: string,
    query: { readonly name?: string; readonly page: PageRequest },
  ): Promise<
    Page<{
      readonly purl: string;
      readonly type: string;
      readonly name: string;
      readonly version: string;
      readonly findings: number;
      readonly paths: readonly string[];
    }>
  >;
  /**
   * uuids of the current images that hold a package of exactly this name, whether any vulnerability of it is known or
   * not; with a version, only that one.
   */
  imagesWithPackage(
    call: Call,
    query: { readonly name: string; readonly version?: string; readonly page: PageRequest },
  ): Promise<Page<string>>;
  /** Packages of the estate by name, with the number of images. */
  estatePackages(
    call: Call,
    query: { readonly name?: string; readonly page: PageRequest },
  ): Promise<
    Page<{
      readonly purl: string;
      readonly type: string;
      readonly name: string;
      readonly version: string;
      readonly images: number;
      readonly findings: number;
    }>
  >;
}
