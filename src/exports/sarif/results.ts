import { createHash } from 'node:crypto';
import {
  adviceFor,
  documentText,
  type Finding,
  isCounted,
  isVulnerability,
  type LayerFacts,
  layersByDigest,
  levelOfFinding,
  nameOfFinding,
  packageOfFinding,
  packagesByPurl,
  placeOfFinding,
  type ReportPackage,
  riskAdvice,
  riskWord,
  type ScanReport,
  toRelativeUri,
  upgradeName,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { levelOf, plainMessage } from './severity.ts';

type Place = ReturnType<typeof placeOfFinding>;

/** One result per finding, in the order of the report: vulnerabilities, then other risks. */
export function buildResults(report: ScanReport, ruleIndex: ReadonlyMap<string, number>): readonly object[] {
  const packages = packagesByPurl(report);
  const layers = layersByDigest(report);
  const baseline = report.baseline !== undefined;
  const risks = report.findings.filter((finding) => !isVulnerability(finding));
  return [
    ...vulnerabilitiesIn(report).map((finding) => {
      const id = documentText(finding.id);
      // A finding that is listed and not counted informs; SARIF then wants the level `none`.
      const counted = finding.state !== 'unimportant';
      return {
        ruleId: id,
        ruleIndex: ruleIndex.get(id) ?? -1,
        kind: counted ? 'fail' : 'informational',
        level: counted ? levelOf(finding.severity.level) : 'none',
        message: { text: messageOf(finding, packages) },
        locations: [location(placeOfFinding(finding))],
        partialFingerprints: { 'drydockFinding/v1': fingerprint(finding, packages.get(finding.package)) },
        ...baselineState(finding, baseline),
        ...suppressions(finding),
        properties: {
          package: finding.package,
          installedVersion: documentText(finding.installedVersion),
          fixedVersion: finding.fixedVersion === null ? null : documentText(finding.fixedVersion),
          state: finding.state,
          severity: finding.severity.level,
          priority: finding.priority,
          ...layerProperties(layers.get(finding.layer)),
        },
      };
    }),
    ...risks.map((finding) => riskResult(finding, ruleIndex, { packages, layers, baseline })),
  ];
}

type Risk = Exclude<Finding, VulnerabilityFinding>;

function riskResult(
  finding: Risk,
  ruleIndex: ReadonlyMap<string, number>,
  known: {
    readonly packages: ReadonlyMap<string, ReportPackage>;
    readonly layers: ReadonlyMap<string, LayerFacts>;
    readonly baseline: boolean;
  },
): object {
  const id = documentText(nameOfFinding(finding));
  const purl = packageOfFinding(finding);
  const counted = finding.ignored !== null || isCounted(finding);
  return {
    ruleId: id,
    ruleIndex: ruleIndex.get(id) ?? -1,
    kind: counted ? 'fail' : 'informational',
    level: counted ? levelOf(levelOfFinding(finding)) : 'none',
    message: {
      text: plainMessage(`${id} (${riskWord(finding)}, ${finding.level}): ${finding.title}. ${riskAdvice(finding)}`),
    },
    locations: placesOf(finding).map(location),
    partialFingerprints: { 'drydockFinding/v1': fingerprint(finding, known.packages.get(purl ?? '')) },
    ...baselineState(finding, known.baseline),
    ...suppressions(finding),
    properties: {
      ...(purl === null ? {} : { package: purl }),
      kind: riskWord(finding),
      level: finding.level,
      ...(finding.kind === 'malicious' && { engine: documentText(finding.engine) }),
      ...layerProperties(known.layers.get(placeOfFinding(finding).layer)),
    },
  };
}

/** Places that are named of one finding; more do not help anybody who reads results. */
const mostPlaces = 10;

function placesOf(finding: Risk): readonly Place[] {
  if (finding.kind !== 'baseline') return [placeOfFinding(finding)];
  return finding.evidence.slice(0, mostPlaces).map(({ path, layer, line }) => ({ path, layer: layer ?? '', line }));
}

/** What the image says about the layer that brought the finding; what it does not say is left out. */
function layerProperties(layer: LayerFacts | undefined): object {
  if (layer === undefined) return {};
  return {
    ...(layer.base === null ? {} : { baseLayer: layer.base }),
    ...(layer.createdBy === null ? {} : { instruction: documentText(layer.createdBy, 300) }),
  };
}

function baselineState({ known }: Finding, hasBaseline: boolean): object {
  return hasBaseline ? { baselineState: known === true ? 'unchanged' : 'new' } : {};
}

function messageOf(finding: VulnerabilityFinding, packages: ReadonlyMap<string, ReportPackage>): string {
  const name = packages.get(finding.package)?.name ?? finding.package;
  const advice = adviceFor({ ...finding, source: upgradeName(finding, packages) });
  return plainMessage(`${finding.id} (${finding.severity.level}) in ${name} ${finding.installedVersion}. ${advice}`);
}

/** A place inside the image, never on the machine that shows the result: the base `IMAGE` has no URI. */
function location({ path, layer, line }: Place): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: toRelativeUri(path) || 'unknown', uriBaseId: 'IMAGE' },
      region: { startLine: line ?? 1 },
    },
    ...(layer !== '' && {
      logicalLocations: [{ name: documentText(layer), kind: 'layer' }],
      message: { text: plainMessage(`layer ${layer}`) },
    }),
  };
}

/** Stays the same when the package is upgraded to a version that is still affected, or the image rebuilt. */
function fingerprint(finding: Finding, pkg: ReportPackage | undefined): string {
  // A check fails once, wherever the evidence is.
  const path = finding.kind === 'baseline' ? '' : finding.path;
  const name = pkg?.name ?? packageOfFinding(finding) ?? '';
  const parts = [finding.kind, nameOfFinding(finding), pkg?.type ?? '', name, path];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function suppressions({ ignored }: Finding): object {
  if (ignored === null) return {};
  const term = ignored.until === null ? '' : ` until ${ignored.until}`;
  const justification = documentText(`${ignored.reason} (${ignored.by}${term})`);
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
}
