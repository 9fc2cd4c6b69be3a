import {
  checkLayerCount,
  configLimits,
  type Descriptor,
  type Digest,
  digestOf,
  type ImageHandle,
  type ImageRepository,
  isForeignLayer,
  type Manifest,
  type ManifestDocument,
  parseConfig,
} from '../image/index.ts';
import { FixError } from './errors.ts';

/**
 * A pushed platform image, opened from what the repository serves under its digest and nothing else.
 * @throws FixError `digest_mismatch` when the repository does not serve what was pushed
 */
export async function openPushed(
  repository: ImageRepository,
  digest: Digest,
  like: Pick<ImageHandle, 'reference' | 'platform'>,
  signal: AbortSignal,
): Promise<ImageHandle> {
  const document = await repository.manifest(digest, signal);
  if (!document || document.digest !== digest || !isImage(document)) {
    throw new FixError('digest_mismatch', `${repository.name} does not serve the image ${digest} that was pushed`);
  }
  const configBytes = await readSmall(repository, document.content.config, signal);
  const config = parseConfig(configBytes);
  checkLayerCount(document.content, config);
  return {
    reference: like.reference,
    document,
    indexDigest: undefined,
    config,
    configBytes,
    platform: like.platform,
    diagnostics: [],
    layers: document.content.layers.map((descriptor, index) => ({
      descriptor,
      diffId: config.diffIds[index] as Digest,
      foreign: isForeignLayer(descriptor),
      open: (innerSignal) => repository.openBlob(descriptor, innerSignal),
    })),
  };
}

function isImage(document: ManifestDocument): document is ManifestDocument & { readonly content: Manifest } {
  return document.content.kind === 'manifest';
}

async function readSmall(
  repository: ImageRepository,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (descriptor.size > configLimits.maxBytes) throw new FixError('limit_exceeded', 'the image config is too large');
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of await repository.openBlob(descriptor, signal)) {
    size += (chunk as Uint8Array).length;
    if (size > descriptor.size) break;
    chunks.push(chunk as Uint8Array);
  }
  const bytes = Buffer.concat(chunks);
  if (digestOf(bytes) !== descriptor.digest) {
    throw new FixError('digest_mismatch', `${repository.name} serves other bytes than ${descriptor.digest}`);
  }
  return bytes;
}
