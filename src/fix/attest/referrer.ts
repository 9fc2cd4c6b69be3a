import { digestOf, mediaTypes } from '../../image/index.ts';
import type { AttestationDocument, Referrer, Subject } from './contract.ts';

/** The empty config that the image specification prescribes for artifacts. */
const emptyConfig = Buffer.from('{}');

/**
 * The manifest that attaches a document to a subject (OCI image specification 1.1, artifacts with `artifactType`). The
 * same input gives the same digest, so attaching twice adds nothing.
 * @param created RFC 3339
 */
export function buildReferrer(document: AttestationDocument, subject: Subject, created: string): Referrer {
  const config = blob(emptyConfig, mediaTypes.ociEmpty);
  const layer = blob(document.bytes, document.mediaType);
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    artifactType: document.artifactType,
    config: descriptor(config),
    layers: [descriptor(layer)],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    annotations: { 'org.opencontainers.image.created': created, ...document.annotations },
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  return {
    bytes,
    digest: digestOf(bytes),
    mediaType: mediaTypes.ociManifest,
    artifactType: document.artifactType,
    blobs: [config, layer],
  };
}

function blob(bytes: Uint8Array, mediaType: string): Referrer['blobs'][number] {
  return { digest: digestOf(bytes), size: bytes.length, bytes, mediaType };
}

function descriptor({ mediaType, digest, size }: Referrer['blobs'][number]): object {
  return { mediaType, digest, size };
}
