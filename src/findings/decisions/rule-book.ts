import type { Diagnostic } from '../../kernel/index.ts';
import { groupBy, packagesByPurl } from '../documents/packages.ts';
import type { Ignored } from '../ignored.ts';
import { packageOfFinding } from '../naming.ts';
import {
  type Finding,
  isVulnerability,
  type ReportPackage,
  type ScanReport,
  type VulnerabilityFinding,
} from '../report.ts';
import type { IgnoreRule } from './contract.ts';
import { matchesPath } from './path-pattern.ts';
import { meansPackage } from './product.ts';

/** The rules of all ignore files by what they name. */
export class RuleBook {
  readonly #byId: ReadonlyMap<string, readonly { readonly id: string; readonly rule: IgnoreRule }[]>;
  readonly #any: readonly IgnoreRule[];
  readonly #packages: ReadonlyMap<string, ReportPackage>;
  readonly #today: string;
  readonly #expired = new Set<IgnoreRule>();

  constructor(rules: readonly IgnoreRule[], report: ScanReport, today: string) {
    this.#packages = packagesByPurl(report);
    this.#today = today;
    this.#any = rules.filter(({ ids }) => ids.length === 0);
    this.#byId = groupBy(
      rules.flatMap((rule) => rule.ids.map((id) => ({ id, rule }))),
      ({ id }) => id.toUpperCase(),
    );
  }

  verdict(finding: Finding): Ignored | null {
    const named = namesOf(finding).flatMap((id) => this.#byId.get(id.toUpperCase()) ?? []);
    for (const rule of [...named.map((entry) => entry.rule), ...this.#any]) {
      if (!this.#covers(rule, finding)) continue;
      if (rule.until !== null && rule.until < this.#today) this.#expired.add(rule);
      else return { reason: rule.reason, by: rule.by, until: rule.until === null ? null : `${rule.until}T23:59:59Z` };
    }
    return null;
  }

  #covers(rule: IgnoreRule, finding: Finding): boolean {
    return isVulnerability(finding) ? this.#coversVulnerability(rule, finding) : coversRisk(rule, finding);
  }

  #coversVulnerability(rule: IgnoreRule, finding: VulnerabilityFinding): boolean {
    if (rule.untilFixable && finding.state === 'fixed') return false;
    const pkg = this.#packages.get(finding.package);
    if (rule.packages.length > 0) {
      const names = pkg === undefined ? [] : [pkg.name, ...(pkg.source === null ? [] : [pkg.source.name])];
      if (!rule.packages.some((wanted) => meansPackage(wanted, { purl: finding.package, names }))) return false;
    }
    return meansAll(rule, pkg?.locations.map(({ path }) => path) ?? [finding.path]);
  }

  /** Rules that would have applied but have run out. */
  expired(): Diagnostic[] {
    return [...this.#expired].map((rule) => ({
      code: 'ignore_expired',
      message: `The rule on ${rule.ids.join(', ') || 'all findings'} of ${rule.by} ended on ${rule.until}: its findings count again.`,
    }));
  }
}

/** What a rule may call a finding: hashes of malicious files too, item keys of checks too. */
function namesOf(finding: Finding): readonly string[] {
  switch (finding.kind) {
    case 'baseline':
      return [finding.id, finding.item];
    case 'malicious':
      return [finding.rule, finding.id, finding.sha256, finding.md5].filter((name) => name !== null);
    case 'sensitive':
      return [finding.id];
    default:
      return [finding.id, ...finding.aliases];
  }
}

/** A path alone never excuses what is malicious, nor a check: the next file there may be another one (risks.md §5.7). */
function coversRisk(rule: IgnoreRule, finding: Exclude<Finding, VulnerabilityFinding>): boolean {
  if (rule.untilFixable || (rule.ids.length === 0 && finding.kind !== 'sensitive')) return false;
  const purl = packageOfFinding(finding);
  if (rule.packages.length > 0) {
    return purl !== null && rule.packages.some((wanted) => meansPackage(wanted, { purl, names: [] }));
  }
  return meansAll(rule, finding.kind === 'baseline' ? finding.evidence.map(({ path }) => path) : [finding.path]);
}

/** Every place has to be meant: what is also elsewhere is still there. */
function meansAll(rule: IgnoreRule, places: readonly string[]): boolean {
  if (rule.paths.length === 0) return true;
  return places.every((path) => rule.paths.some((pattern) => matchesPath(pattern, path)));
}
