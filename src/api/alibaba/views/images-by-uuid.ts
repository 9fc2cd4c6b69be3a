import type { ImageView } from '../../../service/index.ts';
import type { ActionContext } from '../action.ts';

/** The images that rows belong to, by uuid; those that are gone are missing. */
export async function imagesByUuid(
  uuids: Iterable<string>,
  { services, call }: Pick<ActionContext, 'services' | 'call'>,
): Promise<ReadonlyMap<string, ImageView>> {
  const distinct = [...new Set(uuids)];
  const images = distinct.length === 0 ? [] : await services.images.byUuids(call, distinct);
  return new Map(images.map((image) => [image.uuid, image]));
}
