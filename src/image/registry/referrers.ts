import { discard, isJsonObject, type JsonValue } from '../../kernel/index.ts';
import { algorithmOf, type Digest, digestOf, hexOf } from '../digest.ts';
import { type Descriptor, type Manifest, type ManifestDocument, mediaTypes } from '../model.ts';
import { parseManifestDocument } from '../parse-manifest.ts';
import type { RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import type { Manifests } from './manifests.ts';
import { pages } from './pages.ts';

const maxReferrers = 100_000;
const writeAttempts = 3;

/** The tag under which referrers of a digest are kept where the registry has no referrers API (distribution-spec). */
export function fallbackTag(subject: Digest): string {
  return `${algorithmOf(subject).slice(0, 32)}-${hexOf(subject).slice(0, 64)}`;
}

/** The descriptor under which a referrer is listed: artifact type and annotations come from the referrer itself. */
export function referrerDescriptor(document: ManifestDocument): Descriptor {
  const { content } = document;
  const artifactType = content.kind === 'manifest' ? (content.artifactType ?? content.config.mediaType) : undefined;
  return {
    mediaType: document.mediaType,
    digest: document.digest,
    size: document.bytes.length,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(Object.keys(content.annotations).length === 0 ? {} : { annotations: { ...content.annotations } }),
  };
}

/** Lists and adds referrers of one repository. */
export class Referrers {
  readonly #client: RegistryClient;
  readonly #repository: string;
  readonly #manifests: Manifests;
  /** The end of the queue of writers for each subject: registries of old ignore `If-Match`. */
  readonly #writers = new Map<Digest, Promise<unknown>>();

  constructor(client: RegistryClient, repository: string, manifests: Manifests) {
    this.#client = client;
    this.#repository = repository;
    this.#manifests = manifests;
  }

  async list(subject: Digest, signal: AbortSignal): Promise<readonly Descriptor[]> {
    const target = `/v2/${this.#repository}/referrers/${subject}`;
    const access = { repository: this.#repository, push: false };
    const probe = await this.#client.request({ method: 'GET', target, access, signal });
    const isIndex = probe.headers['content-type']?.startsWith(mediaTypes.ociIndex);
    await discard(probe);
    if (probe.status === 200 && isIndex) return this.#listByApi(target, signal);
    // The specification lets 404 alone mean "no such API"; older proxies answer 400, 405 or a page of their own.
    if (probe.status !== 200 && probe.status !== 404 && probe.status !== 400 && probe.status !== 405) {
      throw await this.#client.unexpected(probe, `listing the referrers of ${subject}`);
    }
    return (await this.#readFallback(subject, signal)) ?? [];
  }

  /** Makes a stored manifest findable from its subject through the fallback tag. Idempotent. */
  async addToFallback(subject: Digest, document: ManifestDocument, signal: AbortSignal): Promise<void> {
    const before = this.#writers.get(subject) ?? Promise.resolve();
    const own = before.catch(() => {}).then(() => this.#append(subject, document, signal));
    this.#writers.set(subject, own);
    try {
      await own;
    } finally {
      if (this.#writers.get(subject) === own) this.#writers.delete(subject);
    }
  }

  async #listByApi(target: string, signal: AbortSignal): Promise<readonly Descriptor[]> {
    const found: Descriptor[] = [];
    const access = { repository: this.#repository, push: false };
    for await (const descriptor of pages(this.#client, target, access, readPage, signal)) {
      found.push(descriptor);
      if (found.length > maxReferrers) {
        throw new RegistryError('invalid_response', `more than ${maxReferrers} referrers of one image`);
      }
    }
    return found;
  }

  /** @throws RegistryError `referrers_conflict` when the tag holds anything but an index */
  async #readFallback(subject: Digest, signal: AbortSignal): Promise<readonly Descriptor[] | undefined> {
    const tag = fallbackTag(subject);
    const document = await this.#manifests.get(tag, signal);
    if (document === undefined) return undefined;
    if (document.content.kind === 'index' && document.mediaType === mediaTypes.ociIndex)
      return document.content.manifests;
    throw new RegistryError('referrers_conflict', `the referrers tag ${tag} holds a ${document.mediaType}`);
  }

  async #append(subject: Digest, document: ManifestDocument, signal: AbortSignal): Promise<void> {
    const tag = fallbackTag(subject);
    for (let attempt = 0; attempt <= writeAttempts; attempt++) {
      const listed = (await this.#readFallback(subject, signal)) ?? [];
      // Also the read-back of the attempt before.
      if (listed.some(({ digest }) => digest === document.digest)) return;
      if (attempt === writeAttempts) break;
      const manifests = [...listed, referrerDescriptor(document)].map(toWire);
      const index = { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
      await this.#manifests.put(tag, Buffer.from(JSON.stringify(index)), mediaTypes.ociIndex, signal);
    }
    throw new RegistryError('referrers_conflict', `the referrers tag ${tag} did not keep the new entry`, {
      retryable: true,
    });
  }
}

/** `os.version` is the only descriptor field whose JSON name differs from ours. */
function toWire(descriptor: Descriptor): object {
  if (descriptor.platform === undefined) return descriptor;
  const { osVersion, ...platform } = descriptor.platform;
  return { ...descriptor, platform: { ...platform, ...(osVersion === undefined ? {} : { 'os.version': osVersion }) } };
}

function readPage(body: JsonValue): readonly Descriptor[] {
  if (!isJsonObject(body)) throw new RegistryError('invalid_response', 'a page of referrers is not an index');
  const bytes = Buffer.from(JSON.stringify({ ...body, schemaVersion: 2 }));
  const { content } = parseManifestDocument(bytes, mediaTypes.ociIndex, undefined, { duplicatePlatforms: true });
  return content.kind === 'index' ? content.manifests : [];
}

/** The subject of a referrer. @throws RegistryError `invalid_request` when it has none */
export function subjectOf(bytes: Uint8Array, mediaType: string): { document: ManifestDocument; subject: Digest } {
  const document = parseManifestDocument(bytes, mediaType, digestOf(bytes));
  const subject = (document.content as Manifest).subject?.digest;
  if (subject === undefined) throw new RegistryError('invalid_request', 'a referrer needs a subject');
  return { document, subject };
}
