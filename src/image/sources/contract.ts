import type { Readable } from 'node:stream';
import type { Diagnostic } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import type { Descriptor, ImageConfig, Manifest, ManifestDocument, Platform } from '../model.ts';
import type { ImageRepository } from '../repository.ts';

/** One layer of an opened image. */
export interface LayerHandle {
  readonly descriptor: Descriptor;
  /** The config's claim, unverified; never a cache key. */
  readonly diffId: Digest;
  /** True for foreign layers (`urls`, non-distributable): not fetched, the image is then `partial`. */
  readonly foreign: boolean;
  /**
   * The bytes as stored (usually compressed); the stream fails with `digest_mismatch` when they do not hash to
   * `descriptor.digest` or do not have its size.
   */
  open(signal: AbortSignal): Promise<Readable>;
}

/** One platform's image, pinned by digest. */
export interface ImageHandle {
  /** As the user asked for it. */
  readonly reference: string;
  readonly document: ManifestDocument & { readonly content: Manifest };
  /** Digest of the index through which it was reached, if any. */
  readonly indexDigest: Digest | undefined;
  readonly config: ImageConfig;
  readonly configBytes: Uint8Array;
  readonly platform: Platform;
  readonly layers: readonly LayerHandle[];
  readonly diagnostics: readonly Diagnostic[];
  /** Whether its registry holds a signature of it or of its index; absent for images that come from no registry. */
  signed?(signal: AbortSignal): Promise<boolean>;
}

/** An opened reference: a single image, or an index of several. Closing releases files and connections. */
export interface OpenedReference extends AsyncDisposable {
  readonly reference: string;
  /** The manifest or index that the reference names; everything below is addressed by digest. */
  readonly root: ManifestDocument;
  /** The platforms to choose from (attestation children left out); one entry for a single manifest. */
  readonly platforms: readonly { readonly platform: Platform; readonly descriptor: Descriptor }[];
  /**
   * Opens one image: the given platform, else the machine's own, else the only one.
   * @throws ImageError `platform_not_found` naming what there is
   */
  image(platform: Platform | undefined, signal: AbortSignal): Promise<ImageHandle>;
  /** Raw access for fixing, where the source is a registry or an OCI layout. */
  readonly repository: ImageRepository | undefined;
  /** The tag named by the reference, if it named one. */
  readonly tag: string | undefined;
}
