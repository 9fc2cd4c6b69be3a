import {
  type Finding,
  type LayerFacts,
  layersByDigest,
  levelOfFinding,
  packagesByPurl,
  type ReportPackage,
  type ScanReport,
  type VulnerabilityFinding,
} from '../../findings/index.ts';

import type { CellValue } from '../rows/contract.ts';

/** What a row is made of. */
export interface CsvFacts {
  readonly report: ScanReport;
  readonly finding: Finding;
  /** null for what is malicious. */
  readonly vulnerability: VulnerabilityFinding | null;
  readonly pkg: ReportPackage | undefined;
  readonly layer: LayerFacts | undefined;
}

/** A column of `-o csv`. Names and order never change; new columns are added at the end. */
export interface CsvColumn {
  readonly name: string;
  readonly type: 'text' | 'number' | 'flag' | 'list';
  value(facts: CsvFacts): CellValue;
}

const text = (name: string, value: (facts: CsvFacts) => string | null): CsvColumn => ({ name, type: 'text', value });
const ofVulnerability = (
  name: string,
  type: CsvColumn['type'],
  value: (finding: VulnerabilityFinding) => CellValue,
): CsvColumn => ({ name, type, value: ({ vulnerability }) => (vulnerability === null ? null : value(vulnerability)) });

/** All columns, in their order (docs/api/scan-csv.md). */
export const csvColumns: readonly CsvColumn[] = [
  text('kind', ({ finding }) => finding.kind),
  text('id', ({ finding }) => (finding.kind === 'malicious' ? finding.rule : finding.id)),
  ofVulnerability('aliases', 'list', ({ aliases }) => aliases),
  text('severity', ({ finding }) => levelOfFinding(finding)),
  ofVulnerability('cvss', 'number', ({ severity }) => severity.score),
  ofVulnerability('vector', 'text', ({ severity }) => severity.vector),
  ofVulnerability('severitySource', 'text', ({ severity }) => severity.source),
  ofVulnerability('priority', 'text', ({ priority }) => priority),
  ofVulnerability('priorityReason', 'text', ({ priorityReason }) => priorityReason),
  ofVulnerability('kev', 'flag', ({ kev }) => kev),
  ofVulnerability('epss', 'number', ({ epss }) => epss?.score ?? null),
  text('packageType', ({ pkg }) => pkg?.type ?? null),
  text('packageName', ({ pkg }) => pkg?.name ?? null),
  text('packageVersion', ({ pkg, vulnerability }) => vulnerability?.installedVersion ?? pkg?.version ?? null),
  text('purl', ({ finding }) => finding.package),
  text('sourceName', ({ pkg }) => pkg?.source?.name ?? null),
  text('sourceVersion', ({ pkg }) => pkg?.source?.version ?? null),
  text('scope', ({ pkg }) => pkg?.scope ?? null),
  text('confidence', ({ pkg }) => pkg?.confidence ?? null),
  ofVulnerability('state', 'text', ({ state }) => state),
  ofVulnerability('fixedVersion', 'text', ({ fixedVersion }) => fixedVersion),
  text('title', ({ finding }) => finding.title),
  text('status', ({ finding, vulnerability }) => {
    if (finding.ignored !== null) return 'ignored';
    return vulnerability?.state === 'unimportant' ? 'unimportant' : 'counted';
  }),
  text('ignoredReason', ({ finding }) => finding.ignored?.reason ?? null),
  text('ignoredBy', ({ finding }) => finding.ignored?.by ?? null),
  text('ignoredUntil', ({ finding }) => finding.ignored?.until ?? null),
  text('vexStatus', ({ finding }) => finding.ignored?.vex?.status ?? null),
  text('vexJustification', ({ finding }) => finding.ignored?.vex?.justification ?? null),
  {
    name: 'known',
    type: 'flag',
    value: ({ report, finding }) => (report.baseline === undefined ? null : finding.known === true),
  },
  text('path', ({ finding }) => finding.path),
  text('layer', ({ finding }) => finding.layer),
  { name: 'layerNumber', type: 'number', value: ({ layer }) => layer?.number ?? null },
  { name: 'baseLayer', type: 'flag', value: ({ layer }) => layer?.base ?? null },
  text('instruction', ({ layer }) => layer?.createdBy ?? null),
  text('image', ({ report }) => report.image.reference),
  text('imageDigest', ({ report }) => report.image.digest),
  text('platform', ({ report }) => report.image.platform),
  text('os', ({ report: { image } }) =>
    image.os === null ? null : `${image.os.id} ${image.os.versionId ?? ''}`.trim(),
  ),
  text('scannedAt', ({ report }) => report.scan.finishedAt),
  text('scanState', ({ report }) => report.scan.state),
  text('advisorySnapshot', ({ report }) => report.advisories.snapshot),
  text('toolVersion', ({ report }) => report.tool.version),
];

/** The rows of a report in the order of its findings, one after the other. */
export function* csvFacts(report: ScanReport): Generator<CsvFacts> {
  const packages = packagesByPurl(report);
  const layers = layersByDigest(report);
  for (const finding of report.findings) {
    yield {
      report,
      finding,
      vulnerability: finding.kind === 'malicious' ? null : finding,
      pkg: finding.package === null ? undefined : packages.get(finding.package),
      layer: layers.get(finding.layer),
    };
  }
}
