import {
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
  type ScanReport,
  type VulnerabilityFinding,
} from '../../findings/index.ts';

import type { CellValue } from '../rows/contract.ts';

/** What a row is made of. */
export interface CsvFacts {
  readonly report: ScanReport;
  readonly finding: Finding;
  /** null for risks of another kind. */
  readonly vulnerability: VulnerabilityFinding | null;
  readonly place: ReturnType<typeof placeOfFinding>;
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

const ofRisk = (
  name: string,
  type: CsvColumn['type'],
  value: (finding: Exclude<Finding, VulnerabilityFinding>) => CellValue,
): CsvColumn => ({ name, type, value: ({ finding }) => (isVulnerability(finding) ? null : value(finding)) });

/** All columns, in their order (docs/api/scan-csv.md). */
export const csvColumns: readonly CsvColumn[] = [
  text('kind', ({ finding }) => finding.kind),
  text('id', ({ finding }) => nameOfFinding(finding)),
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
  text('purl', ({ finding }) => packageOfFinding(finding)),
  text('sourceName', ({ pkg }) => pkg?.source?.name ?? null),
  text('sourceVersion', ({ pkg }) => pkg?.source?.version ?? null),
  text('scope', ({ pkg }) => pkg?.scope ?? null),
  text('confidence', ({ pkg }) => pkg?.confidence ?? null),
  ofVulnerability('state', 'text', ({ state }) => state),
  ofVulnerability('fixedVersion', 'text', ({ fixedVersion }) => fixedVersion),
  text('title', ({ finding }) => finding.title),
  text('status', ({ finding, vulnerability }) => {
    if (finding.ignored !== null) return 'ignored';
    if (vulnerability?.state === 'unimportant') return 'unimportant';
    return isCounted(finding) ? 'counted' : 'listed';
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
  text('path', ({ place }) => place.path),
  text('layer', ({ place }) => place.layer),
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
  { name: 'line', type: 'number', value: ({ place }) => place.line },
  ofRisk('class', 'text', (finding) => (finding.kind === 'malicious' ? finding.key : finding.class)),
  ofRisk('rule', 'text', (finding) => (finding.kind === 'baseline' ? finding.item : finding.id)),
  ofRisk('excerpt', 'text', (finding) =>
    finding.kind === 'baseline' ? (finding.evidence[0]?.excerpt ?? null) : finding.excerpt,
  ),
  ofRisk('evidence', 'number', (finding) => (finding.kind === 'malicious' ? finding.matches.length : finding.total)),
  ofRisk('md5', 'text', (finding) => (finding.kind === 'baseline' ? null : finding.md5)),
  ofRisk('sha256', 'text', (finding) => (finding.kind === 'malicious' ? finding.sha256 : null)),
  ofRisk('member', 'text', (finding) => (finding.kind === 'malicious' ? finding.member : null)),
  ofRisk('present', 'flag', (finding) => (finding.kind === 'baseline' ? null : finding.present)),
  ofRisk('advice', 'text', riskAdvice),
];

/** The rows of a report in the order of its findings, one after the other. */
export function* csvFacts(report: ScanReport): Generator<CsvFacts> {
  const packages = packagesByPurl(report);
  const layers = layersByDigest(report);
  for (const finding of report.findings) {
    const place = placeOfFinding(finding);
    yield {
      ...{ report, finding, place },
      vulnerability: isVulnerability(finding) ? finding : null,
      pkg: packages.get(packageOfFinding(finding) ?? ''),
      layer: layers.get(place.layer),
    };
  }
}
