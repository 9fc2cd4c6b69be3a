import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createSealer, hasSealed, loadMasterKeys, type Sealer } from '../../access/index.ts';
import { createQueue, type SqlQueue } from '../../adapters/queue/index.ts';
import { createAccessStore } from '../../adapters/sql/access/index.ts';
import { createConfigStore } from '../../adapters/sql/contents/index.ts';
import { createExportStore } from '../../adapters/sql/exports/index.ts';
import { createFindingsStore } from '../../adapters/sql/findings/index.ts';
import { type Db, openDatabase, type StoreTarget } from '../../adapters/sql/index.ts';
import { createInventoryStore } from '../../adapters/sql/inventory/index.ts';
import { createNotificationStore } from '../../adapters/sql/notifications/index.ts';
import { createTrendStore } from '../../adapters/sql/overview/index.ts';
import {
  createEventLog,
  createFixCycleStore,
  createFixStore,
  createPlanStore,
  createScanStore,
  createScheduleStore,
} from '../../adapters/sql/work/index.ts';
import { systemClock } from '../../kernel/index.ts';
import type { Settings } from '../settings.ts';
import type { ServiceOptions } from './options.ts';

/** Everything durable of the service, opened by one process. */
export interface ServiceStore extends AsyncDisposable {
  readonly db: Db;
  readonly sealer: Sealer;
  /** The newest master key, for keys that are derived from it. */
  readonly masterKey: Uint8Array;
  readonly access: ReturnType<typeof createAccessStore>;
  readonly inventory: ReturnType<typeof createInventoryStore>;
  readonly findings: ReturnType<typeof createFindingsStore>;
  readonly exports: ReturnType<typeof createExportStore>;
  readonly queue: SqlQueue;
  readonly schedules: ReturnType<typeof createScheduleStore>;
  readonly scans: ReturnType<typeof createScanStore>;
  readonly fixes: ReturnType<typeof createFixStore>;
  readonly plans: ReturnType<typeof createPlanStore>;
  readonly cycles: ReturnType<typeof createFixCycleStore>;
  readonly trend: ReturnType<typeof createTrendStore>;
  readonly configs: ReturnType<typeof createConfigStore>;
  readonly events: ReturnType<typeof createEventLog>;
  readonly notifications: ReturnType<typeof createNotificationStore>;
}

/** Where the store of these settings is. */
export function storeTarget(options: Pick<ServiceOptions, 'databaseUrl'>, settings: Settings): StoreTarget {
  if (options.databaseUrl !== undefined) return { url: options.databaseUrl };
  return { file: join(settings.dataDirectory, 'drydock.db') };
}

/** Where nonces and lock-outs are: beside the store, or in it. */
export function volatileTarget(options: Pick<ServiceOptions, 'databaseUrl'>, settings: Settings): StoreTarget {
  if (options.databaseUrl !== undefined) return { url: options.databaseUrl };
  return { file: join(settings.dataDirectory, 'volatile.db') };
}

/**
 * Opens the store, migrated, with the keys of the installation; they are made at the first start.
 * @throws SqlError, AccessError
 */
export async function openStore(
  options: Pick<ServiceOptions, 'databaseUrl' | 'masterKeyFile'>,
  settings: Settings,
  report: (message: string, error: unknown) => void,
): Promise<ServiceStore> {
  await mkdir(settings.dataDirectory, { recursive: true, mode: 0o700 });
  const target = storeTarget(options, settings);
  const db = await openDatabase(target);
  try {
    const access = createAccessStore(db);
    const keys = await loadMasterKeys(options.masterKeyFile, !(await hasSealed(access)));
    const queue = await createQueue({ db, target, report });
    const inventory = createInventoryStore(db);
    const schedules = createScheduleStore(db, queue.enqueueIn);
    const work = { db, queue, imagesById: inventory.imagesById, clock: systemClock };
    return {
      db,
      sealer: createSealer(keys),
      masterKey: keys[0] ?? new Uint8Array(),
      access,
      inventory,
      findings: createFindingsStore(db),
      exports: createExportStore(db),
      queue,
      schedules,
      scans: createScanStore(work),
      fixes: createFixStore(work),
      plans: createPlanStore(work),
      cycles: createFixCycleStore(schedules, systemClock),
      trend: createTrendStore(db),
      configs: createConfigStore(db),
      events: createEventLog(db),
      notifications: createNotificationStore(db),
      async [Symbol.asyncDispose]() {
        await queue.close();
        await db.close();
      },
    };
  } catch (error) {
    await db.close();
    throw error;
  }
}
