import { openReference } from '../../image/index.ts';
import {
  type InventoryImage,
  type OpenedRegistry,
  openOnboarded,
  type RegistryAccessOptions,
  type RegistryRecord,
  type RegistryStore,
} from '../../inventory/index.ts';
import type { InventoryImages } from './ports.ts';

/** Clients that are kept open at a time; each holds connections and tokens. */
const mostClients = 16;

/** Clients of onboarded registries for one process, opened with the credentials of their records. */
export interface RegistryPool extends AsyncDisposable {
  /** @throws InventoryError; ServiceError codes of the store */
  get(registry: RegistryRecord): Promise<OpenedRegistry>;
}

interface Kept {
  readonly updatedAt: number;
  readonly opened: OpenedRegistry;
}

/** Opens each registry once and again after its record has changed. */
export function createRegistryPool(
  store: Pick<RegistryStore, 'secrets'>,
  options: RegistryAccessOptions,
): RegistryPool {
  const kept = new Map<number, Kept>();
  return {
    async get(registry) {
      const known = kept.get(registry.id);
      if (known?.updatedAt === registry.updatedAt) return known.opened;
      const secrets = await store.secrets(registry.id);
      const opened = openOnboarded(registry, secrets?.password ?? null, options);
      kept.delete(registry.id);
      kept.set(registry.id, { updatedAt: registry.updatedAt, opened });
      // Clients that go are in use for a while yet: their idle connections end by themselves.
      for (const id of kept.keys()) if (kept.size > mostClients) kept.delete(id);
      return opened;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...kept.values()].map(({ opened }) => opened.registry.close()));
      kept.clear();
    },
  };
}

/** The reference of an image by digest, as its registry's client understands it. */
export function referenceOf(image: InventoryImage, host: string, digest = image.digest): string {
  return `${host}/${image.repository.path}@${digest}`;
}

/** Opens images of the inventory by the digest of their platform manifest. */
export function openInventoryImages(pool: RegistryPool): InventoryImages {
  return {
    async open(image, signal) {
      const { registry, host } = await pool.get(image.registry);
      const opened = await openReference(referenceOf(image, host), { registry }, signal);
      try {
        const handle = await opened.image(undefined, signal);
        return { image: handle, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
      } catch (error) {
        await opened[Symbol.asyncDispose]();
        throw error;
      }
    },
  };
}
