import { buildCycloneDx, type ScanReport } from '../../findings/index.ts';
import type { AttestationDocument } from './contract.ts';
import { jsonBytes } from './statement.ts';

/** Media type of the bill of materials. */
export const sbomType = 'application/vnd.cyclonedx+json';

/** The bill of materials of a scanned image, CycloneDX 1.6. */
export function buildSbomDocument(report: ScanReport): AttestationDocument {
  return { mediaType: sbomType, artifactType: sbomType, bytes: jsonBytes(buildCycloneDx(report)), annotations: {} };
}
