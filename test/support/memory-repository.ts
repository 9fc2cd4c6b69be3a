import { Readable } from 'node:stream';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type ImageRepository,
  isDigest,
  type ManifestDocument,
  parseManifestDocument,
} from '../../src/image/index.ts';
import type { TestImage } from './test-image.ts';

/** Operations that a test may disturb. */
export type RepositoryOperation =
  | 'manifest'
  | 'resolveTag'
  | 'openBlob'
  | 'putBlob'
  | 'putManifest'
  | 'putTag'
  | 'putReferrer';

/** An image repository in memory. `disturb` runs before each operation and may throw, move tags, or wait. */
export class MemoryRepository implements ImageRepository {
  readonly name: string;
  readonly blobs = new Map<string, Buffer>();
  readonly documents = new Map<string, { bytes: Uint8Array; mediaType: string }>();
  readonly tagMap = new Map<string, Digest>();
  /** Every tag movement, in order. */
  readonly tagEvents: { readonly tag: string; readonly digest: Digest }[] = [];
  readonly uploads: string[] = [];
  disturb: (operation: RepositoryOperation, detail: string) => void | Promise<void> = () => {};

  constructor(name = 'registry.example/team/app') {
    this.name = name;
  }

  /** Puts a test image in place and tags it. */
  seed(tag: string, image: Pick<TestImage, 'manifest' | 'mediaType' | 'digest'> & Partial<TestImage>): void {
    for (const [digest, bytes] of image.blobs ?? []) this.blobs.set(digest, bytes);
    this.documents.set(image.digest, { bytes: image.manifest, mediaType: image.mediaType });
    this.tagMap.set(tag, image.digest);
  }

  async manifest(reference: string): Promise<ManifestDocument | undefined> {
    await this.disturb('manifest', reference);
    const digest = isDigest(reference) ? reference : this.tagMap.get(reference);
    const stored = digest && this.documents.get(digest);
    return stored && parseManifestDocument(stored.bytes, stored.mediaType, digest);
  }

  async resolveTag(tag: string): Promise<Digest | undefined> {
    await this.disturb('resolveTag', tag);
    return this.tagMap.get(tag);
  }

  async *tags(): AsyncIterable<string> {
    yield* this.tagMap.keys();
  }

  async hasBlob(digest: Digest): Promise<boolean> {
    return this.blobs.has(digest);
  }

  async openBlob({ digest }: Pick<Descriptor, 'digest'>): Promise<Readable> {
    await this.disturb('openBlob', digest);
    const bytes = this.blobs.get(digest);
    if (!bytes) throw new Error(`no blob ${digest}`);
    return Readable.from([bytes]);
  }

  async putBlob(
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    open: () => Promise<Readable>,
    options: { onBytes?: (sent: number) => void },
  ): Promise<'present' | 'uploaded'> {
    await this.disturb('putBlob', digest);
    if (this.blobs.has(digest)) return 'present';
    const bytes = Buffer.concat(await (await open()).toArray());
    if (digestOf(bytes) !== digest || bytes.length !== size) throw new Error(`wrong bytes for ${digest}`);
    this.blobs.set(digest, bytes);
    this.uploads.push(digest);
    options.onBytes?.(size);
    return 'uploaded';
  }

  async putManifest(bytes: Uint8Array, mediaType: string): Promise<Digest> {
    const digest = digestOf(bytes);
    await this.disturb('putManifest', digest);
    this.documents.set(digest, { bytes, mediaType });
    return digest;
  }

  async putTag(tag: string, document: Pick<ManifestDocument, 'bytes' | 'mediaType' | 'digest'>): Promise<void> {
    await this.disturb('putTag', tag);
    this.documents.set(document.digest, { bytes: document.bytes, mediaType: document.mediaType });
    this.tagMap.set(tag, document.digest);
    this.tagEvents.push({ tag, digest: document.digest });
  }

  async deleteTag(tag: string): Promise<boolean> {
    return this.tagMap.delete(tag);
  }

  async referrers(subject: Digest): Promise<readonly Descriptor[]> {
    return [...this.documents].flatMap(([digest, { bytes, mediaType }]): Descriptor[] => {
      const { subject: named, artifactType } = JSON.parse(Buffer.from(bytes).toString()) as {
        subject?: { digest: string };
        artifactType?: string;
      };
      if (named?.digest !== subject) return [];
      return [{ mediaType, digest: digest as Digest, size: bytes.length, ...(artifactType && { artifactType }) }];
    });
  }

  async putReferrer(bytes: Uint8Array, mediaType: string): Promise<Digest> {
    await this.disturb('putReferrer', digestOf(bytes));
    this.documents.set(digestOf(bytes), { bytes, mediaType });
    return digestOf(bytes);
  }
}
