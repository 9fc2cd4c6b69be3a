import type { InventoryImage } from '../../inventory/index.ts';
import { type ImageStore, imageUuid, type ObservedRoot, readRoot, type TagStore } from '../../inventory/index.ts';
import { ServiceError } from '../errors.ts';
import type { RegistryPool } from '../scans/registry-pool.ts';
import type { FixResults } from './ports.ts';

/** Enters results of fixes into the inventory: what the registry says the tag's document is, and what it was made from. */
export function createFixResults(deps: {
  readonly pool: RegistryPool;
  readonly inventory: Pick<TagStore, 'applyTags'> & Pick<ImageStore, 'imagesByUuid'>;
}): FixResults {
  return {
    async recordFixResult({ source, tag, root, actor, at }, signal) {
      const { registry, host } = await deps.pool.get(source.registry);
      const content = registry.repository({ registry: host, repository: source.repository.path });
      const observed = await readRoot(content, root.digest, signal);
      const platform = observed && platformImage(observed, source);
      if (observed === undefined || platform === undefined) {
        throw new ServiceError('unavailable', 'the registry does not show the image that was just pushed', {
          retryable: true,
        });
      }
      const { instanceId } = source.registry;
      const uuid = imageUuid(instanceId, source.repository.path, tag, platform.digest);
      await deps.inventory.applyTags(source.repository.id, [{ tag, root: observed, observedAt: at }], {
        source: 'fix',
        actor,
        fixedFrom: new Map([[uuid, source.id]]),
      });
      const [image] = await deps.inventory.imagesByUuid([uuid]);
      if (!image) throw new ServiceError('unavailable', 'the fixed image is not in the inventory', { retryable: true });
      return image;
    },
  };
}

/** The image of the source's platform among those of the result. */
function platformImage({ images }: ObservedRoot, source: InventoryImage): ObservedRoot['images'][number] | undefined {
  if (images.length === 1) return images[0];
  return images.find(({ os, arch, variant }) => {
    const name = [os, arch, variant].filter((part) => part !== null).join('/');
    return name === source.platform;
  });
}
