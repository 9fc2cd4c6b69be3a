import { action } from '../action.ts';
import { required, whole } from '../schema/parameter.ts';

/** Takes a registry away with its images, findings and unfinished work. */
export const deletePrivateRegistry = action({
  name: 'DeletePrivateRegistry',
  level: 'write',
  tier: 1,
  summary: 'removes a registry with all that came from it',
  parameters: { RegistryId: required(whole(1)) },
  run: async (input, { services, call }) => {
    return { Data: await services.registries.remove(call, input.RegistryId) };
  },
});
