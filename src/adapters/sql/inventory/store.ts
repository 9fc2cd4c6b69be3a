import type { InventoryStore } from '../../../inventory/index.ts';
import type { Db } from '../contract.ts';
import { createImageRows } from './images.ts';
import { createRegistryRows } from './registries.ts';
import { createTagRows } from './repositories.ts';
import { deleteVanished, purgeRemoved } from './retention.ts';
import { createSyncRows } from './sync-rows.ts';

/** The inventory's store over either database. */
export function createInventoryStore(db: Db): InventoryStore {
  return {
    ...createRegistryRows(db),
    ...createTagRows(db),
    ...createSyncRows(db),
    ...createImageRows(db),
    purgeRemoved: (batch, at) => purgeRemoved(db, batch, at),
    deleteVanished: (before, limit, at) => deleteVanished(db, before, limit, at),
  };
}
