import type { InventoryImage, NewImages } from '../../inventory/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { ScanStore } from './ports.ts';

/** Scans images that came into the inventory, as tasks that nobody ordered. */
export function scanNewImages(deps: {
  readonly store: ScanStore;
  readonly byUuid: (uuids: readonly string[]) => Promise<readonly InventoryImage[]>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly wake: () => void;
  readonly generation: number;
}): NewImages {
  return {
    async queue(registry, images) {
      const runAt = new Map(images.map((image) => [image.uuid, image.runAt]));
      const found = await deps.byUuid([...runAt.keys()]);
      const known = await deps.store.upToDate([...new Set(found.map(({ manifestId }) => manifestId))], deps.generation);
      const targets = found
        .filter(({ manifestId }) => !known.has(manifestId))
        .map(({ id, uuid, manifestId, digest, repository }) => ({
          imageId: id,
          uuid,
          manifestId,
          digest,
          projectId: repository.projectId,
          runAt: runAt.get(uuid) ?? null,
        }));
      if (targets.length === 0) return;
      const task = {
        id: deps.newId(),
        name: `new images of ${registry.name}`,
        source: 'sync',
        owner: 'system',
        class: 'bulk' as const,
        at: deps.clock.now().getTime(),
      };
      await deps.store.start(task, targets, null);
      deps.wake();
    },
  };
}
