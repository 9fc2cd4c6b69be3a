import { isJsonObject, type JsonObject, parseJson } from '../../kernel/index.ts';
import { type Descriptor, type ManifestDocument, mediaTypes } from '../model.ts';
import { manifestLimits, parseManifestDocument } from '../parse-manifest.ts';
import { SourceError } from './errors.ts';

/** Annotation of an `index.json` entry that holds the tag (image-spec image-layout.md). */
export const refName = 'org.opencontainers.image.ref.name';
/** Written by containerd and Docker: the full reference. */
const containerdName = 'io.containerd.image.name';

/** The `index.json` of a layout: as parsed document for reading, as raw JSON for changing. */
export interface LayoutIndex {
  readonly document: ManifestDocument;
  readonly entries: readonly Descriptor[];
  readonly raw: JsonObject;
}

/** @throws SourceError `invalid_layout`, ImageError */
export function parseLayoutIndex(bytes: Uint8Array, where: string): LayoutIndex {
  const raw = parseJson(bytes, { maxBytes: manifestLimits.bytes, maxDepth: manifestLimits.depth });
  if (!isJsonObject(raw)) throw new SourceError('invalid_layout', `${where}: index.json is not a JSON object`);
  const document = parseManifestDocument(bytes, mediaTypes.ociIndex, undefined, { duplicatePlatforms: true });
  if (document.content.kind !== 'index')
    throw new SourceError('invalid_layout', `${where}: index.json is not an index`);
  return { document, entries: document.content.manifests, raw };
}

/**
 * The document of an entry, read as the kind that the entry says: the entry stands where a registry's `Content-Type` does.
 * @throws ImageError `invalid_manifest` where the two differ
 */
export function asDescribed(document: ManifestDocument, entry: Descriptor): ManifestDocument {
  return parseManifestDocument(document.bytes, entry.mediaType, entry.digest);
}

/** The tag of an entry, if it has one. */
export function tagOf(entry: Descriptor): string | undefined {
  return entry.annotations?.[refName];
}

/** Whether a tag names this entry: by its tag, or by a full reference as Docker writes it. */
function isNamed(entry: Descriptor, name: string): boolean {
  const full = entry.annotations?.[containerdName];
  return tagOf(entry) === name || full === name || full?.endsWith(`/${name}`) === true;
}

/**
 * The entry that a reference means: the named one; without a name the only one, or the one called `latest`.
 * Entries with an artifact type are referrers (statements about images), never the image.
 * @throws SourceError `image_not_found`, `ambiguous_image`
 */
export function chooseEntry(index: LayoutIndex, name: string | undefined, where: string): Descriptor {
  const images = index.entries.filter(({ artifactType }) => artifactType === undefined);
  if (name !== undefined) {
    const named = images.find((entry) => isNamed(entry, name));
    if (named) return named;
    throw new SourceError('image_not_found', `${where} has no image called ${JSON.stringify(name)}`, {
      hint: listing(images),
    });
  }
  const distinct = new Map(images.map((entry) => [entry.digest, entry]));
  const only = distinct.size === 1 ? images[0] : undefined;
  const chosen = images.find((entry) => tagOf(entry) === 'latest') ?? only;
  if (chosen) return chosen;
  if (images.length === 0) throw new SourceError('image_not_found', `${where} holds no image`);
  throw new SourceError('ambiguous_image', `${where} holds ${distinct.size} images`, { hint: listing(images) });
}

function listing(images: readonly Descriptor[]): string {
  const names = images.map((entry) => tagOf(entry) ?? entry.annotations?.[containerdName] ?? entry.digest);
  return `Name one of: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`;
}
