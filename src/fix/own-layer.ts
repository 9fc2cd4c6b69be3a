import type { ImageHandle, ImageRepository } from '../image/index.ts';
import type { FixDeps, OwnResult } from './contract.ts';
import { readOwnOrigin } from './referrers.ts';

/**
 * Whether the top layer of an image was written by this engine, proven by its journal or by provenance signed with
 * its key (fix-engine.md §5.4). Labels prove nothing: a forged one must not make us discard somebody's content.
 */
export async function findOwnLayer(
  image: ImageHandle,
  repository: ImageRepository | undefined,
  deps: Pick<FixDeps, 'journal' | 'signer'>,
  signal: AbortSignal,
): Promise<OwnResult | undefined> {
  const top = image.layers.at(-1)?.descriptor.digest;
  const remembered = await deps.journal.ownResult(image.document.digest);
  if (top === undefined || image.layers.length < 2) return undefined;
  if (remembered) return remembered.layer === top ? remembered : undefined;
  if (!repository) return undefined;
  const origin = await readOwnOrigin(repository, image.document.digest, deps.signer, signal);
  // A fix adds exactly one layer on top, so a manifest that we signed for has ours there.
  return origin && { manifest: image.document.digest, layer: top, origin };
}

/** The image without its top layer, as the engine found it before it added that layer. */
export function belowTop(image: ImageHandle): ImageHandle {
  const content = { ...image.document.content, layers: image.document.content.layers.slice(0, -1) };
  return {
    ...image,
    document: { ...image.document, content },
    config: { ...image.config, diffIds: image.config.diffIds.slice(0, -1) },
    layers: image.layers.slice(0, -1),
  };
}
