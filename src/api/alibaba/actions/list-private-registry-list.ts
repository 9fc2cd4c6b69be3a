import { action } from '../action.ts';
import { choice } from '../schema/parameter.ts';
import { allRows } from '../views/all-pages.ts';
import { addressOf, registryFields, registryTypes } from '../views/registry.ts';

/** All registries, without paging. */
export const listPrivateRegistryList = action({
  name: 'ListPrivateRegistryList',
  level: 'read',
  tier: 1,
  summary: 'lists registries, optionally of one type',
  parameters: { RegistryType: choice(...registryTypes) },
  run: async (input, context) => {
    const { services, call, account } = context;
    const vendorTypes = input.RegistryType === undefined ? {} : { vendorTypes: [input.RegistryType] };
    const registries = await allRows((page) => services.registries.page(call, { ...vendorTypes, page }));
    return {
      ImageRegistryInfos: registries.map((registry) => ({
        AliUid: account.number,
        ...registryFields(registry, context),
        Port: addressOf(registry).port,
        RegistryName: registry.name,
        RegistryVersion: String(registry.vendor.registryVersion ?? 'V2'),
      })),
    };
  },
});
