import type { Writable } from 'node:stream';
import {
  documentText,
  imagePurl,
  type ReportPackage,
  repositoryOf,
  type ScanReport,
  uuidFor,
} from '../../findings/index.ts';
import type { ExportOptions } from '../contract.ts';
import { writeJson } from '../write-json.ts';

/** Writes SPDX 2.3: bill of materials. The format has no place for vulnerabilities, so filters do not change it. */
export async function writeSpdx(report: ScanReport, out: Writable, options: ExportOptions = {}): Promise<void> {
  await writeJson(out, buildSpdx(report, options.packagesOnly ?? false));
}

const imageId = 'SPDXRef-Image';
const osId = 'SPDXRef-OperatingSystem';

/** An SPDX 2.3 document as plain JSON; the same report gives the same document. */
function buildSpdx(report: ScanReport, packagesOnly: boolean): Readonly<Record<string, unknown>> {
  const { image, advisories, tool } = report;
  const ids = report.packages.map((pkg, index) => `SPDXRef-Package-${index + 1}-${safeId(pkg.name)}`);
  const contained = [...(image.os === null ? [] : [osId]), ...ids];
  const identity = `${image.digest}:${advisories.snapshot}:${tool.version}:${report.scan.finishedAt}`;
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: documentText(image.reference),
    documentNamespace: `urn:uuid:${uuidFor(`urn:drydock:spdx:${identity}`)}`,
    creationInfo: {
      // SPDX times have whole seconds.
      created: report.scan.finishedAt.replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: ${tool.name}-${tool.version}`],
      comment: documentText(
        `Image ${image.digest}, scan ${report.scan.state}${packagesOnly ? '' : `, advisories ${advisories.snapshot}`}`,
      ),
    },
    packages: [
      imagePackage(report),
      ...osPackage(report),
      ...report.packages.map((pkg, index) => packageEntry(pkg, ids[index] ?? '')),
    ],
    relationships: [
      { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: imageId },
      ...contained.map((id) => ({
        spdxElementId: imageId,
        relationshipType: 'CONTAINS',
        relatedSpdxElement: id,
      })),
    ],
  };
}

/** Nobody has told us, and we do not guess. */
const unknownOrigin = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
  supplier: 'NOASSERTION',
} as const;

function imagePackage({ image }: ScanReport): object {
  const [algorithm, hex] = image.digest.split(':');
  return {
    SPDXID: imageId,
    name: documentText(repositoryOf(image.reference)),
    versionInfo: image.digest,
    primaryPackagePurpose: 'CONTAINER',
    ...unknownOrigin,
    checksums: [{ algorithm: algorithm === 'sha512' ? 'SHA512' : 'SHA256', checksumValue: hex }],
    externalRefs: [purlReference(imagePurl(image))],
  };
}

function osPackage({ image: { os } }: ScanReport): object[] {
  if (os === null) return [];
  return [
    {
      SPDXID: osId,
      name: documentText(os.id),
      ...(os.versionId === null ? {} : { versionInfo: documentText(os.versionId) }),
      primaryPackagePurpose: 'OPERATING_SYSTEM',
      ...unknownOrigin,
    },
  ];
}

function packageEntry(pkg: ReportPackage, id: string): object {
  const evidence = pkg.locations.map(({ path, layer }) => `${path} in layer ${layer}`).join(', ');
  const source = pkg.source === null ? '' : `built from source package ${pkg.source.name} ${pkg.source.version}`;
  const sourceInfo = [source, evidence === '' ? '' : `found at ${evidence}`].filter((part) => part !== '').join('; ');
  return {
    SPDXID: id,
    name: documentText(pkg.name),
    versionInfo: documentText(pkg.version),
    primaryPackagePurpose: 'LIBRARY',
    ...unknownOrigin,
    ...(sourceInfo === '' ? {} : { sourceInfo: documentText(sourceInfo) }),
    ...commentOf(pkg),
    externalRefs: [purlReference(pkg.purl)],
  };
}

/** What SPDX has no field for, in the names of the CycloneDX properties; nothing for what is plainly installed. */
function commentOf({ scope, confidence, guessed, ownedBy }: ReportPackage): object {
  const words = [
    ...(scope === 'installed' ? [] : [`drydock:scope=${scope}`]),
    ...(confidence === 'high' ? [] : [`drydock:confidence=${confidence}`]),
    ...(guessed ? ['drydock:guessed=true'] : []),
    ...(ownedBy === null ? [] : [`drydock:ownedBy=${ownedBy}`]),
  ];
  return words.length === 0 ? {} : { comment: documentText(words.join('; ')) };
}

function purlReference(purl: string): object {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl };
}

/** The readable part of an id: only letters, digits, dots and hyphens may occur; the number makes it unique. */
function safeId(name: string): string {
  return name.slice(0, 100).replace(/[^A-Za-z0-9.-]/g, '-');
}
