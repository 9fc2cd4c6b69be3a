import { createHash } from 'node:crypto';
import type { AdvisoryIndex } from '../../advisories/index.ts';
import {
  type Ecosystem,
  type InstalledPackage,
  type PackageScope,
  readSbom,
  type SbomComponent,
  supportOf,
} from '../../ecosystems/index.ts';
import type { ScanReport } from '../../findings/index.ts';
import { type Digest, isDigest } from '../../image/index.ts';
import { type Clock, CodedError } from '../../kernel/index.ts';
import { composeReport } from '../compose-report.ts';
import { judge } from '../judge.ts';
import { subjectOfSbom } from './identity.ts';

/** Raised when a file is no bill of materials that can be read. */
export class SbomError extends CodedError<'sbom_invalid'> {}

/** Everything that the scan of a bill of materials needs. */
export interface SbomScanInput {
  readonly bytes: Uint8Array;
  /** As asked for: `sbom:FILE`. */
  readonly reference: string;
  readonly index: AdvisoryIndex;
  readonly ecosystems: readonly Ecosystem[];
  readonly clock: Clock;
  readonly toolVersion: string;
  readonly include?: readonly PackageScope[];
}

/**
 * Judges the packages of a bill of materials as if they had been found in an image. The report is that of the image that
 * the document describes, with its name and digest; where it names none, of the file itself. There are no layers.
 * @throws SbomError when the file is neither CycloneDX nor SPDX 2 in JSON
 */
export function scanSbom(input: SbomScanInput): ScanReport {
  const { bytes, reference, index, ecosystems, clock } = input;
  const startedAt = clock.now();
  const document = readSbom(bytes);
  if (document.format === null) {
    const why = document.diagnostics[0]?.message ?? 'it cannot be read';
    throw new SbomError('sbom_invalid', `${reference}: ${why}`, { hint: 'Give CycloneDX or SPDX 2.x in JSON.' });
  }
  const subject = subjectOfSbom(bytes);
  const own: Digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const { os } = document;
  const file = reference.slice(reference.lastIndexOf('/') + 1).replace(/^sbom:/, '');
  const packages = document.components.map((component) => located(component, file, own));
  const include = input.include ?? ['installed'];
  const judgement = judge({ packages, owners: [] }, os, { index, ecosystems, include });
  const now = clock.now();
  const support = os && supportOf(os, now);
  const report = composeReport({
    image: {
      reference: subject.reference ?? reference,
      digest: subject.digest ?? own,
      indexDigest: null,
      configDigest: subject.configDigest ?? subject.digest ?? own,
      platform: subject.platform ?? 'unknown',
      created: null,
      size: 0,
      os:
        os === undefined
          ? null
          : { id: os.id, versionId: os.versionId, prettyName: os.prettyName, endOfLife: endOf(support) },
      base: null,
      layers: [],
    },
    ...{ os, support, judgement, diagnostics: document.diagnostics, startedAt, now, include, index, ecosystems },
    effort: { layersRead: 0, layersCached: 0, bytesRead: bytes.length },
    toolVersion: input.toolVersion,
  });
  // The release has no file here.
  const diagnostics = report.diagnostics.map(({ path, ...rest }) => (path ? { path, ...rest } : rest));
  return { ...report, diagnostics };
}

function endOf(support: ReturnType<typeof supportOf> | undefined): string | null {
  return support?.state === 'ended' ? support.on : null;
}

/** Where the document gives no place, it is itself the evidence. */
function located({ paths, layer, ...component }: SbomComponent, file: string, own: Digest): InstalledPackage {
  const digest = layer !== null && isDigest(layer) ? layer : own;
  const places = paths.length === 0 ? [file] : paths;
  return { ...component, locations: places.map((path) => ({ path, layer: digest })) };
}
