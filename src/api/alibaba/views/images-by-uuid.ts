import type { ImageView } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';

/** The images that rows belong to, by uuid; those that are gone are missing. */
export async function imagesByUuid(
  uuids: Iterable<string>,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<ReadonlyMap<string, ImageView>> {
  const distinct = [...new Set(uuids)];
  const found = new Map<string, ImageView>();
  for (let start = 0; start < distinct.length; start += 1000) {
    const images = await services.images.byUuids(call, distinct.slice(start, start + 1000));
    for (const image of images) found.set(image.uuid, image);
  }
  return found;
}
