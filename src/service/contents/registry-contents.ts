import { type InventoryStore, openOnboarded, type RegistryAccessOptions } from '../../inventory/index.ts';
import type { InventoryImages } from '../scans/index.ts';
import type { RegistryContents } from './ports.ts';

/** Reads what registries hold of images of the inventory, with the address and the credentials of their records. */
export function createRegistryContents(
  deps: { readonly store: Pick<InventoryStore, 'secrets'>; readonly images: InventoryImages } & RegistryAccessOptions,
): RegistryContents {
  return {
    async read(image, use, signal) {
      await using opened = await deps.images.open(image, signal);
      return use(opened.image);
    },
    async referrers({ registry, repository, digest }, signal) {
      const secrets = await deps.store.secrets(registry.id);
      const { registry: client, host } = openOnboarded(registry, secrets?.password ?? null, deps);
      try {
        return await client.repository({ registry: host, repository: repository.path }).referrers(digest, signal);
      } finally {
        await client.close();
      }
    },
  };
}
