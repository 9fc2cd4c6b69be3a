import { discard, type HttpResponse } from '../../kernel/index.ts';
import { type Digest, digestOf, isDigest } from '../digest.ts';
import { type ManifestDocument, mediaTypes } from '../model.ts';
import { parseManifestDocument } from '../parse-manifest.ts';
import type { ClientRequest, RegistryClient } from './client.ts';
import { RegistryError } from './errors.ts';
import { refuseHtml } from './responses.ts';
import { readBody } from './transport.ts';

const accept = [mediaTypes.ociIndex, mediaTypes.ociManifest, mediaTypes.dockerList, mediaTypes.dockerManifest].join(
  ', ',
);

/** What a registry said when it stored a manifest. */
export interface StoredAnswer {
  readonly digest: Digest;
  /** Whether it keeps the list of referrers itself (`OCI-Subject`). */
  readonly handledSubject: boolean;
}

/** The manifests of one repository of a registry. */
export class Manifests {
  readonly #client: RegistryClient;
  readonly #repository: string;

  constructor(client: RegistryClient, repository: string) {
    this.#client = client;
    this.#repository = repository;
  }

  /** @throws RegistryError, ImageError for what is not a manifest or has another digest */
  async get(reference: string, signal: AbortSignal): Promise<ManifestDocument | undefined> {
    const found = await this.#client.exchange(this.#request('GET', reference, signal), async (response) => {
      if (!(await this.#isThere(response, reference))) return undefined;
      await refuseHtml(response, `reading ${this.#repository}:${reference}`);
      const { limits } = this.#client.options;
      return { headers: response.headers, bytes: await readBody(response, limits.manifestBytes, limits) };
    });
    if (found === undefined) return undefined;
    const { bytes, headers } = found;
    const expected = isDigest(reference) ? reference : undefined;
    const document = parseManifestDocument(bytes, headers['content-type'], expected);
    const told = headers['docker-content-digest'];
    if (told !== undefined && isDigest(told) && told.startsWith('sha256:') && told !== digestOf(bytes)) {
      throw new RegistryError(
        'digest_mismatch',
        `${reference}: announced as ${told}, but the content is ${digestOf(bytes)}`,
      );
    }
    return document;
  }

  /** The digest behind a tag; not verified until the manifest itself is read. */
  async resolve(reference: string, signal: AbortSignal): Promise<Digest | undefined> {
    const response = await this.#client.request(this.#request('HEAD', reference, signal));
    if (!(await this.#isThere(response, reference))) return undefined;
    await discard(response);
    const told = response.headers['docker-content-digest'];
    if (told !== undefined && isDigest(told)) return told;
    return (await this.get(reference, signal))?.digest;
  }

  /** @throws RegistryError `digest_mismatch` when the registry stored something else */
  async put(reference: string, bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<StoredAnswer> {
    const digest = digestOf(bytes);
    const response = await this.#client.request({
      method: 'PUT',
      target: this.#path(reference),
      access: { repository: this.#repository, push: true },
      headers: { 'content-type': mediaType },
      body: bytes,
      signal,
    });
    if (response.status !== 201 && response.status !== 200 && response.status !== 202) {
      throw await this.#client.unexpected(response, `storing manifest ${digest}`);
    }
    await discard(response);
    const told = response.headers['docker-content-digest'];
    if (told !== undefined && told !== digest) {
      throw new RegistryError('digest_mismatch', `sent manifest ${digest}, the registry stored ${told.slice(0, 200)}`);
    }
    return { digest, handledSubject: response.headers['oci-subject'] !== undefined };
  }

  /** Stores a manifest under its digest only, without any tag. */
  putByDigest(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<StoredAnswer> {
    return this.put(digestOf(bytes), bytes, mediaType, signal);
  }

  /** @returns false when there was none, or the registry does not delete tags */
  async delete(reference: string, signal: AbortSignal): Promise<boolean> {
    const response = await this.#client.request({
      method: 'DELETE',
      target: this.#path(reference),
      access: { repository: this.#repository, push: true, delete: true },
      signal,
    });
    if (response.status === 202 || response.status === 200 || response.status === 204) {
      await discard(response);
      return true;
    }
    // Older registries refuse to delete by tag with 400 or 405.
    if (response.status !== 400 && response.status !== 404 && response.status !== 405) {
      throw await this.#client.unexpected(response, `deleting ${reference}`);
    }
    await discard(response);
    return false;
  }

  #request(method: 'GET' | 'HEAD', reference: string, signal: AbortSignal): ClientRequest {
    const access = { repository: this.#repository, push: false };
    return { method, target: this.#path(reference), access, headers: { accept }, signal };
  }

  async #isThere(response: HttpResponse, reference: string): Promise<boolean> {
    if (response.status === 200) return true;
    if (response.status !== 404) {
      throw await this.#client.unexpected(response, `reading ${this.#repository}:${reference}`);
    }
    await discard(response);
    return false;
  }

  #path(reference: string): string {
    return `/v2/${this.#repository}/manifests/${reference}`;
  }
}
