import type { FixRequest } from '../../fix/index.ts';
import type { Platform } from '../../image/index.ts';
import type { InventoryImage } from '../../inventory/index.ts';
import type { FixTaskWork } from './ports.ts';

/** What a task of the service asks of the engine. @param reference the image by digest, of its index where it has one */
export function requestOf(
  work: Pick<FixTaskWork, 'image' | 'selection' | 'strategy'> & { readonly newTag: string },
  reference: string,
): FixRequest {
  const { image, selection, strategy, newTag } = work;
  return {
    reference,
    selection,
    target: { tag: newTag },
    output: undefined,
    platforms: image.indexDigest === null ? undefined : [platformOf(image)],
    strategy,
    overwrite: 'never',
    gate: 'high',
    pinned: new Set(),
    attach: ['sbom', 'vex', 'provenance'],
    attachPolicy: 'best-effort',
    planOnly: false,
  };
}

function platformOf(image: InventoryImage): Platform {
  const [os = 'linux', architecture = 'amd64', variant] = (image.platform ?? 'linux/amd64').split('/');
  return { os, architecture, ...(variant !== undefined && { variant }) } as Platform;
}
