import type { Diagnostic } from '../../kernel/index.ts';
import type { Digest } from '../digest.ts';
import { ImageError } from '../errors.ts';
import {
  type Descriptor,
  type Index,
  type Manifest,
  type ManifestDocument,
  mediaTypes,
  type Platform,
} from '../model.ts';
import { checkLayerCount, configLimits, parseConfig } from '../parse-config.ts';
import { isForeignLayer } from '../parse-manifest.ts';
import type { ImageRepository } from '../repository.ts';
import type { ImageHandle, LayerHandle, OpenedReference } from './contract.ts';
import {
  choosePlatform,
  listPlatforms,
  machinePlatform,
  type PlatformImage,
  platformName,
  platformOf,
} from './platforms.ts';
import { type ImageContent, readBlob } from './read-blob.ts';

/** What a source knows after it found the document behind a reference. */
export interface OpenedRoot {
  readonly reference: string;
  readonly root: ManifestDocument;
  readonly content: ImageContent;
  readonly repository: ImageRepository | undefined;
  readonly tag: string | undefined;
  readonly diagnostics?: readonly Diagnostic[];
  /** Whether one of the manifests is signed, where there is somebody to ask. */
  readonly signed?: (digests: readonly Digest[], signal: AbortSignal) => Promise<boolean>;
  /** Releases what the source holds. */
  readonly close?: () => Promise<void>;
}

type ImageDocument = ManifestDocument & { readonly content: Manifest };

const configTypes: readonly string[] = [mediaTypes.ociConfig, mediaTypes.dockerConfig];

/** The common half of all sources: platforms, configs and layers on top of a manifest or index. */
export async function openImage(opened: OpenedRoot, signal: AbortSignal): Promise<OpenedReference> {
  const { root } = opened;
  let platforms: readonly PlatformImage[];
  if (isIndex(root)) {
    const describe = async (descriptor: Descriptor): Promise<Platform> =>
      (await loadImage(opened, descriptor, undefined, signal)).platform;
    platforms = await listPlatforms(root, opened.content, describe, signal);
  } else {
    const { mediaType, digest, bytes } = root;
    const descriptor = { mediaType, digest, size: bytes.length };
    platforms = [{ platform: (await loadImage(opened, descriptor, undefined, signal)).platform, descriptor }];
  }
  return {
    reference: opened.reference,
    root,
    platforms,
    repository: opened.repository,
    tag: opened.tag,
    async image(platform, imageSignal) {
      // A single manifest is what it is; an index offers a choice.
      const only = isIndex(root) || platform !== undefined ? undefined : platforms[0];
      const chosen = only ?? choosePlatform(platforms, platform, machinePlatform());
      return loadImage(opened, chosen.descriptor, chosen.descriptor.platform, imageSignal);
    },
    [Symbol.asyncDispose]: async () => opened.close?.(),
  };
}

function isIndex(document: ManifestDocument): document is ManifestDocument & { readonly content: Index } {
  return document.content.kind === 'index';
}

function isImageDocument(document: ManifestDocument): document is ImageDocument {
  return document.content.kind === 'manifest';
}

async function loadImage(
  opened: OpenedRoot,
  descriptor: Descriptor,
  promised: Platform | undefined,
  signal: AbortSignal,
): Promise<ImageHandle> {
  const { root, content } = opened;
  const document = descriptor.digest === root.digest ? root : await content.manifest(descriptor.digest, signal);
  if (document === undefined) throw new ImageError('invalid_manifest', `the manifest ${descriptor.digest} is missing`);
  if (!isImageDocument(document))
    throw new ImageError('invalid_manifest', `${descriptor.digest} is not an image manifest`);
  const manifest = document.content;
  if (!configTypes.includes(manifest.config.mediaType)) {
    const kind = manifest.artifactType ?? manifest.config.mediaType;
    throw new ImageError('unsupported_media_type', `not a container image but an artifact: ${kind.slice(0, 200)}`);
  }
  const configBytes = await readBlob(content, manifest.config, configLimits.maxBytes, signal);
  const config = parseConfig(configBytes);
  checkLayerCount(manifest, config);
  const platform = platformOf(config);
  const layers = manifest.layers.map((layer, index): LayerHandle => {
    const diffId = config.diffIds[index];
    if (diffId === undefined) throw new ImageError('invalid_config', `no diff_id for layer ${index}`);
    return layerHandle(content, layer, diffId);
  });
  const diagnostics = [
    ...(opened.diagnostics ?? []),
    ...layers.flatMap(foreignDiagnostic),
    ...mismatch(platform, promised),
  ];
  return {
    reference: opened.reference,
    document,
    indexDigest: document === root ? undefined : root.digest,
    config,
    configBytes,
    platform,
    layers,
    diagnostics,
    ...(opened.signed && {
      signed: async (asking: AbortSignal) =>
        (await opened.signed?.([...new Set([document.digest, root.digest])], asking)) ?? false,
    }),
  };
}

function layerHandle(content: ImageContent, descriptor: Descriptor, diffId: LayerHandle['diffId']): LayerHandle {
  const foreign = isForeignLayer(descriptor);
  return {
    descriptor,
    diffId,
    foreign,
    async open(signal) {
      // Its address comes from the image's author: fetching it would send us wherever they like.
      if (foreign) throw new ImageError('unsupported_image', `the foreign layer ${descriptor.digest} is not fetched`);
      return content.openBlob(descriptor, signal);
    },
  };
}

function foreignDiagnostic({ descriptor, foreign }: LayerHandle): readonly Diagnostic[] {
  if (!foreign) return [];
  const message = 'The layer is stored outside the registry and was not read.';
  return [{ code: 'foreign_layer', layer: descriptor.digest, message, partial: true }];
}

function mismatch(actual: Platform, promised: Platform | undefined): readonly Diagnostic[] {
  if (!promised || (promised.os === actual.os && promised.architecture === actual.architecture)) return [];
  const message = `The index promises ${platformName(promised)}, the image says ${platformName(actual)}.`;
  return [{ code: 'platform_mismatch', message }];
}
