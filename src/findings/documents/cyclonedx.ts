import type { ReportPackage, ScanReport } from '../report.ts';
import { type Property, property } from './cyclonedx-property.ts';
import { vulnerabilities } from './cyclonedx-vulnerabilities.ts';
import { imagePurl, repositoryOf } from './image-purl.ts';
import { type LayerFacts, layersByDigest } from './layers.ts';
import { uuidFor } from './stable-id.ts';
import { documentText } from './text.ts';

/** A CycloneDX 1.6 document as plain JSON. */
export type CycloneDxDocument = Readonly<Record<string, unknown>>;

/**
 * The bill of materials of an image with its vulnerabilities, CycloneDX 1.6. Nothing in it depends on when or where it
 * is built: the serial number follows from image digest, advisory snapshot and tool version, the time is the report's.
 * @param options.packagesOnly leaves vulnerabilities and all words about advisories out
 */
export function buildCycloneDx(
  report: ScanReport,
  options: { readonly packagesOnly?: boolean } = {},
): CycloneDxDocument {
  const refs = bomRefs(report.packages);
  const image = imagePurl(report.image);
  const layers = layersByDigest(report);
  const packagesOnly = options.packagesOnly ?? false;
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
      properties: scanProperties(report, packagesOnly),
    },
    components: [
      ...osComponent(report),
      ...report.packages.map((pkg, index) => component(pkg, refs[index] ?? pkg.purl, layers)),
    ],
    // Files that no package owns are not listed, so the list never claims to be complete.
    compositions: [{ aggregate: report.scan.state === 'complete' ? 'unknown' : 'incomplete', assemblies: [image] }],
    ...(packagesOnly ? {} : { vulnerabilities: vulnerabilities(report, refs, image, layers) }),
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
      ...report.image.layers
        .filter(({ createdBy }) => createdBy !== null)
        .map(({ digest, createdBy }) => property('drydock:image:layer:instruction', `${digest} ${createdBy}`, 1000)),
    ],
  };
}

function scanProperties(report: ScanReport, packagesOnly: boolean): Property[] {
  return [
    property('drydock:scan:state', report.scan.state),
    ...(packagesOnly
      ? []
      : [
          property('drydock:advisories:snapshot', report.advisories.snapshot),
          property('drydock:advisories:createdAt', report.advisories.createdAt),
          property('drydock:advisories:origin', report.advisories.origin),
        ]),
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

/**
 * What each scope is in the words of CycloneDX: needed at run time (no word), not needed, or not there at all. The exact
 * one is a property.
 */
const cycloneDxScopes = { installed: undefined, dev: 'excluded', declared: 'optional', removed: 'excluded' } as const;

function component(pkg: ReportPackage, ref: string, layers: ReadonlyMap<string, LayerFacts>): object {
  const scope = cycloneDxScopes[pkg.scope];
  return {
    type: 'library',
    'bom-ref': ref,
    name: documentText(pkg.name),
    version: documentText(pkg.version, 1024),
    ...(scope === undefined ? {} : { scope }),
    purl: pkg.purl,
    properties: componentProperties(pkg, layers),
    evidence: {
      occurrences: pkg.locations.map(({ path, layer }) => ({
        location: documentText(path) || '/',
        additionalContext: `layer ${layer}`,
      })),
    },
  };
}

function componentProperties(pkg: ReportPackage, layers: ReadonlyMap<string, LayerFacts>): Property[] {
  const digests = new Set(pkg.locations.map((location) => location.layer));
  const base = layers.get(pkg.locations[0]?.layer ?? '')?.base ?? null;
  return [
    ...(pkg.source === null
      ? []
      : [property('drydock:source:name', pkg.source.name), property('drydock:source:version', pkg.source.version)]),
    ...[...digests].map((layer) => property('drydock:layer', layer)),
    ...(base === null ? [] : [property('drydock:layer:base', String(base))]),
    ...(pkg.ownedBy === null ? [] : [property('drydock:ownedBy', pkg.ownedBy)]),
    ...(pkg.scope === 'installed' ? [] : [property('drydock:scope', pkg.scope)]),
    ...(pkg.confidence === 'high' ? [] : [property('drydock:confidence', pkg.confidence)]),
    ...(pkg.guessed ? [property('drydock:guessed', 'true')] : []),
  ];
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
