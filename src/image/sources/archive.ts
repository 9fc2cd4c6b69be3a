import { algorithmOf, type Digest, hexOf } from '../digest.ts';
import type { ManifestDocument } from '../model.ts';
import { manifestLimits, parseManifestDocument } from '../parse-manifest.ts';
import type { ImageReference } from '../reference.ts';
import { type ArchiveFile, openMember, readMember } from './archive-file.ts';
import type { OpenedReference } from './contract.ts';
import { readDockerArchive } from './docker-archive.ts';
import { SourceError } from './errors.ts';
import { openFile } from './host-file.ts';
import { asDescribed, chooseEntry, parseLayoutIndex } from './layout-index.ts';
import { openImage } from './opened-image.ts';
import type { ImageContent } from './read-blob.ts';
import { indexTar } from './tar-index.ts';

/**
 * Opens an image inside a tar file, read in place: an OCI archive, or the output of `docker save`. Newer Docker writes
 * both into one file; the OCI half is used then, because its digests are those of the registry.
 * @throws SourceError `source_unreadable`, `invalid_archive`, `compressed_archive`, `ambiguous_image`, `image_not_found`
 */
export async function openArchiveImage(
  reference: ImageReference & { readonly scheme: 'archive' },
  signal: AbortSignal,
): Promise<OpenedReference> {
  const { file: path, image } = reference;
  const file = await openFile(path);
  if (file === undefined) throw new SourceError('source_unreadable', `${path} does not exist`);
  try {
    const archive = { path, file, members: await indexTar(file, path, signal) };
    const isLayout = archive.members.has('index.json') && archive.members.has('oci-layout');
    const { root, content } = isLayout
      ? await openOciArchive(archive, image, signal)
      : await readDockerArchive(archive, image, signal);
    const name = `archive:${path}${image === undefined ? '' : `#${image}`}`;
    const close = (): Promise<void> => file.close();
    return await openImage({ reference: name, root, content, repository: undefined, tag: undefined, close }, signal);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function openOciArchive(
  archive: ArchiveFile,
  image: string | undefined,
  signal: AbortSignal,
): Promise<{ root: ManifestDocument; content: ImageContent }> {
  const bytes = await readMember(archive, 'index.json', manifestLimits.bytes);
  const index = parseLayoutIndex(bytes ?? Buffer.alloc(0), archive.path);
  const content: ImageContent = {
    async manifest(digest) {
      const document = await readMember(archive, blobName(digest), manifestLimits.bytes);
      return document && parseManifestDocument(document, undefined, digest);
    },
    async openBlob(descriptor, blobSignal) {
      const member = archive.members.get(blobName(descriptor.digest));
      if (member === undefined) {
        throw new SourceError('invalid_archive', `${archive.path} lacks the blob ${descriptor.digest}`);
      }
      return openMember(archive, member, descriptor, blobSignal);
    },
  };
  const entry = chooseEntry(index, image, `archive:${archive.path}`);
  const found = await content.manifest(entry.digest, signal);
  if (found === undefined)
    throw new SourceError('invalid_archive', `${archive.path} lacks the manifest ${entry.digest}`);
  return { root: asDescribed(found, entry), content };
}

function blobName(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`;
}
