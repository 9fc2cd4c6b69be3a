import { openReference } from '../../image/index.ts';
import { type InventoryStore, openOnboarded, type RegistryAccessOptions } from '../../inventory/index.ts';
import type { InventoryImages } from '../scans/index.ts';

/** Opens images of the inventory by digest, with the address and the credentials of their registry. */
export function createInventoryImages(
  deps: { readonly store: Pick<InventoryStore, 'secrets'> } & RegistryAccessOptions,
): InventoryImages {
  return {
    async open({ registry, repository, digest }, signal) {
      const secrets = await deps.store.secrets(registry.id);
      const { registry: client, host } = openOnboarded(registry, secrets?.password ?? null, deps);
      const reference = `${host}/${repository.path}@${digest}`;
      try {
        const opened = await openReference(reference, { registry: client }, signal);
        const only = opened.platforms[0]?.platform;
        const image = await opened.image(only, signal);
        return {
          image,
          async [Symbol.asyncDispose]() {
            await opened[Symbol.asyncDispose]();
            await client.close();
          },
        };
      } catch (error) {
        await client.close();
        throw error;
      }
    },
  };
}
