import { createHash } from 'node:crypto';
import {
  adviceFor,
  documentText,
  type Finding,
  type LayerFacts,
  layersByDigest,
  levelOfFinding,
  packagesByPurl,
  type ReportPackage,
  type ScanReport,
  toRelativeUri,
  upgradeName,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { levelOf, plainMessage } from './severity.ts';

/** One result per finding, in the order of the report: vulnerabilities, then what is malicious. */
export function buildResults(report: ScanReport, ruleIndex: ReadonlyMap<string, number>): readonly object[] {
  const packages = packagesByPurl(report);
  const layers = layersByDigest(report);
  const baseline = report.baseline !== undefined;
  const malicious = report.findings.filter((finding) => finding.kind === 'malicious');
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
        locations: [location(finding)],
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
    ...malicious.map((finding) => {
      const id = documentText(finding.rule);
      const pkg = finding.package === null ? undefined : packages.get(finding.package);
      return {
        ruleId: id,
        ruleIndex: ruleIndex.get(id) ?? -1,
        kind: 'fail',
        level: levelOf(levelOfFinding(finding)),
        message: { text: plainMessage(`${finding.rule} (malicious, ${finding.level}): ${finding.title}`) },
        locations: [location(finding)],
        partialFingerprints: { 'drydockFinding/v1': fingerprint(finding, pkg) },
        ...baselineState(finding, baseline),
        ...suppressions(finding),
        properties: {
          ...(finding.package === null ? {} : { package: finding.package }),
          level: finding.level,
          engine: documentText(finding.engine),
          ...layerProperties(layers.get(finding.layer)),
        },
      };
    }),
  ];
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
function location(finding: Pick<Finding, 'path' | 'layer'>): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: toRelativeUri(finding.path) || 'unknown', uriBaseId: 'IMAGE' },
      region: { startLine: 1 },
    },
    logicalLocations: [{ name: documentText(finding.layer), kind: 'layer' }],
    message: { text: plainMessage(`layer ${finding.layer}`) },
  };
}

/** Stays the same when the package is upgraded to a version that is still affected, or the image rebuilt. */
function fingerprint(finding: Finding, pkg: ReportPackage | undefined): string {
  const id = finding.kind === 'malicious' ? finding.rule : finding.id;
  const parts = [finding.kind, id, pkg?.type ?? '', pkg?.name ?? finding.package ?? '', finding.path];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function suppressions({ ignored }: Finding): object {
  if (ignored === null) return {};
  const term = ignored.until === null ? '' : ` until ${ignored.until}`;
  const justification = documentText(`${ignored.reason} (${ignored.by}${term})`);
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
}
