import type { Readable } from 'node:stream';
import {
  configLimits,
  type Descriptor,
  type Digest,
  type ImageConfig,
  type ImageRepository,
  type Manifest,
  type ManifestDocument,
  mediaTypes,
  parseConfig,
} from '../../image/index.ts';
import { CodedError, mapLimit } from '../../kernel/index.ts';
import type { ObservedImage, ObservedRoot } from './contract.ts';

const maxNesting = 4;
const maxMembers = 1000;
const readsAtOnce = 4;

/** Documents that are what they are: nothing about them will change, so they are kept with the reason. */
const unscannable: ReadonlyMap<string, 'unsupported' | 'failed'> = new Map([
  ['unsupported_schema1', 'unsupported'],
  ['unsupported_media_type', 'unsupported'],
  ['unsupported_image', 'unsupported'],
  ['invalid_manifest', 'failed'],
  ['manifest_too_large', 'failed'],
]);

/**
 * Reads what a digest stands for: an image, or an index with the images of its platforms (attestations and other
 * artifacts in it are left out). Undefined when the registry has no such manifest.
 * @throws RegistryError; ImageError `digest_mismatch` for a registry that delivers other content
 */
export async function readRoot(
  content: ImageRepository,
  digest: Digest,
  signal: AbortSignal,
): Promise<ObservedRoot | undefined> {
  let document: ManifestDocument | undefined;
  try {
    document = await content.manifest(digest, signal);
  } catch (error) {
    return refusedRoot(digest, error);
  }
  if (document === undefined) return undefined;
  const { mediaType, bytes } = document;
  const root = { digest, mediaType, size: bytes.length };
  if (document.content.kind === 'manifest') {
    if (!isImage(document.content)) return { ...root, kind: 'artifact', images: [] };
    return { ...root, kind: 'image', images: [await describe(content, document, undefined, signal)] };
  }
  const images = await readMembers(content, document.content.manifests, 1, signal);
  const distinct = [...new Map(images.map((image) => [image.digest, image])).values()].slice(0, maxMembers);
  return { ...root, kind: distinct.length === 0 ? 'artifact' : 'index', images: distinct };
}

async function readMembers(
  content: ImageRepository,
  members: readonly Descriptor[],
  depth: number,
  signal: AbortSignal,
): Promise<readonly ObservedImage[]> {
  const images = members.filter(isRunnable).slice(0, maxMembers);
  const read = await mapLimit(images, readsAtOnce, (member) => readMember(content, member, depth, signal));
  return read.flat();
}

async function readMember(
  content: ImageRepository,
  member: Descriptor,
  depth: number,
  signal: AbortSignal,
): Promise<readonly ObservedImage[]> {
  let document: ManifestDocument | undefined;
  try {
    document = await content.manifest(member.digest, signal);
  } catch (error) {
    return refusedRoot(member.digest, error).images.map((image) => ({ ...image, ...platformOf(member.platform) }));
  }
  // An index may name platforms that were never pushed; they cannot be pulled either.
  if (document === undefined) return [];
  if (document.content.kind === 'index') {
    return depth >= maxNesting ? [] : readMembers(content, document.content.manifests, depth + 1, signal);
  }
  return isImage(document.content) ? [await describe(content, document, member, signal)] : [];
}

/** @throws the error itself unless it says for good that the document cannot be scanned */
function refusedRoot(digest: Digest, error: unknown): ObservedRoot {
  const state = error instanceof CodedError ? unscannable.get(error.code) : undefined;
  if (!(error instanceof CodedError) || state === undefined) throw error;
  const refused = { state, code: error.code, message: error.message.slice(0, 500) };
  const nothing = { configDigest: null, createdAt: null, size: null, ...platformOf(undefined) };
  const image: ObservedImage = { digest, mediaType: '', manifestSize: 0, ...nothing, refused };
  return { digest, kind: 'image', mediaType: '', size: 0, images: [image] };
}

async function describe(
  content: ImageRepository,
  document: ManifestDocument,
  member: Descriptor | undefined,
  signal: AbortSignal,
): Promise<ObservedImage> {
  const manifest = document.content as Manifest;
  const config = await readConfig(content, manifest.config, signal);
  const told = config && { os: config.os, architecture: config.architecture, variant: config.variant };
  const created = Date.parse(config?.created ?? '');
  return {
    digest: document.digest,
    mediaType: document.mediaType,
    manifestSize: document.bytes.length,
    configDigest: manifest.config.digest,
    ...platformOf(member?.platform ?? told),
    createdAt: Number.isNaN(created) ? null : Math.min(Math.max(created, 0), 253_402_300_799_000),
    size: manifest.layers.reduce((sum, { size }) => sum + size, 0),
    refused: null,
  };
}

/** Platform and date are good to know, but no reason to lose an image: the scan says what is wrong with its config. */
async function readConfig(
  content: ImageRepository,
  descriptor: Descriptor,
  signal: AbortSignal,
): Promise<ImageConfig | undefined> {
  if (descriptor.size > configLimits.maxBytes) return undefined;
  try {
    return parseConfig(await collect(await content.openBlob(descriptor, signal)));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

async function collect(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function platformOf(
  platform: { readonly os: string; readonly architecture: string; readonly variant?: string | undefined } | undefined,
): Pick<ObservedImage, 'os' | 'arch' | 'variant'> {
  const bounded = (text: string | undefined): string | null => text?.slice(0, 64) || null;
  return {
    os: bounded(platform?.os),
    arch: bounded(platform?.architecture),
    variant: bounded(platform?.variant),
  };
}

function isRunnable({ platform, annotations, artifactType }: Descriptor): boolean {
  if (artifactType !== undefined || annotations?.['vnd.docker.reference.type'] !== undefined) return false;
  return platform?.os !== 'unknown' || platform.architecture !== 'unknown';
}

/** Signatures and charts use manifests too; some even with the config type of an image, but with layers of their own. */
function isImage({ artifactType, config, layers }: Manifest): boolean {
  if (artifactType !== undefined) return false;
  if (config.mediaType !== mediaTypes.ociConfig && config.mediaType !== mediaTypes.dockerConfig) return false;
  return layers.length === 0 || layers.some(({ mediaType }) => /\.layer\.|\.rootfs\./.test(mediaType));
}
