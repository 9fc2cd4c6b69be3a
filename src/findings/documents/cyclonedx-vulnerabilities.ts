import { levelOfFinding } from '../levels.ts';
import { nameOfFinding, packageOfFinding, placeOfFinding, riskAdvice } from '../naming.ts';
import {
  type Finding,
  isVulnerability,
  type ScanReport,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../report.ts';
import { property } from './cyclonedx-property.ts';
import type { LayerFacts } from './layers.ts';
import { groupBy, packagesByPurl, upgradeName } from './packages.ts';
import { uuidFor } from './stable-id.ts';
import { adviceFor, documentText } from './text.ts';

/**
 * The vulnerabilities of a report, then the other risks in it.
 * @param refs of the packages, in their order
 * @param image reference of the image, for what stands in no package
 */
export function vulnerabilities(
  report: ScanReport,
  refs: readonly string[],
  image: string,
  layers: ReadonlyMap<string, LayerFacts>,
): object[] {
  const packages = packagesByPurl(report);
  const refsByPurl = groupBy(refs.entries(), ([index]) => report.packages[index]?.purl ?? '');
  // One entry for packages that share everything said about the vulnerability, as those of one source package do.
  const groups = groupBy(vulnerabilitiesIn(report), (finding) =>
    JSON.stringify([
      finding.id,
      finding.state,
      finding.fixedVersion,
      finding.severity,
      finding.ignored,
      finding.priority,
      finding.match.on,
      finding.known,
      upgradeName(finding, packages),
    ]),
  );
  const listed = [...groups].map(([key, findings]) => {
    const first = findings[0] as VulnerabilityFinding;
    return {
      'bom-ref': `urn:uuid:${uuidFor(`urn:drydock:vulnerability:${key}`)}`,
      ...vulnerability(first, upgradeName(first, packages)),
      affects: affected(findings, refsByPurl),
    };
  });
  const risks = report.findings.filter((finding) => !isVulnerability(finding));
  return [...listed, ...risks.map((finding) => riskEntry(finding, refsByPurl, image, layers))];
}

/** Weaknesses of CWE: embedded malicious code, use of hard-coded credentials, configuration. */
const weaknesses = { malicious: 506, sensitive: 798, baseline: 16 } as const;

/** A risk that is no vulnerability of a package: of the image as a whole unless it is a package itself. */
function riskEntry(
  finding: Exclude<Finding, VulnerabilityFinding>,
  refs: ReadonlyMap<string, readonly (readonly [index: number, ref: string])[]>,
  image: string,
  layers: ReadonlyMap<string, LayerFacts>,
): object {
  const purl = packageOfFinding(finding);
  const places = purl === null ? [] : (refs.get(purl) ?? []);
  const { path, layer, line } = placeOfFinding(finding);
  const base = layers.get(layer)?.base ?? null;
  const name = nameOfFinding(finding);
  const md5 = finding.kind === 'baseline' ? finding.item : finding.md5;
  const identity = JSON.stringify([finding.id, name, purl, path, md5, finding.kind === 'malicious' ? null : layer]);
  return {
    'bom-ref': `urn:uuid:${uuidFor(`urn:drydock:${finding.kind}:${identity}`)}`,
    id: documentText(name),
    source: { name: finding.kind === 'malicious' ? documentText(finding.engine) : 'drydock' },
    ratings: [{ severity: levelOfFinding(finding), method: 'other' }],
    cwes: [weaknesses[finding.kind]],
    description: documentText(finding.title),
    recommendation: documentText(riskAdvice(finding)),
    ...decision(finding),
    affects: places.length === 0 ? [{ ref: image }] : places.map(([, ref]) => ({ ref })),
    properties: [
      property('drydock:kind', finding.kind),
      property('drydock:rule', finding.id),
      property('drydock:level', finding.level),
      ...(path === '' ? [] : [property('drydock:path', path)]),
      ...(line === null ? [] : [property('drydock:line', String(line))]),
      ...(layer === '' ? [] : [property('drydock:layer', layer)]),
      ...(base === null ? [] : [property('drydock:layer:base', String(base))]),
      ...(finding.known === true ? [property('drydock:known', 'true')] : []),
    ],
  };
}

function affected(
  findings: readonly VulnerabilityFinding[],
  refs: ReadonlyMap<string, readonly (readonly [index: number, ref: string])[]>,
): object[] {
  const targets = new Map<string, object>();
  for (const finding of findings) {
    for (const [, ref] of refs.get(finding.package) ?? [[0, finding.package]]) {
      const version = documentText(finding.installedVersion, 1024);
      targets.set(ref, { ref, versions: [{ version, status: 'affected' }] });
    }
  }
  return [...targets.values()];
}

function vulnerability(finding: VulnerabilityFinding, source: string): object {
  return {
    id: documentText(finding.id),
    source: { name: documentText(finding.match.ecosystem) },
    ...(finding.aliases.length === 0
      ? {}
      : { references: finding.aliases.map((id) => ({ id: documentText(id), source: { name: issuerOf(id) } })) }),
    ratings: [rating(finding)],
    ...(finding.title === null ? {} : { description: documentText(finding.title) }),
    recommendation: adviceFor({ ...finding, source }),
    ...analysis(finding),
    properties: [
      property('drydock:state', finding.state),
      property('drydock:priority', finding.priority),
      property('drydock:priorityReason', finding.priorityReason),
      property('drydock:kev', String(finding.kev)),
      ...(finding.epss === null ? [] : [property('drydock:epss', String(finding.epss.score))]),
      ...(finding.known === true ? [property('drydock:known', 'true')] : []),
      property('drydock:match', `${finding.match.advisory}: ${finding.match.on} package ${finding.match.range}`),
    ],
  };
}

function rating({ severity }: VulnerabilityFinding): object {
  return {
    ...(severity.source === null ? {} : { source: { name: documentText(severity.source) } }),
    ...(severity.score === null ? {} : { score: severity.score }),
    severity: severity.level === 'negligible' ? 'info' : severity.level,
    ...(severity.vector === null
      ? {}
      : { method: methodOf(severity.vector), vector: documentText(severity.vector, 500) }),
  };
}

function methodOf(vector: string): string {
  if (vector.startsWith('CVSS:4.0/')) return 'CVSSv4';
  if (vector.startsWith('CVSS:3.1/')) return 'CVSSv31';
  if (vector.startsWith('CVSS:3.0/')) return 'CVSSv3';
  return vector.startsWith('AV:') ? 'CVSSv2' : 'other';
}

const vexStates = { not_affected: 'not_affected', fixed: 'resolved', under_investigation: 'in_triage' } as const;

/** Justifications of VEX in the words of CycloneDX, which has no exact ones; the own word stands in the detail. */
const vexJustifications: Readonly<Record<string, string>> = {
  component_not_present: 'code_not_present',
  vulnerable_code_not_present: 'code_not_present',
  vulnerable_code_not_in_execute_path: 'code_not_reachable',
  vulnerable_code_cannot_be_controlled_by_adversary: 'requires_environment',
  inline_mitigations_already_exist: 'protected_by_mitigating_control',
};

/**
 * What somebody decided, in that one's words. A state is set only where a VEX document asserts it: neither a vendor's
 * "unimportant" nor an ignore rule proves that the image is not affected.
 */
function decision({ ignored }: Pick<VulnerabilityFinding, 'ignored'>): object {
  if (ignored === null) return {};
  const { by, reason, until, vex } = ignored;
  const term = until === null ? '' : ` until ${until}`;
  if (vex === undefined) return { analysis: { detail: documentText(`Ignored by ${by}${term}: ${reason}`) } };
  const words = vex.justification === null ? '' : ` (${vex.justification})`;
  const justification = vexJustifications[vex.justification ?? ''];
  return {
    analysis: {
      state: vexStates[vex.status],
      ...(vex.status === 'not_affected' && justification !== undefined && { justification }),
      detail: documentText(`${reason}${words}, says ${by} in ${vex.document}${term}`),
    },
  };
}

function analysis(finding: VulnerabilityFinding): object {
  if (finding.ignored !== null) return decision(finding);
  if (finding.state === 'unimportant') {
    return { analysis: { detail: 'The distribution rates this as unimportant; it is listed and not counted.' } };
  }
  if (finding.state === 'will_not_fix') return { analysis: { response: ['will_not_fix'] } };
  return finding.state === 'fixed' ? { analysis: { response: ['update'] } } : {};
}

const issuers: readonly (readonly [prefix: string, name: string])[] = [
  ['CVE-', 'CVE'],
  ['GHSA-', 'GitHub'],
  ['DSA-', 'Debian'],
  ['DLA-', 'Debian'],
  ['DEBIAN-', 'Debian'],
  ['USN-', 'Ubuntu'],
  ['UBUNTU-', 'Ubuntu'],
  ['ALPINE-', 'Alpine'],
];

function issuerOf(id: string): string {
  return issuers.find(([prefix]) => id.startsWith(prefix))?.[1] ?? 'OSV';
}
