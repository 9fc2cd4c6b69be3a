import {
  documentText,
  type Finding,
  groupBy,
  isVulnerability,
  levelOfFinding,
  levelsWorstFirst,
  nameOfFinding,
  riskAdvice,
  riskWord,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { levelOf, plainMessage, securitySeverity, worst } from './severity.ts';

/** One rule per vulnerability, check, key or record, in order of first appearance, and where each stands in that list. */
export function buildRules(report: ScanReport): {
  readonly rules: readonly object[];
  readonly indexOf: ReadonlyMap<string, number>;
} {
  const groups = groupBy(vulnerabilitiesIn(report), ({ id }) => documentText(id));
  const risks = groupBy(
    report.findings.filter((finding) => !isVulnerability(finding)),
    (finding) => documentText(nameOfFinding(finding)),
  );
  return {
    rules: [
      ...[...groups].map(([id, findings]) => rule(id, findings)),
      ...[...risks].map(([id, findings]) => riskRule(id, findings)),
    ],
    indexOf: new Map([...groups.keys(), ...risks.keys()].map((id, index) => [id, index])),
  };
}

type Risk = Exclude<Finding, VulnerabilityFinding>;

/** The check, key, record or signature; the most severe of its findings decides. */
function riskRule(id: string, findings: readonly Risk[]): object {
  const level = levelsWorstFirst.find((known) => findings.some((finding) => levelOfFinding(finding) === known));
  const severity = { level: level ?? 'unknown', source: null, score: null, vector: null } as const;
  const text = plainMessage(findings[0]?.title ?? id);
  return {
    id,
    shortDescription: { text: shortened(text) },
    fullDescription: { text },
    help: { text: plainMessage(`${id}. ${findings[0] === undefined ? '' : riskAdvice(findings[0])}`) },
    defaultConfiguration: { level: levelOf(severity.level) },
    properties: {
      tags: ['security', (findings[0] && riskWord(findings[0])) ?? 'risk', severity.level],
      ...(severity.level === 'unknown' ? {} : { 'security-severity': securitySeverity(severity) }),
    },
  };
}

function rule(id: string, findings: readonly VulnerabilityFinding[]): object {
  const severity = worst(findings.map((finding) => finding.severity));
  const title = findings.find((finding) => finding.title !== null)?.title ?? null;
  const text = plainMessage(title ?? id);
  const score = securitySeverity(severity);
  return {
    id,
    shortDescription: { text: shortened(text) },
    fullDescription: { text },
    help: { text: helpText(id, findings) },
    defaultConfiguration: { level: levelOf(severity.level) },
    properties: {
      tags: ['security', 'vulnerability', severity.level],
      ...(score === undefined ? {} : { 'security-severity': score }),
      kev: findings.some((finding) => finding.kev),
      aliases: [...new Set(findings.flatMap(({ aliases }) => aliases.map((alias) => documentText(alias))))],
    },
  };
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199).toWellFormed()}…` : text;
}

function helpText(id: string, findings: readonly VulnerabilityFinding[]): string {
  const source = findings[0]?.severity.source;
  const rated = source === null || source === undefined ? '' : ` Rated by ${documentText(source)}.`;
  const fixes = [...new Set(findings.map(({ fixedVersion }) => fixedVersion).filter((fix) => fix !== null))];
  const fixed = fixes.length === 0 ? ' No fixed version is published.' : ` Fixed in ${documentText(fixes.join(', '))}.`;
  return plainMessage(`${id}.${rated}${fixed}`);
}
