import { dayMs } from '../../kernel/index.ts';
import { packagesByPurl } from '../documents/packages.ts';
import { bySeverity, reachesThreshold } from '../levels.ts';
import { aliasesOfFinding, nameOfFinding, packageOfFinding } from '../naming.ts';
import { type Finding, isVulnerability, type ScanReport } from '../report.ts';
import type { Allowance, AllowanceVerdict, Evidence, GateVerdict, Policy, RuleVerdict } from './contract.ts';
import { type Decider, decideFindings } from './decide.ts';
import { matchesPurl } from './glob.ts';
import { evidenceOf, maliciousRule, riskRules } from './risk-rules.ts';
import { ruleWords } from './words.ts';

/** What a verdict is about. */
export interface GateInput {
  readonly policy: Policy;
  /** SHA-256 of the policy file, hex. */
  readonly policySha256: string;
  readonly report: ScanReport;
  readonly now: Date;
  readonly toolVersion: string;
}

/** Judges a report by a policy: every rule with its evidence. Rules are judged after what the policy allows. */
export function evaluatePolicy({ policy, policySha256, report, now, toolVersion }: GateInput): GateVerdict {
  const used = policy.allow.map(() => 0);
  const judged = decideFindings(report, [allowing(policy.allow, now, used)]);
  const rules = [
    ...vulnerabilityRules(policy, judged),
    ...(policy.denyMalicious ? [maliciousRule(judged)] : []),
    ...riskRules(policy, judged),
    ...(policy.denyEndOfLife ? [endOfLifeRule(report)] : []),
    ...(policy.requireComplete ? [completeRule(report)] : []),
    ...(policy.maxAdvisoryAgeDays === null ? [] : [ageRule(report, policy.maxAdvisoryAgeDays, now)]),
    ...packageRules(policy, report),
  ];
  return {
    schemaVersion: 1,
    tool: { name: 'drydock', version: toolVersion },
    policy: { name: policy.name, sha256: policySha256 },
    image: { reference: report.image.reference, digest: report.image.digest, platform: report.image.platform },
    scan: { finishedAt: report.scan.finishedAt, state: report.scan.state },
    advisories: { snapshot: report.advisories.snapshot, createdAt: report.advisories.createdAt },
    evaluatedAt: now.toISOString(),
    verdict: rules.every(({ passed }) => passed) ? 'pass' : 'fail',
    rules,
    allowed: policy.allow.map((entry, at): AllowanceVerdict => {
      return { ...entry, expired: !holds(entry, now), used: used[at] ?? 0 };
    }),
  };
}

function allowing(allow: readonly Allowance[], now: Date, used: number[]): Decider {
  const byId = Map.groupBy(
    allow.map((entry, at) => ({ entry, at })).filter(({ entry }) => holds(entry, now)),
    ({ entry }) => entry.id,
  );
  return (finding) => {
    for (const id of idsOf(finding)) {
      for (const { entry, at } of byId.get(id) ?? []) {
        if (entry.package !== null && !matchesPurl(entry.package, packageOfFinding(finding) ?? '')) continue;
        used[at] = (used[at] ?? 0) + 1;
        const until = entry.until === null ? null : `${entry.until}T23:59:59Z`;
        return { reason: entry.reason, by: 'policy', until };
      }
    }
    return null;
  };
}

/** Until the end of its day, UTC. */
function holds({ until }: Allowance, now: Date): boolean {
  return until === null || now.getTime() < Date.parse(`${until}T00:00:00Z`) + dayMs;
}

function idsOf(finding: Finding): readonly string[] {
  return [nameOfFinding(finding), ...aliasesOfFinding(finding)];
}

function vulnerabilityRules({ vulnerabilities }: Policy, report: ScanReport): RuleVerdict[] {
  const sorted = report.findings.toSorted(bySeverity);
  const packages = packagesByPurl(report);
  return vulnerabilities.map((rule, at) => {
    const violating = sorted.filter(
      (finding) =>
        isVulnerability(finding) &&
        rule.kinds.includes(finding.kind) &&
        (!rule.kev || finding.kev) &&
        reachesThreshold(finding, { level: rule.severity, fixableOnly: rule.fixable }),
    );
    return {
      rule: `vulnerabilities[${at}]`,
      asks: ruleWords(rule),
      passed: violating.length <= rule.max,
      evidence: violating.map((finding) => evidenceOf(finding, packages)),
    };
  });
}

function endOfLifeRule({ image: { os } }: ScanReport): RuleVerdict {
  const asks = 'a release that still gets fixes';
  if (os?.endOfLife == null) return { rule: 'endOfLife', asks, passed: true, evidence: [] };
  const text = `${os.prettyName ?? os.id} gets no more fixes since ${os.endOfLife}`;
  return { rule: 'endOfLife', asks, passed: false, evidence: [plain(text)] };
}

function completeRule({ scan, diagnostics }: ScanReport): RuleVerdict {
  const passed = scan.state === 'complete';
  const reasons = diagnostics.filter(({ partial }) => partial === true);
  const evidence = passed
    ? []
    : [plain(`the scan is ${scan.state}`), ...reasons.map(({ code, message }) => plain(`${code}: ${message}`))];
  return { rule: 'scan', asks: 'a complete scan', passed, evidence };
}

/** Of bundled facts the bulk counts: a few new records do not make them current. */
function ageRule({ advisories }: ScanReport, maxDays: number, now: Date): RuleVerdict {
  const bulk = advisories.origin === 'bundled' ? (advisories.sources[0]?.bulk ?? undefined) : undefined;
  const date = bulk ?? advisories.createdAt;
  const days = (now.getTime() - Date.parse(date)) / dayMs;
  const passed = days <= maxDays;
  const evidence = passed ? [] : [plain(`the advisory data is of ${date.slice(0, 10)}, ${Math.floor(days)} days old`)];
  return { rule: 'advisories', asks: `advisory data of the last ${maxDays} days`, passed, evidence };
}

function packageRules({ denyPackages }: Policy, report: ScanReport): RuleVerdict[] {
  const present = report.packages.filter(({ scope }) => scope !== 'removed');
  return denyPackages.map(({ purl, reason }, at) => {
    const evidence = present
      .filter((pkg) => matchesPurl(purl, pkg.purl))
      .map((pkg) => ({ ...plain(`${pkg.name} ${pkg.version}`), package: pkg.purl }));
    const why = reason === null ? '' : ` (${reason})`;
    return { rule: `packages.deny[${at}]`, asks: `no package ${purl}${why}`, passed: evidence.length === 0, evidence };
  });
}

function plain(text: string): Evidence {
  return { text, id: null, package: null, severity: null };
}
