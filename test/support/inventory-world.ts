import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { createQueue } from '../../src/adapters/queue/index.ts';
import { openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { createInventoryStore } from '../../src/adapters/sql/inventory/index.ts';
import { createScanStore, createScheduleStore } from '../../src/adapters/sql/work/index.ts';
import { createConnectors, type NewImages, type RegistryConnectors, type Sealer } from '../../src/inventory/index.ts';
import { type ClaimedJob, type JobHandler, runHandlers } from '../../src/jobs/index.ts';
import { type Clock, CodedError, messageOf, systemClock } from '../../src/kernel/index.ts';
import type { Call } from '../../src/service/index.ts';
import {
  createProbeHandler,
  createRetentionHandler,
  createSyncHandler,
  inventoryRetention,
} from '../../src/service/jobs/index.ts';
import { createRegistryService } from '../../src/service/registries/index.ts';

/** No encryption, but not the plain bytes either: a leak would be seen. */
export const toySealer: Sealer = {
  seal: (bytes) => Buffer.from(bytes).map((byte) => byte ^ 0x5a),
  open: (sealed) => Buffer.from(sealed).map((byte) => byte ^ 0x5a),
};

/** A caller with all rights. */
export const admin: Call = {
  projects: 'all',
  actor: { name: 'admin', userId: 1, accessKeyId: null, address: null, requestId: randomUUID() },
  signal: new AbortController().signal,
};

export interface InventoryWorldOptions {
  readonly allowedAddresses?: readonly string[];
  readonly clock?: Clock;
  readonly keepDays?: number;
  /** Kept alive while a job runs, as a worker does; default a minute. */
  readonly leaseMs?: number;
  /** Stands between the handlers and real registries. */
  readonly wrap?: (connectors: RegistryConnectors) => RegistryConnectors;
}

/** The onboarding of registries with a real store, queue and handlers; `work` does the queued jobs in this process. */
export async function inventoryWorld(target: StoreTarget, options: InventoryWorldOptions = {}) {
  const { clock = systemClock, allowedAddresses = ['127.0.0.0/8'] } = options;
  const db = await openDatabase(target);
  const store = createInventoryStore(db);
  const queue = await createQueue({ db, target, report: () => undefined, clock });
  const schedules = createScheduleStore(db, queue.enqueueIn);
  const syncTasks = createScanStore({ db, queue, clock, imagesById: store.imagesById });
  const audited: { action: string; detail: unknown }[] = [];
  const queued: { uuid: string; runAt: number }[] = [];
  const newImages: NewImages = { queue: async (_, images) => void queued.push(...images) };
  const real = createConnectors({
    sealer: toySealer,
    clock,
    userAgent: 'drydock-test',
    allowedAddresses,
    limits: { attempts: 2, backoffMs: 10 },
  });
  const connectors = options.wrap?.(real) ?? real;
  const service = createRegistryService({
    store,
    connectors,
    sealer: toySealer,
    queue,
    syncTasks,
    schedules,
    clock,
    allowedAddresses,
    audit: { record: async ({ action, detail }) => void audited.push({ action, detail }) },
    regions: [{ id: 'local', name: 'Local' }],
    defaultProjectId: 1,
    hasProject: async (id) => id <= 2,
  });
  const handlers: readonly JobHandler[] = [
    createSyncHandler({ store, connectors, newImages, clock }),
    createProbeHandler({ store, connectors, clock }),
    createRetentionHandler({ steps: [inventoryRetention({ store, keepDays: options.keepDays ?? 30 })], clock }),
  ];
  const runner = runHandlers(handlers);
  const leaseMs = options.leaseMs ?? 60_000;
  const one = async (job: ClaimedJob): Promise<string> => {
    const beat = setInterval(() => void queue.heartbeat(job.id, job.fence, leaseMs, null), leaseMs / 3);
    try {
      const held = () => queue.holds(job.id, job.fence);
      await runner.run(job, { signal: AbortSignal.timeout(1_200_000), progress: () => undefined, held });
      await queue.complete(job.id, job.fence);
      return `${job.kind} succeeded`;
    } catch (error) {
      const code = error instanceof CodedError ? error.code : 'internal';
      await queue.fail(job.id, job.fence, { code, message: messageOf(error) }, false);
      return `${job.kind} ${code}${code === 'internal' ? `: ${messageOf(error)}` : ''}`;
    } finally {
      clearInterval(beat);
    }
  };
  /** Does what is queued and due; how each job ended. */
  const work = async (): Promise<readonly string[]> => {
    const endings: string[] = [];
    for (;;) {
      const job = await queue.claim('test', ['interactive', 'bulk'], leaseMs);
      if (job === null) return endings;
      endings.push(await one(job));
    }
  };
  const close = async (): Promise<void> => {
    await queue.close();
    await db.close();
  };
  return { db, store, queue, schedules, service, audited, queued, handlers, work, close };
}

/** A world that ends with the test. */
export async function openInventoryWorld(
  t: TestContext,
  target: StoreTarget,
  options: InventoryWorldOptions = {},
): Promise<Awaited<ReturnType<typeof inventoryWorld>>> {
  const world = await inventoryWorld(target, options);
  t.after(world.close);
  return world;
}
