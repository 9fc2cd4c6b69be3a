import { action } from '../action.ts';
import { choice } from '../schema/parameter.ts';
import { allRows } from '../views/all-pages.ts';
import { registryTypeOf, registryTypes } from '../views/registry.ts';

/** Number of registries of each type. */
export const listPrivateRegistryType = action({
  name: 'ListPrivateRegistryType',
  level: 'read',
  tier: 2,
  summary: 'counts registries by type',
  parameters: { Lang: choice('zh', 'en') },
  run: async (_input, { services, call }) => {
    const registries = await allRows((page) => services.registries.page(call, { page }));
    return {
      RegistryTypeInfos: registryTypes.map((type) => ({
        RegistryType: type,
        Count: registries.filter((registry) => registryTypeOf(registry) === type).length,
      })),
    };
  },
});
