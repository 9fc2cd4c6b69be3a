import { action } from '../action.ts';
import { required, whole } from '../schema/parameter.ts';
import { passwordMask, registryTypeOf } from '../views/registry.ts';

/** Namespaces that came with a Quay registry; their tokens were never kept. */
export const listImageRegistryExtra = action({
  name: 'ListImageRegistryExtra',
  level: 'read',
  tier: 2,
  summary: 'lists the namespaces of a Quay registry',
  parameters: { RegistryId: required(whole(1)) },
  run: async (input, { services, call, account }) => {
    const registry = await services.registries.get(call, input.RegistryId);
    const namespaces = String(registry?.vendor.namespaces ?? '')
      .split(',')
      .filter((namespace) => namespace !== '');
    return {
      ImageRegistryExtraInfos:
        registry === null
          ? []
          : namespaces.map((namespace, index) => ({
              AliUid: account.number,
              AuthToken: passwordMask,
              Id: index + 1,
              Namespace: namespace,
              RegistryId: registry.id,
              RegistryType: registryTypeOf(registry),
            })),
    };
  },
});
