import type { InventoryImage, ScanState } from '../../../inventory/index.ts';
import type { ScanStore } from '../../../service/index.ts';
import type { ScanTaskDeps } from './contract.ts';
import { scanTaskWrites } from './scan-tasks.ts';
import { scanTaskReads } from './scan-views.ts';

/** Scan tasks and scan states in the store. */
export function createScanStore(
  deps: ScanTaskDeps & { readonly imagesById: (ids: readonly number[]) => Promise<readonly InventoryImage[]> },
): ScanStore {
  const { db } = deps;
  return {
    ...scanTaskReads(db),
    ...scanTaskWrites(deps),
    async upToDate(manifestIds, generation) {
      const known = new Set<number>();
      for (let from = 0; from < manifestIds.length; from += 500) {
        const rows = await db.kysely
          .selectFrom('image')
          .select('manifest_id')
          .where('manifest_id', 'in', manifestIds.slice(from, from + 500))
          .where('scan_state', 'in', ['matched', 'partial', 'unsupported'])
          .where('analyser_gen', '>=', generation)
          .execute();
        for (const row of rows) known.add(row.manifest_id);
      }
      return known;
    },
    async stateOf(manifestId) {
      const row = await db.kysely
        .selectFrom('image')
        .select('scan_state')
        .where('manifest_id', '=', manifestId)
        .executeTakeFirst();
      return (row?.scan_state as ScanState | undefined) ?? null;
    },
    async imagesOf(manifestId, limit) {
      const rows = await db.kysely
        .selectFrom('inventory_image')
        .innerJoin('repository', 'repository.id', 'inventory_image.repo_id')
        .innerJoin('registry', 'registry.id', 'repository.registry_id')
        .select('inventory_image.id')
        .where('inventory_image.manifest_id', '=', manifestId)
        .where('registry.removed_at', 'is', null)
        .orderBy((eb) => eb('inventory_image.until_at', 'is not', null))
        .orderBy('inventory_image.id', 'desc')
        .limit(limit)
        .execute();
      return await deps.imagesById(rows.map(({ id }) => id));
    },
  };
}
