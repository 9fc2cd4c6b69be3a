import { createHash } from 'node:crypto';
import type { ImageHandle, OpenedReference } from '../image/index.ts';
import type { FixDeps, FixRequest } from './contract.ts';
import { FixError } from './errors.ts';
import { createPart, type FixPart } from './part.ts';
import { selectFindings } from './select.ts';
import type { ResolvedTarget } from './target.ts';

/**
 * Opens and scans the requested platforms and applies the selection to each; everything by digest from here on.
 * An id that one platform does not have is `not_affected` there.
 */
export async function openParts(
  request: FixRequest,
  opened: OpenedReference,
  deps: FixDeps,
  signal: AbortSignal,
): Promise<readonly FixPart[]> {
  const parts: FixPart[] = [];
  for (const image of await openImages(request, opened, signal)) {
    const before = await deps.scan(image, signal, deps.progress);
    const selection = selectFindings(before, request.selection);
    parts.push(await createPart({ image, before, selection, repository: opened.repository }, deps, signal));
  }
  return parts;
}

async function openImages(
  request: FixRequest,
  opened: OpenedReference,
  signal: AbortSignal,
): Promise<readonly ImageHandle[]> {
  if (request.platforms === undefined) return [await opened.image(undefined, signal)];
  const chosen = request.platforms === 'all' ? opened.platforms.map(({ platform }) => platform) : request.platforms;
  const images = new Map<string, ImageHandle>();
  for (const platform of chosen) {
    const image = await opened.image(platform, signal);
    images.set(image.document.digest, image);
  }
  if (images.size === 0) throw new FixError('unusable_request', 'no platform was chosen');
  return [...images.values()];
}

/**
 * Identity of a task: the same request on the same digests is the same task, whoever runs it and however often
 * (fix-engine.md §3). The engine's version and the time are left out on purpose.
 */
export function dedupeKey(
  request: FixRequest,
  opened: OpenedReference,
  target: Pick<ResolvedTarget, 'repository' | 'tag'>,
  parts: readonly FixPart[],
): string {
  const identity = [
    opened.root.digest,
    target.repository.name,
    target.tag,
    parts.map(({ platform, image, selection }) => [
      platform,
      image.document.digest,
      selection.grains.map(({ id, package: name, from }) => [id, name, from]),
    ]),
    request.strategy,
    request.overwrite,
    request.gate,
    [...request.attach].sort(),
    request.attachPolicy,
    [...request.pinned].sort(),
  ];
  return createHash('sha256').update(JSON.stringify(identity)).digest('hex');
}
