import { ImageError } from '../errors.ts';
import type { Descriptor, ImageConfig, Index, ManifestDocument, Platform } from '../model.ts';
import { manifestLimits } from '../parse-manifest.ts';
import type { ImageContent } from './read-blob.ts';

/** One image of an index. */
export interface PlatformImage {
  readonly platform: Platform;
  readonly descriptor: Descriptor;
}

/** `linux/arm64/v8`, as users write it. */
export function platformName(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join('/');
}

/** Parses `os/architecture[/variant]`; `architecture` alone means Linux. @throws ImageError `platform_not_found` */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [os, architecture, variant] = parts.length === 1 ? ['linux', ...parts] : parts;
  const valid = parts.length <= 3 && parts.every((part) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(part));
  if (!valid || os === undefined || architecture === undefined) {
    throw new ImageError('platform_not_found', `not a platform: ${JSON.stringify(text.slice(0, 100))}`, {
      hint: 'Write os/architecture[/variant], for example linux/arm64.',
    });
  }
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** The platform that a config says it is for. */
export function platformOf(config: ImageConfig): Platform {
  const { os, architecture, variant } = config;
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

/** The platform of this machine in the words of images (Go's names). */
export function machinePlatform(architecture: string = process.arch): Platform {
  const names: Record<string, string> = { x64: 'amd64', ia32: '386', arm64: 'arm64', arm: 'arm', ppc64: 'ppc64le' };
  return { os: 'linux', architecture: names[architecture] ?? architecture };
}

/** Whether an entry of an index is an image for running, not an attestation or another artifact. */
function isImage({ platform, annotations, artifactType }: Descriptor): boolean {
  if (artifactType !== undefined || annotations?.['vnd.docker.reference.type'] !== undefined) return false;
  return platform?.os !== 'unknown' || platform.architecture !== 'unknown';
}

/**
 * The images of an index, also of indexes inside it, in their order.
 * @param describe finds the platform of a child whose descriptor tells none
 * @throws ImageError `manifest_too_large` (nested too deep, or into itself), `invalid_manifest` (a platform twice)
 */
export async function listPlatforms(
  root: ManifestDocument & { readonly content: Index },
  content: ImageContent,
  describe: (descriptor: Descriptor) => Promise<Platform>,
  signal: AbortSignal,
): Promise<readonly PlatformImage[]> {
  const found: PlatformImage[] = [];
  const names = new Set<string>();
  const seen = new Set<string>([root.digest]);
  let level = [...root.content.manifests];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > manifestLimits.nesting) throw new ImageError('manifest_too_large', 'indexes nested too deep');
    const next: Descriptor[] = [];
    for (const descriptor of level.filter(isImage)) {
      if (descriptor.mediaType.includes('.index.') || descriptor.mediaType.includes('.list.')) {
        if (seen.has(descriptor.digest)) throw new ImageError('manifest_too_large', 'an index contains itself');
        seen.add(descriptor.digest);
        const child = await content.manifest(descriptor.digest, signal);
        if (child?.content.kind === 'index') next.push(...child.content.manifests);
        if (seen.size > manifestLimits.layers) throw new ImageError('manifest_too_large', 'too many nested indexes');
        continue;
      }
      const platform = descriptor.platform ?? (await describe(descriptor));
      const name = `${platformName(platform)} ${platform.osVersion ?? ''}`;
      if (names.has(name)) throw new ImageError('invalid_manifest', `the platform ${name.trim()} is listed twice`);
      names.add(name);
      found.push({ platform, descriptor });
    }
    level = next;
  }
  return found;
}

/**
 * Chooses an image: the wanted platform; else the machine's own; else the only one.
 * @throws ImageError `platform_not_found`
 */
export function choosePlatform(
  images: readonly PlatformImage[],
  wanted: Platform | undefined,
  machine: Platform,
): PlatformImage {
  const chosen = wanted
    ? bestMatch(images, wanted)
    : (bestMatch(images, machine) ?? (images.length === 1 ? images[0] : undefined));
  if (chosen) return chosen;
  const there = images.map(({ platform }) => platformName(platform)).join(', ') || 'no platform at all';
  throw new ImageError('platform_not_found', `no image for ${platformName(wanted ?? machine)}; there is ${there}`, {
    hint: 'Choose one of them with --platform.',
  });
}

function bestMatch(images: readonly PlatformImage[], wanted: Platform): PlatformImage | undefined {
  const fitting = images.filter(
    ({ platform }) => platform.os === wanted.os && platform.architecture === wanted.architecture,
  );
  if (wanted.variant !== undefined) return fitting.find(({ platform }) => variantOf(platform) === variantOf(wanted));
  return fitting.find(({ platform }) => platform.variant === undefined) ?? fitting[0];
}

/** `arm64` alone means v8, `arm` alone v7. */
function variantOf({ architecture, variant }: Platform): string {
  return variant ?? { arm64: 'v8', arm: 'v7' }[architecture] ?? '';
}
