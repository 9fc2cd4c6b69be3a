import type { OverviewService } from '../../../src/service/index.ts';
import type { FakeEstate } from './estate.ts';
import { visible } from './matching.ts';

/** One group with every visible image, and no days. */
export function fakeOverview(estate: FakeEstate): OverviewService {
  return {
    async worklist(call) {
      const images = estate.images.filter((image) => visible(call, image.repository.projectId));
      const top = images.slice(0, 3).map(({ uuid, registry, repository, tag, digest }) => {
        return { uuid, registry: registry.name, repository: repository.path, tag, digest };
      });
      const group = { key: 'all', filter: 'image.current:true', images: images.length, fixable: 0, top };
      return { groups: [group], scanHealth: { images: images.length, states: [], reasons: [] } };
    },
    advice: async () => [],
    trend: async () => [],
  };
}
