import type { SeverityLevel } from '../../advisories/index.ts';

/** A rule on vulnerabilities: more than `max` that match everything said here violate it. */
export interface VulnerabilityRule {
  /** This level or worse. */
  readonly severity: SeverityLevel;
  readonly kinds: readonly ('cve' | 'sca')[];
  /** Only what has a published fix. */
  readonly fixable: boolean;
  /** Only what is known to be exploited. */
  readonly kev: boolean;
  readonly max: number;
}

/** A rule on secrets or checks. */
export interface RiskRule {
  /** This level or worse. */
  readonly severity: 'high' | 'medium' | 'low';
  readonly max: number;
  /** Ids of checks or keys of secrets that the rule leaves out. */
  readonly except: readonly string[];
}

/** What is accepted for a while. */
export interface Allowance {
  /** Id or alias of a vulnerability, or record of a malicious package. */
  readonly id: string;
  /** Pattern over package URLs; null = any package. */
  readonly package: string | null;
  readonly reason: string;
  /** Last day (YYYY-MM-DD, UTC) on which it holds; null = for good. */
  readonly until: string | null;
}

/** A policy as `drydock gate` reads it (docs/howto/write-a-policy.md). */
export interface Policy {
  readonly name: string | null;
  readonly vulnerabilities: readonly VulnerabilityRule[];
  readonly denyMalicious: boolean;
  /** Null = not asked. */
  readonly sensitive: RiskRule | null;
  readonly baseline: RiskRule | null;
  readonly denyEndOfLife: boolean;
  readonly requireComplete: boolean;
  readonly maxAdvisoryAgeDays: number | null;
  readonly denyPackages: readonly { readonly purl: string; readonly reason: string | null }[];
  readonly allow: readonly Allowance[];
}

/** One thing that violates a rule, in words and, where it is a finding or a package, by its names. */
export interface Evidence {
  readonly text: string;
  readonly id: string | null;
  /** purl */
  readonly package: string | null;
  readonly severity: SeverityLevel | null;
}

/** A rule with what it found. */
export interface RuleVerdict {
  /** Where the rule stands in the policy: `vulnerabilities[0]`, `malicious` … */
  readonly rule: string;
  /** What the rule asks, in words. */
  readonly asks: string;
  readonly passed: boolean;
  /** Everything that counts against the rule; a rule with `max` may pass although there is some. */
  readonly evidence: readonly Evidence[];
}

/** What became of an allowance: `used` findings do not count because of it. */
export interface AllowanceVerdict extends Allowance {
  readonly expired: boolean;
  readonly used: number;
}

/** The verdict of a policy on a scan report, schema version 1 (docs/api/gate.schema.json). */
export interface GateVerdict {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'drydock'; readonly version: string };
  readonly policy: { readonly name: string | null; readonly sha256: string };
  readonly image: { readonly reference: string; readonly digest: string; readonly platform: string };
  readonly scan: { readonly finishedAt: string; readonly state: 'complete' | 'partial' | 'unsupported' };
  readonly advisories: { readonly snapshot: string; readonly createdAt: string };
  readonly evaluatedAt: string;
  readonly verdict: 'pass' | 'fail';
  readonly rules: readonly RuleVerdict[];
  readonly allowed: readonly AllowanceVerdict[];
}
