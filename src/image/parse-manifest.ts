import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue, messageOf, parseJson } from '../kernel/index.ts';
import { algorithmOf, type Digest, digestOf, parseDigest } from './digest.ts';
import { ImageError } from './errors.ts';
import { fieldReader } from './json-fields.ts';
import {
  type Descriptor,
  type Index,
  type Manifest,
  type ManifestDocument,
  mediaTypes,
  type Platform,
} from './model.ts';

/** Limits of scanning.md §1.1; the caller that follows an index counts `nesting`. */
export const manifestLimits = { bytes: 4 * 1024 * 1024, layers: 1000, nesting: 4, depth: 64 } as const;

const manifestTypes: readonly string[] = [mediaTypes.ociManifest, mediaTypes.dockerManifest];
const indexTypes: readonly string[] = [mediaTypes.ociIndex, mediaTypes.dockerList];
const schema1Prefix = 'application/vnd.docker.distribution.manifest.v1+';
/** Types that servers give to anything: they say nothing about the document. */
const genericTypes: readonly string[] = ['application/json', 'application/octet-stream', 'text/plain'];
/** Keys whose meaning decides how a document is read; Go programs would also take them in other cases. */
const decidingKeys = ['schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'subject', 'artifactType'];

const invalid = (message: string, cause?: unknown): ImageError =>
  new ImageError('invalid_manifest', message, { cause });
const read = fieldReader((where, expected) => invalid(`${where} must be ${expected}`));

/** How a document may differ from an image of a registry. */
export interface ManifestOptions {
  /** The `index.json` of an OCI layout lists several images, so one platform may be there several times. */
  readonly duplicatePlatforms?: boolean;
}

/**
 * Reads a manifest or index strictly. What could be understood in two ways is refused, because the registry, the
 * runtime and we could then see different images behind one digest.
 * @param contentType as the registry or the descriptor says; undefined when nobody said
 * @param expected the digest under which it was asked for
 * @throws ImageError
 */
export function parseManifestDocument(
  bytes: Uint8Array,
  contentType: string | undefined,
  expected?: Digest,
  options: ManifestOptions = {},
): ManifestDocument {
  if (bytes.length > manifestLimits.bytes) {
    throw new ImageError('manifest_too_large', `the manifest has ${bytes.length} bytes; the limit is 4 MiB`);
  }
  const digest = checkedDigest(bytes, expected);
  const root = parseObject(bytes);
  refuseAmbiguity(root);
  const mediaType = mediaTypeOf(root, contentType);
  const content = manifestTypes.includes(mediaType)
    ? readManifest(root, mediaType)
    : readIndex(root, mediaType, options.duplicatePlatforms ?? false);
  return { digest, mediaType, bytes, content };
}

/** Whether a layer is stored elsewhere by intention (`urls`, non-distributable types); it is not fetched. */
export function isForeignLayer(layer: Pick<Descriptor, 'mediaType' | 'urls'>): boolean {
  return (
    (layer.urls !== undefined && layer.urls.length > 0) ||
    layer.mediaType.includes('.nondistributable.') ||
    layer.mediaType.includes('.foreign.')
  );
}

function checkedDigest(bytes: Uint8Array, expected: Digest | undefined): Digest {
  if (expected === undefined) return digestOf(bytes);
  const algorithm = algorithmOf(expected);
  const actual: Digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (actual !== expected) {
    throw new ImageError('digest_mismatch', `asked for ${expected}, got a document that hashes to ${actual}`);
  }
  return actual;
}

function parseObject(bytes: Uint8Array): JsonObject {
  let value: JsonValue;
  try {
    value = parseJson(bytes, { maxBytes: manifestLimits.bytes, maxDepth: manifestLimits.depth });
  } catch (error) {
    throw invalid(`the manifest cannot be read: ${messageOf(error)}`, error);
  }
  if (!isJsonObject(value)) throw invalid('the manifest is not a JSON object');
  return value;
}

function refuseAmbiguity(root: JsonObject): void {
  for (const key of Object.keys(root)) {
    const same = decidingKeys.find((known) => known.toLowerCase() === key.toLowerCase());
    if (same !== undefined && same !== key) {
      throw invalid(`ambiguous document: the key ${JSON.stringify(key)} is read as ${same} by some programs`);
    }
  }
  if (root.layers !== undefined && root.manifests !== undefined) {
    throw invalid('ambiguous document: it has both layers and manifests');
  }
}

function mediaTypeOf(root: JsonObject, contentType: string | undefined): string {
  const own = read.string(root, 'mediaType', '');
  const told = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const outer = genericTypes.includes(told) ? '' : told;
  if (root.schemaVersion === 1 || own?.startsWith(schema1Prefix) || outer.startsWith(schema1Prefix)) {
    throw new ImageError('unsupported_schema1', 'the image uses Docker schema 1', {
      hint: 'push the image again with a current tool; registries and runtimes have dropped this format',
    });
  }
  if (own && outer !== '' && own !== outer) {
    throw invalid(`ambiguous document: it calls itself ${own}, but was delivered as ${outer}`);
  }
  const mediaType = own || outer || (root.manifests === undefined ? mediaTypes.ociManifest : mediaTypes.ociIndex);
  if (!manifestTypes.includes(mediaType) && !indexTypes.includes(mediaType)) {
    throw new ImageError('unsupported_media_type', `not an image manifest or index: ${mediaType.slice(0, 200)}`);
  }
  if (root.schemaVersion !== 2) throw invalid('schemaVersion must be 2');
  return mediaType;
}

function readManifest(root: JsonObject, mediaType: string): Manifest {
  if (root.manifests !== undefined) throw invalid(`a document of type ${mediaType} must not have manifests`);
  const layers = read.array(root, 'layers', '');
  if (layers === undefined) throw invalid('the manifest has no layers');
  if (layers.length > manifestLimits.layers) {
    throw new ImageError('manifest_too_large', `${layers.length} layers; the limit is ${manifestLimits.layers}`);
  }
  const artifactType = read.string(root, 'artifactType', '');
  return {
    kind: 'manifest',
    mediaType,
    config: readDescriptor(root.config, 'config'),
    layers: layers.map((layer, index) => readDescriptor(layer, `layers[${index}]`)),
    annotations: read.textMap(root, 'annotations', ''),
    ...(artifactType !== undefined && { artifactType }),
    ...readSubject(root),
  };
}

function readIndex(root: JsonObject, mediaType: string, duplicatePlatforms: boolean): Index {
  if (root.layers !== undefined) throw invalid(`a document of type ${mediaType} must not have layers`);
  const children = read.array(root, 'manifests', '');
  if (children === undefined) throw invalid('the index has no manifests');
  const manifests = children.map((child, index) => readDescriptor(child, `manifests[${index}]`));
  if (!duplicatePlatforms) refuseDuplicatePlatforms(manifests);
  return {
    kind: 'index',
    mediaType,
    manifests,
    annotations: read.textMap(root, 'annotations', ''),
    ...readSubject(root),
  };
}

function refuseDuplicatePlatforms(manifests: readonly Descriptor[]): void {
  const seen = new Set<string>();
  for (const { platform } of manifests) {
    // Build attestations carry unknown/unknown, one for each image: they are not platforms.
    if (platform === undefined || platform.os === 'unknown') continue;
    const { os, architecture, variant = '', osVersion = '' } = platform;
    const key = JSON.stringify([os, architecture, variant, osVersion]);
    if (seen.has(key)) throw invalid(`ambiguous index: the platform ${os}/${architecture} is listed twice`);
    seen.add(key);
  }
}

function readSubject(root: JsonObject): { subject?: Descriptor } {
  return root.subject === undefined || root.subject === null
    ? {}
    : { subject: readDescriptor(root.subject, 'subject') };
}

function readDescriptor(value: JsonValue | undefined, where: string): Descriptor {
  if (!isJsonObject(value)) throw invalid(`${where} must be a descriptor`);
  const mediaType = read.string(value, 'mediaType', where);
  if (mediaType === undefined) throw invalid(`${where}.mediaType is missing`);
  const { size } = value;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`${where}.size must be a whole number of bytes`);
  }
  const urls = read.strings(value, 'urls', where);
  const artifactType = read.string(value, 'artifactType', where);
  const platform = readPlatform(value, where);
  const annotations = read.textMap(value, 'annotations', where);
  return {
    mediaType,
    digest: readDigest(value.digest, `${where}.digest`),
    size,
    ...(urls !== undefined && { urls }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
    ...(platform !== undefined && { platform }),
    ...(artifactType !== undefined && { artifactType }),
  };
}

function readDigest(value: JsonValue | undefined, where: string): Digest {
  try {
    return parseDigest(value);
  } catch (error) {
    throw invalid(`${where}: ${messageOf(error)}`, error);
  }
}

function readPlatform(descriptor: JsonObject, where: string): Platform | undefined {
  const platform = read.object(descriptor, 'platform', where);
  if (platform === undefined) return undefined;
  const at = `${where}.platform`;
  const variant = read.string(platform, 'variant', at);
  const osVersion = read.string(platform, 'os.version', at);
  return {
    os: read.string(platform, 'os', at) ?? 'unknown',
    architecture: read.string(platform, 'architecture', at) ?? 'unknown',
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { osVersion }),
  };
}
