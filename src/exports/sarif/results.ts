import { createHash } from 'node:crypto';
import {
  adviceFor,
  documentText,
  packagesByPurl,
  type ReportPackage,
  type ScanReport,
  toRelativeUri,
  upgradeName,
  type VulnerabilityFinding,
  vulnerabilitiesIn,
} from '../../findings/index.ts';
import { levelOf, plainMessage } from './severity.ts';

/** One result per finding, in the order of the report. */
export function buildResults(report: ScanReport, ruleIndex: ReadonlyMap<string, number>): readonly object[] {
  const packages = packagesByPurl(report);
  return vulnerabilitiesIn(report).map((finding) => {
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
      ...suppressions(finding),
      properties: {
        package: finding.package,
        installedVersion: documentText(finding.installedVersion),
        fixedVersion: finding.fixedVersion === null ? null : documentText(finding.fixedVersion),
        state: finding.state,
        severity: finding.severity.level,
        priority: finding.priority,
      },
    };
  });
}

function messageOf(finding: VulnerabilityFinding, packages: ReadonlyMap<string, ReportPackage>): string {
  const name = packages.get(finding.package)?.name ?? finding.package;
  const advice = adviceFor({ ...finding, source: upgradeName(finding, packages) });
  return plainMessage(`${finding.id} (${finding.severity.level}) in ${name} ${finding.installedVersion}. ${advice}`);
}

/** A place inside the image, never on the machine that shows the result: the base `IMAGE` has no URI. */
function location(finding: VulnerabilityFinding): object {
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
function fingerprint(finding: VulnerabilityFinding, pkg: ReportPackage | undefined): string {
  const parts = [finding.kind, finding.id, pkg?.type ?? '', pkg?.name ?? finding.package, finding.path];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function suppressions({ ignored }: VulnerabilityFinding): object {
  if (ignored === null) return {};
  const term = ignored.until === null ? '' : ` until ${ignored.until}`;
  const justification = documentText(`${ignored.reason} (${ignored.by}${term})`);
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
}
