import { action } from '../action.ts';
import { pageInfo, pageRequest, paging } from '../schema/paging.ts';
import { list, listOf, text } from '../schema/parameter.ts';
import { registryFields, registryTypes } from '../views/registry.ts';
import { formatTime } from '../views/time.ts';

/** Registries by page; source of registry ids. */
export const pageImageRegistry = action({
  name: 'PageImageRegistry',
  level: 'read',
  tier: 1,
  summary: 'pages through registries; source of registry ids',
  parameters: {
    ...paging(20),
    RegistryNameLike: text(256),
    RegistryTypeInList: listOf(...registryTypes),
    // A type that does not exist excludes nothing; clients of the vendor send such lists.
    RegistryTypeNotInList: list(),
    SourceIp: text(),
  },
  run: async (input, context) => {
    const page = await context.services.registries.page(context.call, {
      ...(input.RegistryNameLike === undefined ? {} : { nameContains: input.RegistryNameLike }),
      ...(input.RegistryTypeInList === undefined ? {} : { vendorTypes: input.RegistryTypeInList }),
      ...(input.RegistryTypeNotInList === undefined ? {} : { notVendorTypes: input.RegistryTypeNotInList }),
      page: pageRequest(input),
    });
    const time = (ms: number): string => formatTime(ms, context.settings.timeZone);
    return {
      List: page.rows.map((registry) => ({
        ...registryFields(registry, context),
        GmtCreate: time(registry.createdAt),
        GmtModified: time(registry.updatedAt),
        ImageCount: registry.images,
        RegistryName: registry.name,
      })),
      PageInfo: pageInfo(input, page),
    };
  },
});
