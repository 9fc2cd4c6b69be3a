import type { Clock } from '../../kernel/index.ts';
import type { RegistryRecord, RepositoryRecord } from '../contract.ts';
import type { InventoryStore, NewImages } from '../ports.ts';

const batchSize = 200;

/**
 * Hands over images whose content was never scanned. They are found by their state and not by what has just changed, so
 * a crash between the two loses none.
 */
export async function queueUnscanned(
  deps: {
    readonly store: Pick<InventoryStore, 'unscannedImages' | 'reserveScans' | 'secrets'>;
    readonly newImages: NewImages;
    readonly clock: Clock;
  },
  registry: RegistryRecord,
  repository: Pick<RepositoryRecord, 'id'>,
): Promise<void> {
  const { store, newImages, clock } = deps;
  if ((await store.secrets(registry.id))?.scanNew !== true) return;
  for (let after = 0; ; ) {
    const images = await store.unscannedImages(repository.id, after, batchSize);
    const last = images.at(-1);
    if (last === undefined) return;
    after = last.id;
    const { firstAt, stepMs } = await store.reserveScans(registry.id, images.length, clock.now().getTime());
    await newImages.queue(
      registry,
      images.map(({ uuid }, index) => ({ uuid, runAt: firstAt + index * stepMs })),
    );
  }
}
