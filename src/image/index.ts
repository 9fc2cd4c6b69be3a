export { BlobError, type BlobStore, type Spooled } from './blob-store.ts';
export {
  type AddedLayer,
  appendToConfig,
  appendToManifest,
  type ChangedConfig,
  type ManifestChange,
  replaceInIndex,
  replaceTopInConfig,
} from './build/append-layer.ts';
export { createLayerWriter, type LayerWriterOptions, patchLayerMediaType } from './build/layer-writer.ts';
export { chainIds } from './chain-ids.ts';
export { algorithmOf, type Digest, DigestError, digestOf, finishDigest, hexOf, isDigest } from './digest.ts';
export type {
  ContentSink,
  EntryType,
  FileContent,
  FileEntry,
  ImageView,
  Interest,
  LayerEntry,
  LayerLimits,
  LayerTree,
  LayerVisitor,
  LayerWalk,
  LayerWriter,
  UnionView,
  ViewEntry,
  WrittenLayer,
} from './layers/contract.ts';
export { LayerError } from './layers/errors.ts';
export { extendImageView, type ImageViewOptions, type OpenedImageView, openImageView } from './layers/image-view.ts';
export { defaultLayerLimits } from './layers/limits.ts';
export { baseName, decodeName, displayPath, encodeName, joinPath, parentOf } from './layers/names.ts';
export type { TarEvent, TarLimits, TarParser } from './layers/tar-contract.ts';
export type { OwnerNames } from './layers/tar-header.ts';
export { createTarParser } from './layers/tar-reader.ts';
export { encodeEntry, tarEnd, tarPadding } from './layers/tar-writer.ts';
export { type BuiltUnionView, buildUnionView } from './layers/union-view.ts';
export { VisitorHost } from './layers/visitor-host.ts';
export { type WalkOptions, walkLayer } from './layers/walk.ts';
export {
  type Descriptor,
  type ImageConfig,
  type Index,
  type Manifest,
  type ManifestDocument,
  mediaTypes,
  type Platform,
} from './model.ts';
export { checkLayerCount, configLimits, parseConfig } from './parse-config.ts';
export { isForeignLayer, type ManifestOptions, parseManifestDocument } from './parse-manifest.ts';
export { type ImageReference, parseReference, validRepository, validTag } from './reference.ts';
export type { CataloguePage } from './registry/catalogue.ts';
export {
  type CredentialRequest,
  type Credentials,
  type CredentialsProvider,
  fixedCredentials,
} from './registry/credentials/credentials.ts';
export { type StoredCredentialsOptions, storedCredentials } from './registry/credentials/stored.ts';
export type { RegistryErrorCode } from './registry/errors.ts';
export type { ProbeResult } from './registry/probe.ts';
export { fallbackTag } from './registry/referrers.ts';
export { createRegistry, type Registry, type RegistryOptions } from './registry/registry.ts';
export type { RegistryLimits, RegistrySettings } from './registry/settings.ts';
export type { ImageRepository } from './repository.ts';
export type { ImageHandle, LayerHandle, OpenedReference } from './sources/contract.ts';
export { openReference, type SourceDeps } from './sources/index.ts';
export { openOciLayout } from './sources/oci-layout.ts';
export { machinePlatform, parsePlatform } from './sources/platforms.ts';
