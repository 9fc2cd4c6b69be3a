import {
  documentText,
  groupBy,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { levelOf, plainMessage, securitySeverity, worst } from './severity.ts';

/** One rule per vulnerability id, in order of first appearance, and where each stands in that list. */
export function buildRules(report: ScanReport): {
  readonly rules: readonly object[];
  readonly indexOf: ReadonlyMap<string, number>;
} {
  const groups = groupBy(vulnerabilitiesIn(report), ({ id }) => documentText(id));
  return {
    rules: [...groups].map(([id, findings]) => rule(id, findings)),
    indexOf: new Map([...groups.keys()].map((id, index) => [id, index])),
  };
}

function rule(id: string, findings: readonly VulnerabilityFinding[]): object {
  const severity = worst(findings.map((finding) => finding.severity));
  const title = findings.find((finding) => finding.title !== null)?.title ?? null;
  const text = plainMessage(title ?? id);
  const score = securitySeverity(severity);
  return {
    id,
    shortDescription: { text: text.length > 200 ? `${text.slice(0, 199).toWellFormed()}…` : text },
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

function helpText(id: string, findings: readonly VulnerabilityFinding[]): string {
  const source = findings[0]?.severity.source;
  const rated = source === null || source === undefined ? '' : ` Rated by ${documentText(source)}.`;
  const fixes = [...new Set(findings.map(({ fixedVersion }) => fixedVersion).filter((fix) => fix !== null))];
  const fixed = fixes.length === 0 ? ' No fixed version is published.' : ` Fixed in ${documentText(fixes.join(', '))}.`;
  return plainMessage(`${id}.${rated}${fixed}`);
}
