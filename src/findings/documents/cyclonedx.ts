import { type ReportPackage, type ScanReport, type VulnerabilityFinding, vulnerabilitiesIn } from '../report.ts';
import { imagePurl, repositoryOf } from './image-purl.ts';
import { groupBy, packagesByPurl, upgradeName } from './packages.ts';
import { uuidFor } from './stable-id.ts';
import { adviceFor, documentText } from './text.ts';

/** A CycloneDX 1.6 document as plain JSON. */
export type CycloneDxDocument = Readonly<Record<string, unknown>>;

interface Property {
  readonly name: string;
  readonly value: string;
}

/**
 * The bill of materials of an image with its vulnerabilities, CycloneDX 1.6. Nothing in it depends on when or where it
 * is built: the serial number follows from image digest, advisory snapshot and tool version, the time is the report's.
 */
export function buildCycloneDx(report: ScanReport): CycloneDxDocument {
  const refs = bomRefs(report.packages);
  const image = imagePurl(report.image);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${serialNumber(report)}`,
    version: 1,
    metadata: {
      timestamp: report.scan.finishedAt,
      tools: { components: [{ type: 'application', name: report.tool.name, version: report.tool.version }] },
      component: imageComponent(report, image),
      properties: scanProperties(report),
    },
    components: [
      ...osComponent(report),
      ...report.packages.map((pkg, index) => component(pkg, refs[index] ?? pkg.purl)),
    ],
    // Files that no package owns are not listed, so the list never claims to be complete.
    compositions: [{ aggregate: report.scan.state === 'complete' ? 'unknown' : 'incomplete', assemblies: [image] }],
    vulnerabilities: vulnerabilities(report, refs),
  };
}

function serialNumber(report: ScanReport): string {
  return uuidFor(`urn:drydock:sbom:${report.image.digest}:${report.advisories.snapshot}:${report.tool.version}`);
}

function imageComponent(report: ScanReport, ref: string): object {
  const [algorithm, hex] = report.image.digest.split(':');
  return {
    type: 'container',
    'bom-ref': ref,
    name: documentText(repositoryOf(report.image.reference)),
    version: report.image.digest,
    purl: ref,
    hashes: [{ alg: algorithm === 'sha512' ? 'SHA-512' : 'SHA-256', content: hex }],
    properties: [
      property('drydock:image:reference', report.image.reference),
      property('drydock:image:platform', report.image.platform),
      property('drydock:image:configDigest', report.image.configDigest),
      ...report.image.layers.map((layer) => property('drydock:image:layer', layer.digest)),
    ],
  };
}

function scanProperties(report: ScanReport): Property[] {
  return [
    property('drydock:scan:state', report.scan.state),
    property('drydock:advisories:snapshot', report.advisories.snapshot),
    property('drydock:advisories:createdAt', report.advisories.createdAt),
    property('drydock:advisories:origin', report.advisories.origin),
    ...report.diagnostics.map((entry) => property('drydock:diagnostic', `${entry.code}: ${entry.message}`)),
  ];
}

function osComponent(report: ScanReport): object[] {
  const { os } = report.image;
  if (os === null) return [];
  return [
    {
      type: 'operating-system',
      'bom-ref': 'operating-system',
      name: documentText(os.id),
      ...(os.versionId === null ? {} : { version: documentText(os.versionId, 1024) }),
      ...(os.prettyName === null ? {} : { description: documentText(os.prettyName) }),
      ...(os.endOfLife === null ? {} : { properties: [property('drydock:os:endOfLife', os.endOfLife)] }),
    },
  ];
}

function component(pkg: ReportPackage, ref: string): object {
  const layers = new Set(pkg.locations.map((location) => location.layer));
  return {
    type: 'library',
    'bom-ref': ref,
    name: documentText(pkg.name),
    version: documentText(pkg.version, 1024),
    purl: pkg.purl,
    properties: [
      ...(pkg.source === null
        ? []
        : [property('drydock:source:name', pkg.source.name), property('drydock:source:version', pkg.source.version)]),
      ...[...layers].map((layer) => property('drydock:layer', layer)),
      ...(pkg.ownedBy === null ? [] : [property('drydock:ownedBy', pkg.ownedBy)]),
    ],
    evidence: {
      occurrences: pkg.locations.map(({ path, layer }) => ({
        location: documentText(path) || '/',
        additionalContext: `layer ${layer}`,
      })),
    },
  };
}

/** One reference per package: its purl, numbered where the same purl occurs at several places. */
function bomRefs(packages: readonly ReportPackage[]): readonly string[] {
  const taken = new Set(packages.map(({ purl }) => purl));
  const seen = new Map<string, number>();
  return packages.map(({ purl }) => {
    let count = seen.get(purl) ?? 0;
    let ref = purl;
    // A purl may itself end like a numbered one.
    do ref = ++count === 1 ? purl : `${purl}#${count}`;
    while (count > 1 && taken.has(ref));
    seen.set(purl, count);
    return ref;
  });
}

function vulnerabilities(report: ScanReport, refs: readonly string[]): object[] {
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
      upgradeName(finding, packages),
    ]),
  );
  return [...groups].map(([key, findings]) => {
    const first = findings[0] as VulnerabilityFinding;
    return {
      'bom-ref': `urn:uuid:${uuidFor(`urn:drydock:vulnerability:${key}`)}`,
      ...vulnerability(first, upgradeName(first, packages)),
      affects: affected(findings, refsByPurl),
    };
  });
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

/**
 * What somebody decided, in that one's words. No `state` is set: neither a vendor's "unimportant" nor an ignore rule
 * proves that the image is not affected.
 */
function analysis(finding: VulnerabilityFinding): object {
  if (finding.ignored !== null) {
    const { by, reason, until } = finding.ignored;
    const term = until === null ? '' : ` until ${until}`;
    return { analysis: { detail: documentText(`Ignored by ${by}${term}: ${reason}`) } };
  }
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

function property(name: string, value: string): Property {
  return { name, value: documentText(value) };
}
