import { action } from '../action.ts';
import { choice } from '../schema/parameter.ts';

/** Regions that this installation has configured. */
export const listImageRegistryRegion = action({
  name: 'ListImageRegistryRegion',
  level: 'read',
  tier: 1,
  summary: 'lists configured regions',
  parameters: { Lang: choice('zh', 'en') },
  run: async (_input, { services }) => ({
    Regions: services.registries.regions().map(({ id, name }) => ({ RegionId: id, RegionName: name })),
  }),
});
