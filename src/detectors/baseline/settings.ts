import type { RiskLevel } from '../contract.ts';

/** What an administrator may change about checks; every field has a default. */
export interface BaselineSettings {
  /** Digests or repository prefixes of approved base images; empty = IC-003 does not apply. */
  readonly approvedBases: readonly string[];
  /** IC-005. */
  readonly staleDays: number;
  /** Packages or `name@version` that must not be there (PK-005); empty = does not apply. */
  readonly forbiddenPackages: readonly string[];
  /** Hosts of repositories that are accepted though they are not the distribution's (PK-003). */
  readonly trustedRepositories: readonly string[];
  /** Canonical paths of setuid and setgid files that are accepted (FS-001). */
  readonly allowedSetuid: readonly string[];
  /** SHA-256 fingerprints of root certificates that are accepted (SH-011). */
  readonly trustedCertificates: readonly string[];
  /** Weak passwords (ID-002). */
  readonly passwords: {
    readonly enabled: boolean;
    /** Candidates besides the bundled ones. */
    readonly words: readonly string[];
    readonly perAccount: number;
    readonly accounts: number;
    readonly seconds: number;
  };
  /** Levels that differ from the catalogue's, by check id. */
  readonly levels: Readonly<Record<string, RiskLevel>>;
}

/** Settings of every policy that does not say otherwise. */
export const defaultBaselineSettings: BaselineSettings = {
  approvedBases: [],
  staleDays: 90,
  forbiddenPackages: [],
  trustedRepositories: [],
  allowedSetuid: [],
  trustedCertificates: [],
  passwords: { enabled: true, words: [], perAccount: 200, accounts: 20, seconds: 20 },
  levels: {},
};

/** Which checks are asked, and how. */
export interface BaselinePolicy {
  /** `default`, `normal`, `full` (also called strict), or the name of a file. */
  readonly name: string;
  /** Whether a check of this id is asked. */
  asks(check: { readonly id: string; readonly item: string; readonly level: RiskLevel }): boolean;
  readonly settings: BaselineSettings;
}
