import type { InventoryImage } from '../../../inventory/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { SqlQueue } from '../../queue/contract.ts';
import type { Db } from '../contract.ts';

/** What the store of scan tasks works with. */
export interface ScanTaskDeps {
  readonly db: Db;
  readonly queue: Pick<SqlQueue, 'enqueueIn' | 'cancelIn'>;
  readonly clock: Clock;
}

/** What the stores of fix tasks and of plans work with. */
export interface FixStoreDeps {
  readonly db: Db;
  readonly queue: Pick<SqlQueue, 'enqueueIn' | 'cancelIn'>;
  readonly imagesById: (ids: readonly number[]) => Promise<readonly InventoryImage[]>;
  readonly clock: Clock;
}
