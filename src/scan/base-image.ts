import type { ImageConfig } from '../image/index.ts';

/**
 * How many layers, counted from below, an image has from its base; null when the history does not tell. Base images
 * end with the command they run, so the last CMD or ENTRYPOINT that is followed by a layer closes the base
 * (scanning.md §1.7). `org.opencontainers.image.base.digest` is not used: without the named manifest it tells no
 * number of layers, and images inherit the label from their base, so it often speaks of the base's own base.
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
