import { createHash } from 'node:crypto';
import { isJsonObject, type JsonValue, messageOf, parseJson } from '../../kernel/index.ts';
import { type Digest, digestOf, finishDigest } from '../digest.ts';
import { type Descriptor, type ManifestDocument, mediaTypes } from '../model.ts';
import { configLimits, parseConfig } from '../parse-config.ts';
import { manifestLimits, parseManifestDocument } from '../parse-manifest.ts';
import { type ArchiveFile, openMember, readMember } from './archive-file.ts';
import { SourceError } from './errors.ts';
import { readRange, streamOf, streamRange } from './host-file.ts';
import type { ImageContent } from './read-blob.ts';
import { compressionOf, type TarMember } from './tar-index.ts';
import { verifyStream } from './verify-stream.ts';

/** One image of `manifest.json` in a `docker save` archive. */
interface SavedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/**
 * Reads an image of a `docker save` archive. Such archives hold no manifest, so one is made: uncompressed layers are
 * described by their diff_id, which the config tells and the stream verifies; compressed ones are hashed first.
 */
export async function readDockerArchive(
  archive: ArchiveFile,
  name: string | undefined,
  signal: AbortSignal,
): Promise<{ root: ManifestDocument; content: ImageContent }> {
  const saved = chooseSaved(await savedImages(archive), name, archive.path);
  const configBytes = await readMember(archive, saved.config, configLimits.maxBytes);
  if (configBytes === undefined) throw lacks(archive, saved.config);
  const { diffIds } = parseConfig(configBytes);
  if (diffIds.length !== saved.layers.length) {
    throw new SourceError(
      'invalid_archive',
      `${archive.path}: ${saved.layers.length} layers, but ${diffIds.length} diff_ids`,
    );
  }
  const members = new Map<Digest, TarMember>();
  const layers: Descriptor[] = [];
  for (const [index, layer] of saved.layers.entries()) {
    const member = archive.members.get(layer);
    const diffId = diffIds[index];
    if (member === undefined || diffId === undefined) throw lacks(archive, layer);
    const descriptor = await describeLayer(archive, member, diffId, signal);
    members.set(descriptor.digest, member);
    layers.push(descriptor);
  }
  const config = { mediaType: mediaTypes.ociConfig, digest: digestOf(configBytes), size: configBytes.length };
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers };
  const root = parseManifestDocument(Buffer.from(JSON.stringify(manifest)), mediaTypes.ociManifest);
  const content: ImageContent = {
    manifest: async (digest) => (digest === root.digest ? root : undefined),
    async openBlob(descriptor, blobSignal) {
      if (descriptor.digest === config.digest) return verifyStream(streamOf(configBytes), descriptor);
      const member = members.get(descriptor.digest);
      if (member === undefined) throw lacks(archive, descriptor.digest);
      return openMember(archive, member, descriptor, blobSignal);
    },
  };
  return { root, content };
}

async function describeLayer(
  archive: ArchiveFile,
  member: TarMember,
  diffId: Digest,
  signal: AbortSignal,
): Promise<Descriptor> {
  const head = await readRange(archive.file, member.offset, Math.min(4, member.size));
  const compression = compressionOf(head);
  if (compression === undefined) return { mediaType: mediaTypes.ociLayer, digest: diffId, size: member.size };
  const hash = createHash('sha256');
  for await (const chunk of streamRange(archive.file, member.offset, member.size, signal)) hash.update(chunk);
  const mediaType = compression === 'zstd' ? mediaTypes.ociLayerZstd : mediaTypes.ociLayerGzip;
  return { mediaType, digest: finishDigest(hash, 'sha256'), size: member.size };
}

async function savedImages(archive: ArchiveFile): Promise<readonly SavedImage[]> {
  const bytes = await readMember(archive, 'manifest.json', manifestLimits.bytes);
  if (bytes === undefined) {
    const old = archive.members.has('repositories');
    throw new SourceError('invalid_archive', `${archive.path} is no archive of an image`, {
      hint: old
        ? 'It was written by Docker before version 1.10; load and save it again with a current one.'
        : 'Expected an OCI archive or the output of docker save; use dir: for an unpacked root file system.',
    });
  }
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxBytes: manifestLimits.bytes, maxDepth: manifestLimits.depth });
  } catch (cause) {
    throw new SourceError('invalid_archive', `${archive.path}: manifest.json: ${messageOf(cause)}`, { cause });
  }
  const images = Array.isArray(value) ? (value as JsonValue[]).map(readSaved) : [];
  if (images.length > 0 && images.every((image) => image !== undefined)) return images;
  throw new SourceError('invalid_archive', `${archive.path}: manifest.json lists no image`);
}

function readSaved(value: JsonValue): SavedImage | undefined {
  if (!isJsonObject(value)) return undefined;
  const { Config: config, Layers: layers, RepoTags: tags } = value;
  if (typeof config !== 'string' || !isTexts(layers) || layers.length > manifestLimits.layers) return undefined;
  return { config, layers, tags: isTexts(tags) ? tags : [] };
}

function isTexts(value: JsonValue | undefined): value is readonly string[] {
  return Array.isArray(value) && (value as JsonValue[]).every((item) => typeof item === 'string');
}

function chooseSaved(images: readonly SavedImage[], name: string | undefined, path: string): SavedImage {
  const [first] = images;
  if (name === undefined && first !== undefined && images.length === 1) return first;
  const names = images.map(({ tags, config }) => tags[0] ?? config);
  const hint = `Name one of: ${names.slice(0, 20).join(', ')} (archive:FILE#NAME).`;
  if (name === undefined) throw new SourceError('ambiguous_image', `${path} holds ${images.length} images`, { hint });
  const named = images.find(
    ({ tags, config }) =>
      tags.some((tag) => tag === name || tag.endsWith(`/${name}`)) || config === name || config === `${name}.json`,
  );
  if (named) return named;
  throw new SourceError('image_not_found', `${path} has no image called ${JSON.stringify(name)}`, { hint });
}

function lacks(archive: ArchiveFile, what: string): SourceError {
  return new SourceError('invalid_archive', `${archive.path} lacks ${what}`);
}
