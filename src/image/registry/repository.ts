import type { Readable } from 'node:stream';
import { isJsonObject, type JsonValue } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import type { Descriptor, ManifestDocument } from '../model.ts';
import { validTag } from '../reference.ts';
import type { ImageRepository } from '../repository.ts';
import type { RegistryClient } from './client.ts';
import { downloadBlob } from './download.ts';
import { RegistryError } from './errors.ts';
import { Manifests } from './manifests.ts';
import { pages } from './pages.ts';
import { Referrers, subjectOf } from './referrers.ts';
import { hasBlob, uploadBlob } from './upload.ts';

/** One repository of a registry as an `ImageRepository`. */
export class RegistryRepository implements ImageRepository {
  readonly name: string;
  readonly #client: RegistryClient;
  readonly #path: string;
  readonly #manifests: Manifests;
  readonly #referrers: Referrers;

  /** @param path the repository's name inside the registry, for example `library/debian` */
  constructor(client: RegistryClient, path: string) {
    this.name = `${client.options.registry}/${path}`;
    this.#client = client;
    this.#path = path;
    this.#manifests = new Manifests(client, path);
    this.#referrers = new Referrers(client, path, this.#manifests);
  }

  manifest(reference: string, signal: AbortSignal): Promise<ManifestDocument | undefined> {
    return this.#manifests.get(reference, signal);
  }

  resolveTag(tag: string, signal: AbortSignal): Promise<Digest | undefined> {
    return this.#manifests.resolve(tag, signal);
  }

  tags(signal: AbortSignal): AsyncIterable<string> {
    const access = { repository: this.#path, push: false };
    return pages(this.#client, `/v2/${this.#path}/tags/list?n=1000`, access, readTags, signal);
  }

  hasBlob(digest: Digest, signal: AbortSignal): Promise<boolean> {
    return hasBlob({ ...this.#upload(), descriptor: { digest, size: 0 }, options: { signal } });
  }

  openBlob(descriptor: Pick<Descriptor, 'digest' | 'size'>, signal: AbortSignal): Promise<Readable> {
    const access = { repository: this.#path, push: false };
    return downloadBlob(this.#client, `/v2/${this.#path}/blobs/${descriptor.digest}`, access, descriptor, signal);
  }

  async putBlob(
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    open: () => Promise<Readable>,
    options: { signal: AbortSignal; mountFrom?: string | undefined; onBytes?: (sent: number) => void },
  ): Promise<'present' | 'mounted' | 'uploaded'> {
    const context = {
      ...this.#upload(),
      descriptor,
      open,
      options: { ...options, mountFrom: this.#sibling(options.mountFrom) },
    };
    return (await hasBlob(context)) ? 'present' : uploadBlob(context);
  }

  async putManifest(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Digest> {
    const { digest } = await this.#manifests.putByDigest(bytes, mediaType, signal);
    return digest;
  }

  async putTag(
    tag: string,
    document: Pick<ManifestDocument, 'bytes' | 'mediaType' | 'digest'>,
    signal: AbortSignal,
  ): Promise<void> {
    if (!validTag(tag)) throw new RegistryError('invalid_request', `not a tag: ${JSON.stringify(tag.slice(0, 200))}`);
    await this.#manifests.put(tag, document.bytes, document.mediaType, signal);
    const now = await this.#manifests.resolve(tag, signal);
    if (now === document.digest) return;
    throw new RegistryError(
      'digest_mismatch',
      `set ${tag} to ${document.digest}, but it reads back as ${now ?? 'absent'}`,
    );
  }

  deleteTag(tag: string, signal: AbortSignal): Promise<boolean> {
    return this.#manifests.delete(tag, signal);
  }

  referrers(subject: Digest, signal: AbortSignal): Promise<readonly Descriptor[]> {
    return this.#referrers.list(subject, signal);
  }

  async putReferrer(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Digest> {
    const { document, subject } = subjectOf(bytes, mediaType);
    const { digest, handledSubject } = await this.#manifests.putByDigest(bytes, mediaType, signal);
    if (!handledSubject) await this.#referrers.addToFallback(subject, document, signal);
    return digest;
  }

  #upload() {
    return { client: this.#client, blobs: `/v2/${this.#path}/blobs/`, repository: this.#path };
  }

  /** The path of another repository of this registry; others cannot be mounted from. */
  #sibling(name: string | undefined): string | undefined {
    const prefix = `${this.#client.options.registry}/`;
    const path = name?.startsWith(prefix) ? name.slice(prefix.length) : name;
    return path === this.#path ? undefined : path;
  }
}

function readTags(body: JsonValue): readonly string[] {
  const tags = isJsonObject(body) ? (body.tags ?? []) : undefined;
  if (!Array.isArray(tags)) throw new RegistryError('invalid_response', 'a page of tags has no list of tags');
  // A name that is not a tag could not be asked for anyway.
  return tags.filter((tag): tag is string => typeof tag === 'string' && validTag(tag));
}
