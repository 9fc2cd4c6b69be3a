import type { ImageService } from '../contract/index.ts';
import type { ScanTarget, ScanTargets } from './ports.ts';

const pageSize = 1_000;

/** Selects the images of an order by the image list, so that an order means what the list shows. */
export function targetsByImageService(images: Pick<ImageService, 'page' | 'byUuids'>): ScanTargets {
  return {
    async select(call, { filter, uuids }) {
      const targets = new Map<string, ScanTarget>();
      const add = (rows: Awaited<ReturnType<ImageService['byUuids']>>): void => {
        for (const { id, uuid, manifestId, digest, repository } of rows) {
          targets.set(uuid, { imageId: id, uuid, manifestId, digest, projectId: repository.projectId, runAt: null });
        }
      };
      if (uuids !== undefined) {
        for (let from = 0; from < uuids.length; from += pageSize) {
          add(await images.byUuids(call, uuids.slice(from, from + pageSize)));
        }
        if (filter === undefined) return [...targets.values()];
      }
      const chosen = new Set(targets.keys());
      let after: string | null = null;
      do {
        const query = { ...(filter && { filter }), sort: 'id' as const, page: { after, limit: pageSize } };
        const page: Awaited<ReturnType<ImageService['page']>> = await images.page(call, query);
        // With both, an image has to be named and to fit the filter.
        add(uuids === undefined ? page.rows : page.rows.filter(({ uuid }) => chosen.delete(uuid)));
        after = page.next;
      } while (after !== null);
      for (const uuid of chosen) targets.delete(uuid);
      return [...targets.values()];
    },
  };
}
