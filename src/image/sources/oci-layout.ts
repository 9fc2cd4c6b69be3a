import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { messageOf, writeDurably } from '../../kernel/index.ts';
import { algorithmOf, type Digest, digestOf, hexOf, isDigest } from '../digest.ts';
import type { Descriptor, ManifestDocument } from '../model.ts';
import { manifestLimits, parseManifestDocument } from '../parse-manifest.ts';
import { type ImageReference, validTag } from '../reference.ts';
import { referrerDescriptor, subjectOf } from '../registry/referrers.ts';
import type { ImageRepository } from '../repository.ts';
import type { OpenedReference } from './contract.ts';
import { SourceError } from './errors.ts';
import { openFile, readSmallFile, streamOf, streamRange } from './host-file.ts';
import { withEntry, withoutTag, withTag } from './layout-edit.ts';
import { asDescribed, chooseEntry, type LayoutIndex, parseLayoutIndex, tagOf } from './layout-index.ts';
import { openImage } from './opened-image.ts';
import { verifyStream } from './verify-stream.ts';
import { updateFile } from './write-file.ts';

const layoutFile = `{"imageLayoutVersion":"1.0.0"}`;
/** Referrers are found by reading what `index.json` lists; beyond this it is not a layout of ours. */
const maxScannedEntries = 10_000;

/**
 * Opens an OCI layout directory as a repository (image-spec image-layout.md). Tags are the `ref.name` annotations of
 * `index.json`; manifests without a tag are just blobs until they get one.
 * @param options.create makes an empty layout where there is none
 * @throws SourceError `invalid_layout`, `source_unreadable`
 */
export async function openOciLayout(directory: string, options: { create?: boolean } = {}): Promise<ImageRepository> {
  const repository = new OciLayout(directory);
  if ((await readSmallFile(join(directory, 'oci-layout'), 4096)) === undefined) {
    if (!options.create) throw await notALayout(directory);
    await repository.create();
  }
  return repository;
}

async function notALayout(directory: string): Promise<SourceError> {
  const found = await stat(directory).catch(() => undefined);
  if (!found) return new SourceError('source_unreadable', `${directory} does not exist or may not be read`);
  const reason = found.isDirectory() ? 'it has no file oci-layout' : 'it is not a directory';
  return new SourceError('invalid_layout', `${directory} is not an OCI layout: ${reason}`);
}

/** Opens the image that `oci:DIR[:TAG]` names. */
export async function openLayoutImage(
  reference: ImageReference & { readonly scheme: 'oci' },
  signal: AbortSignal,
): Promise<OpenedReference> {
  const { directory } = reference;
  const repository = await openOciLayout(directory);
  const index = await readIndex(directory);
  const entry = chooseEntry(index, reference.tag, `oci:${directory}`);
  const found = await repository.manifest(entry.digest, signal);
  if (found === undefined) throw new SourceError('invalid_layout', `oci:${directory} lacks the blob ${entry.digest}`);
  const root = asDescribed(found, entry);
  const tag = reference.tag ?? tagOf(entry);
  const name = `oci:${directory}${tag === undefined ? '' : `:${tag}`}`;
  return openImage({ reference: name, root, content: repository, repository, tag }, signal);
}

async function readIndex(directory: string): Promise<LayoutIndex> {
  const bytes = await readSmallFile(join(directory, 'index.json'), manifestLimits.bytes, false);
  if (bytes === undefined) throw new SourceError('invalid_layout', `${directory} has no index.json`);
  return parseLayoutIndex(bytes, directory);
}

class OciLayout implements ImageRepository {
  readonly name: string;
  readonly #directory: string;

  constructor(directory: string) {
    this.name = `oci:${directory}`;
    this.#directory = directory;
  }

  async create(): Promise<void> {
    try {
      await mkdir(join(this.#directory, 'blobs', 'sha256'), { recursive: true });
      const index = join(this.#directory, 'index.json');
      if ((await readSmallFile(index, manifestLimits.bytes)) === undefined) {
        await writeDurably(index, Buffer.from('{"schemaVersion":2,"manifests":[]}'));
      }
      await writeDurably(join(this.#directory, 'oci-layout'), Buffer.from(layoutFile));
    } catch (cause) {
      throw new SourceError('source_unreadable', `cannot create ${this.name}: ${messageOf(cause)}`, { cause });
    }
  }

  async manifest(reference: string, _signal: AbortSignal): Promise<ManifestDocument | undefined> {
    const entry = isDigest(reference) ? undefined : await this.#tagged(reference);
    const digest = isDigest(reference) ? reference : entry?.digest;
    if (digest === undefined) return undefined;
    const bytes = await readSmallFile(this.#blob(digest), manifestLimits.bytes, false);
    return bytes && parseManifestDocument(bytes, entry?.mediaType, digest);
  }

  async resolveTag(tag: string, _signal: AbortSignal): Promise<Digest | undefined> {
    return (await this.#tagged(tag))?.digest;
  }

  async *tags(_signal: AbortSignal): AsyncGenerator<string> {
    const { entries } = await readIndex(this.#directory);
    yield* new Set(entries.flatMap((entry) => tagOf(entry) ?? []));
  }

  async hasBlob(digest: Digest, _signal: AbortSignal): Promise<boolean> {
    const found = await stat(this.#blob(digest)).catch(() => undefined);
    return found?.isFile() === true;
  }

  async openBlob(descriptor: Pick<Descriptor, 'digest' | 'size'>, signal: AbortSignal): Promise<Readable> {
    const handle = await openFile(this.#blob(descriptor.digest), false);
    if (handle === undefined)
      throw new SourceError('invalid_layout', `${this.name} lacks the blob ${descriptor.digest}`);
    // One byte more than promised shows a file that is too long.
    const bytes = streamRange(handle, 0, descriptor.size + 1, signal);
    return verifyStream(bytes, descriptor, () => handle.close());
  }

  async putBlob(
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    openSource: () => Promise<Readable>,
    options: { signal: AbortSignal; mountFrom?: string | undefined; onBytes?: (sent: number) => void },
  ): Promise<'present' | 'mounted' | 'uploaded'> {
    const path = this.#blob(descriptor.digest);
    const present = await stat(path).catch(() => undefined);
    // A file of another size is a leftover of somebody's crash and is replaced.
    if (present?.isFile() && present.size === descriptor.size) return 'present';
    const source = await openSource();
    const checked = verifyStream(source, descriptor, () => void source.destroy());
    await this.#store(path, checked, options.signal, options.onBytes);
    return 'uploaded';
  }

  async putManifest(bytes: Uint8Array, _mediaType: string, signal: AbortSignal): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.putBlob({ digest, size: bytes.length }, async () => streamOf(bytes), { signal });
    return digest;
  }

  async putTag(
    tag: string,
    document: Pick<ManifestDocument, 'bytes' | 'mediaType' | 'digest'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!validTag(tag)) throw new SourceError('invalid_layout', `not a tag: ${JSON.stringify(tag.slice(0, 200))}`);
    await this.putManifest(document.bytes, document.mediaType, signal);
    const { mediaType, digest, bytes } = document;
    await this.#edit((index) => withTag(index, tag, { mediaType, digest, size: bytes.length }));
  }

  async deleteTag(tag: string, _signal: AbortSignal): Promise<boolean> {
    if ((await this.#tagged(tag)) === undefined) return false;
    await this.#edit((index) => withoutTag(index, tag));
    return true;
  }

  async referrers(subject: Digest, signal: AbortSignal): Promise<readonly Descriptor[]> {
    const { entries } = await readIndex(this.#directory);
    const found = new Map<Digest, Descriptor>();
    for (const entry of entries.slice(0, maxScannedEntries)) {
      const document = await this.manifest(entry.digest, signal);
      if (document?.content.subject?.digest === subject) found.set(document.digest, referrerDescriptor(document));
    }
    return [...found.values()];
  }

  async putReferrer(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Digest> {
    const { document } = subjectOf(bytes, mediaType);
    await this.putManifest(bytes, mediaType, signal);
    await this.#edit((index) => withEntry(index, referrerDescriptor(document)));
    return document.digest;
  }

  async #tagged(tag: string): Promise<Descriptor | undefined> {
    const { entries } = await readIndex(this.#directory);
    return entries.find((entry) => tagOf(entry) === tag);
  }

  #edit(change: (index: LayoutIndex) => Buffer | undefined): Promise<void> {
    const path = join(this.#directory, 'index.json');
    return updateFile(path, manifestLimits.bytes, (bytes) => change(parseLayoutIndex(bytes, this.#directory)));
  }

  async #store(
    path: string,
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
    onBytes?: (sent: number) => void,
  ): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.tmp-${randomBytes(6).toString('hex')}`;
    const file = await open(temporary, 'wx');
    try {
      let written = 0;
      for await (const chunk of content) {
        signal.throwIfAborted();
        await file.writeFile(chunk);
        written += chunk.length;
        onBytes?.(written);
      }
      await file.sync();
      await file.close();
      await rename(temporary, path);
    } catch (error) {
      await file.close().catch(() => {});
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #blob(digest: Digest): string {
    return join(this.#directory, 'blobs', algorithmOf(digest), hexOf(digest));
  }
}
