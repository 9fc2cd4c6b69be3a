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
  repositories: readonly Pick<RepositoryRecord, 'id'>[],
): Promise<void> {
  const { store, newImages, clock } = deps;
  if (repositories.length === 0 || (await store.secrets(registry.id))?.scanNew !== true) return;
  const ids = repositories.map(({ id }) => id);
  for (let after = 0; ; ) {
    const images = await store.unscannedImages(ids, after, batchSize);
    const last = images.at(-1);
    if (last === undefined) return;
    after = last.id;
    const now = clock.now().getTime();
    const unlimited = registry.scansPerHour === null;
    const slots = unlimited ? { firstAt: now, stepMs: 0 } : await store.reserveScans(registry.id, images.length, now);
    await newImages.queue(
      registry,
      images.map(({ uuid }, index) => ({ uuid, runAt: slots.firstAt + index * slots.stepMs })),
    );
  }
}
