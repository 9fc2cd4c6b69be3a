import {
  type Descriptor,
  type Digest,
  digestOf,
  type ImageHandle,
  type Manifest,
  type ManifestDocument,
  type OpenedReference,
  parseManifestDocument,
  replaceInIndex,
} from '../image/index.ts';
import type { BuiltRecord } from './contract.ts';
import { FixError } from './errors.ts';

/** One repaired platform, complete in the blob store. */
export interface BuiltPart {
  readonly platform: string;
  /** The platform as it was found; serves the layers that stay. */
  readonly image: ImageHandle;
  readonly built: BuiltRecord;
  readonly document: ManifestDocument & { readonly content: Manifest };
}

/** The whole result: what the target tag will name. */
export interface BuiltImage {
  readonly parts: readonly BuiltPart[];
  /** Set when the source is an index: the same index with the repaired platforms in place of the old ones. */
  readonly index: ManifestDocument | undefined;
  readonly root: ManifestDocument;
  /** Build attestations of replaced platforms: they describe another image and are linked as origins instead. */
  readonly dropped: readonly Descriptor[];
}

/** Annotation with which build attestations in an index name the platform manifest that they describe. */
const attestedDigest = 'vnd.docker.reference.digest';

/**
 * Puts the repaired platforms together (fix-engine.md §5.3). A single manifest stays one; in an index every
 * descriptor that was not repaired stays byte for byte.
 */
export function assembleImage(opened: OpenedReference, parts: readonly BuiltPart[]): BuiltImage {
  const [first] = parts;
  if (!first) throw new FixError('internal', 'nothing was built');
  if (opened.root.content.kind === 'manifest' || opened.repository === undefined) {
    if (parts.length > 1) {
      throw new FixError('unsupported_image', 'several platforms can only be fixed in a registry or an OCI layout', {
        hint: 'choose one with --platform',
      });
    }
    return { parts, index: undefined, root: first.document, dropped: [] };
  }
  const replacements = new Map<Digest, { digest: Digest; size: number }>(
    parts.map(({ image, built }) => [
      image.document.digest,
      { digest: built.manifest.digest, size: built.manifest.size },
    ]),
  );
  const children = opened.root.content.manifests;
  const missing = [...replacements.keys()].find((digest) => !children.some((child) => child.digest === digest));
  if (missing !== undefined) {
    throw new FixError('unsupported_image', `${missing} lies in a nested index, which cannot be rewritten`);
  }
  const dropped = children.filter((child) => {
    const subject = child.annotations?.[attestedDigest];
    return subject !== undefined && replacements.has(subject as Digest);
  });
  const bytes = replaceInIndex(opened.root.bytes, replacements, new Set(dropped.map(({ digest }) => digest)));
  const index = parseManifestDocument(bytes, opened.root.mediaType, digestOf(bytes));
  return { parts, index, root: index, dropped };
}

/** A manifest that was just built, parsed as strictly as one from outside. */
export function parseBuilt(bytes: Uint8Array, mediaType: string): BuiltPart['document'] {
  const document = parseManifestDocument(bytes, mediaType, digestOf(bytes));
  if (document.content.kind !== 'manifest') throw new FixError('internal', 'the built manifest is an index');
  return { ...document, content: document.content };
}
