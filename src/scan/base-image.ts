import type { KnownImages, ScanReport } from '../findings/index.ts';
import { chainIds, type ImageConfig, type ImageHandle } from '../image/index.ts';

/** Annotation, and label, by which builders name the image that they started from. */
const baseDigestName = 'org.opencontainers.image.base.digest';

/**
 * What an image was built on (scanning.md §1.7): the known image that its label names, if that really lies below it; else
 * the longest run of lower layers that is a complete known image; else what the history tells.
 */
export async function findBase(image: ImageHandle, known?: KnownImages): Promise<ScanReport['image']['base']> {
  const { config, layers } = image;
  // All layers together are the image itself.
  const chains = chainIds(layers.map(({ diffId }) => diffId)).slice(0, -1);
  const found = known === undefined || chains.length === 0 ? [] : await known.withChains(chains);
  const depth = new Map(chains.map((chain, index) => [chain, index + 1]));
  const below = found
    .flatMap((base) => ({ ...base, layers: depth.get(base.chain) ?? 0 }))
    .filter((base) => base.layers > 0)
    .sort((a, b) => b.layers - a.layers || (a.digest < b.digest ? -1 : 1));
  const named = image.document.content.annotations?.[baseDigestName] ?? config.labels?.[baseDigestName];
  const labelled = below.find((base) => base.digest === named || base.indexDigests.some((digest) => digest === named));
  if (labelled !== undefined) return { method: 'label', layers: labelled.layers, digest: labelled.digest };
  const [longest] = below;
  if (longest !== undefined) return { method: 'layers', layers: longest.layers, digest: longest.digest };
  const count = baseLayerCount(config.history, layers.length);
  return count === null ? null : { method: 'history', layers: count, digest: null };
}

/**
 * How many layers, counted from below, an image has from its base; null when the history does not tell. Base images
 * end with the command they run, so the last CMD or ENTRYPOINT that is followed by a layer closes the base
 * (scanning.md §1.7). A label alone tells no number of layers, and images inherit it from their base.
 */
export function baseLayerCount(history: ImageConfig['history'], layerCount: number): number | null {
  const entries = [...(history ?? [])];
  if (entries.filter(({ emptyLayer }) => !emptyLayer).length !== layerCount) return null;
  // Layers of a fix lie on top of the whole image; its own last command does not become that of a base.
  while (entries.at(-1)?.createdBy?.startsWith('drydock fix: ')) entries.pop();
  const top = entries.findLastIndex(({ emptyLayer }) => !emptyLayer);
  const end = entries
    .slice(0, Math.max(top, 0))
    .findLastIndex((entry) => entry.emptyLayer && setsCommand(entry.createdBy));
  if (end < 0) return null;
  return entries.slice(0, end).filter(({ emptyLayer }) => !emptyLayer).length || null;
}

/** `CMD […]` as BuildKit writes it, or after the `#(nop)` of older builders. */
function setsCommand(createdBy: string | undefined): boolean {
  if (createdBy === undefined) return false;
  const marker = createdBy.lastIndexOf('#(nop)', 256);
  const instruction = marker < 0 ? createdBy : createdBy.slice(marker + '#(nop)'.length);
  return /^(CMD|ENTRYPOINT)[ [\t]/.test(instruction.trimStart());
}
