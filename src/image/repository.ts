import type { Readable } from 'node:stream';
import type { Digest } from './digest.ts';
import type { Descriptor, ManifestDocument } from './model.ts';

/**
 * One repository of images that can be read and written by digest: a repository of a registry, or an OCI layout
 * directory. The fix engine pushes to it and reads back from it; nothing else knows which of the two it is.
 */
export interface ImageRepository {
  /** For people: `127.0.0.1:5000/team/app` or `oci:DIR`. */
  readonly name: string;
  /** The manifest behind a tag or digest, bytes verified against the digest; undefined when absent. */
  manifest(reference: string, signal: AbortSignal): Promise<ManifestDocument | undefined>;
  /** What a tag points to now, without reading the manifest where that is possible. */
  resolveTag(tag: string, signal: AbortSignal): Promise<Digest | undefined>;
  tags(signal: AbortSignal): AsyncIterable<string>;
  hasBlob(digest: Digest, signal: AbortSignal): Promise<boolean>;
  /** The stream fails with `digest_mismatch` when the bytes are not those of the descriptor. */
  openBlob(descriptor: Pick<Descriptor, 'digest' | 'size'>, signal: AbortSignal): Promise<Readable>;
  /**
   * Stores a blob; a no-op when it is there. `open` may be called again when an upload has to restart.
   * `mountFrom` names a repository of the same registry that may hold it.
   * @returns how it got there, for the log and for tests
   */
  putBlob(
    descriptor: Pick<Descriptor, 'digest' | 'size'>,
    open: () => Promise<Readable>,
    options: { signal: AbortSignal; mountFrom?: string | undefined; onBytes?: (sent: number) => void },
  ): Promise<'present' | 'mounted' | 'uploaded'>;
  /** Stores a manifest under its digest only; fails with `digest_mismatch` when the store answers with another one. */
  putManifest(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Digest>;
  /** Points a tag at a manifest that is already stored and reads it back. */
  putTag(
    tag: string,
    document: Pick<ManifestDocument, 'bytes' | 'mediaType' | 'digest'>,
    signal: AbortSignal,
  ): Promise<void>;
  deleteTag(tag: string, signal: AbortSignal): Promise<boolean>;
  /** Descriptors of the referrers of a digest, by the referrers API or the fallback tag (distribution-spec). */
  referrers(subject: Digest, signal: AbortSignal): Promise<readonly Descriptor[]>;
  /**
   * Stores a manifest that has a `subject` and makes it findable: by the registry itself, or through the fallback
   * tag where the registry does not say that it processed the subject. Listing it twice is impossible.
   */
  putReferrer(bytes: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Digest>;
}
