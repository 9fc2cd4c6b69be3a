import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AuditEntry } from '../../src/access/index.ts';
import { createQueue, type SqlQueue } from '../../src/adapters/queue/index.ts';
import type { Db, StoreTarget } from '../../src/adapters/sql/index.ts';
import { createInventoryStore } from '../../src/adapters/sql/inventory/index.ts';
import {
  createEventLog,
  createFixCycleStore,
  createFixStore,
  createPlanStore,
  createScanStore,
  createScheduleStore,
} from '../../src/adapters/sql/work/index.ts';
import { createProcessRunner, type ProcessRunnerOptions } from '../../src/adapters/workers/index.ts';
import type { Digest } from '../../src/image/index.ts';
import type { InventoryImage, InventoryStore } from '../../src/inventory/index.ts';
import { type JobEnding, systemTimers, WorkerLoop, type WorkerLoopDeps } from '../../src/jobs/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import {
  type Call,
  createFixService,
  createPlanService,
  createScanService,
  type FixService,
  type ImageService,
  type PlanService,
  type ScanService,
} from '../../src/service/index.ts';
import { createFakeAudit } from './fake-access.ts';
import { type FakeRegistry, startFakeRegistry } from './fake-registry.ts';
import type { JobChildInput } from './job-child.ts';
import { tar } from './test-image.ts';
import { toyDatabase, toyFile } from './toy-fixer.ts';

/** A service with the toy world of packages: registry over HTTP, store, queue, services; job processes are real ones. */
export interface JobWorld extends AsyncDisposable {
  readonly db: Db;
  readonly target: StoreTarget;
  readonly directory: string;
  readonly registry: FakeRegistry;
  readonly inventory: InventoryStore;
  readonly queue: SqlQueue;
  readonly scans: ScanService;
  readonly fixes: FixService;
  readonly plans: PlanService;
  /** Advisories that hold now, as plans are told. */
  snapshot: string;
  /** What scans and fixes recorded. */
  readonly audited: readonly AuditEntry[];
  readonly call: Call;
  /** Puts images with a fixable package into the registry and the inventory, each in a repository of its own. */
  seed(count: number): Promise<readonly InventoryImage[]>;
  /** Starts a worker loop whose processes die where the test says. */
  worker(options?: WorkerOptions): WorkerLoop;
  events(): Promise<readonly { topic: string; payload: unknown }[]>;
}

export interface WorkerOptions {
  readonly deaths?: JobChildInput['deaths'];
  readonly pauses?: JobChildInput['pauses'];
  readonly slots?: number;
  readonly loop?: Partial<WorkerLoopDeps>;
  readonly limits?: Partial<ProcessRunnerOptions>;
  readonly ended?: (kind: string, ending: JobEnding) => void;
}

/** Limits of job processes in tests. */
export const testLimits = {
  heapMiB: 512,
  residentMiB: 1_024,
  silentMs: 60_000,
  idleMs: 30_000,
  jobsPerProcess: 100,
  graceMs: () => 3_000,
} as const;

/** Timing of worker loops in tests. */
export const testLoop = { leaseMs: 5_000, heartbeatMs: 500, pollMs: 100 } as const;

/** What job processes of tests run. */
export const child = fileURLToPath(new URL('./job-child.ts', import.meta.url));

/** The id that the toy world's flaw has. */
export const toyFlaw = 'CVE-2024-0001';

/** Opens everything over an empty store; it is closed when the test ends. */
export async function openJobWorld(t: TestContext, store: { db: Db; target: StoreTarget }): Promise<JobWorld> {
  const { db, target } = store;
  const directory = await mkdtemp(join(tmpdir(), 'drydock-jobs-'));
  t.after(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));
  const registry = await startFakeRegistry();
  t.after(() => registry.close());
  const inventory = createInventoryStore(db);
  const report = (message: string, error: unknown): void => t.diagnostic(`${message}: ${String(error)}`);
  const queue = await createQueue({ db, target, report });
  t.after(() => queue.close());
  const shared = { db, queue, clock: systemClock, imagesById: inventory.imagesById };
  const images = imageService(inventory);
  const wake = (): void => {};
  const audit = createFakeAudit();
  const schedules = createScheduleStore(db, queue.enqueueIn);
  const loops: WorkerLoop[] = [];
  const runners: AsyncDisposable[] = [];
  const checks = {
    store: createFixStore(shared),
    images,
    findings: {
      records: async () => [],
      page: async () => ({ rows: [], total: 0, totalIsBound: false, next: null }),
    },
    clock: systemClock,
    newId: randomUUID,
  };
  const world: JobWorld = {
    // Before the store is closed, which hooks of the test do in the order in which they were made.
    async [Symbol.asyncDispose]() {
      await Promise.all(loops.map((loop) => loop.drain(0)));
      await Promise.all(runners.map((runner) => runner[Symbol.asyncDispose]()));
    },
    db,
    target,
    directory,
    registry,
    inventory,
    queue,
    audited: audit.entries,
    scans: createScanService({
      store: createScanStore(shared),
      targets: { select: async (_call, order) => targets(await inventory.imagesByUuid(order.uuids ?? [])) },
      generation: 1,
      audit,
      clock: systemClock,
      newId: () => randomUUID().replaceAll('-', ''),
      wake,
    }),
    fixes: createFixService({
      ...checks,
      store: createFixStore(shared),
      cycles: createFixCycleStore(schedules, systemClock),
      audit,
      wake,
    }),
    plans: createPlanService({
      store: createPlanStore(shared),
      checks,
      snapshot: async () => world.snapshot,
      audit,
      wake,
    }),
    snapshot: 'snapshot-1',
    call: {
      projects: 'all',
      actor: { name: 'tester', userId: 1, accessKeyId: null, address: null, requestId: randomUUID() },
      signal: new AbortController().signal,
    },
    seed: (count) => seed({ registry, inventory }, count),
    worker(options = {}) {
      const { deaths = {}, pauses = {}, slots = 2, loop = {}, limits = {}, ended } = options;
      const input: JobChildInput = { target, directory, deaths, pauses };
      const runner = createProcessRunner({
        entry: child,
        args: [JSON.stringify(input)],
        env: process.env,
        ...testLimits,
        ...limits,
      });
      const started = new WorkerLoop({
        queue,
        runner,
        timers: systemTimers,
        worker: `loop ${loops.length}`,
        shares: { slots, reserved: 0 },
        ...testLoop,
        report,
        ended: (job, ending) => ended?.(job.kind, ending),
        ...loop,
      });
      loops.push(started);
      runners.push(runner);
      started.start();
      return started;
    },
    events: () => createEventLog(db).after(0, 10_000),
  };
  return world;
}

function targets(images: readonly InventoryImage[]) {
  return images.map(({ id, uuid, manifestId, digest, repository }) => ({
    imageId: id,
    uuid,
    manifestId,
    digest,
    projectId: repository.projectId,
    runAt: null,
  }));
}

function imageService(inventory: InventoryStore): Pick<ImageService, 'byUuids'> {
  return { byUuids: async (_call, uuids) => (await inventory.imagesByUuid(uuids)) as never };
}

async function seed(
  { registry, inventory }: { registry: FakeRegistry; inventory: InventoryStore },
  count: number,
): Promise<readonly InventoryImage[]> {
  const record = await inventory.insertRegistry(
    {
      name: 'main',
      kind: 'oci',
      baseUrl: `http://${registry.host}`,
      connectAddress: null,
      region: 'local',
      projectId: 1,
      username: null,
      password: null,
      include: [],
      exclude: [],
      references: [],
      schedule: null,
      scansPerHour: null,
      vendor: {},
      insecure: true,
      ca: null,
      scanNew: true,
    },
    1,
  );
  assert.ok(record);
  const paths = Array.from({ length: count }, (_, n) => ({ path: `team/app-${n}`, public: false }));
  const repositories = await inventory.seeRepositories(record.id, paths, 1, 1);
  const found: InventoryImage[] = [];
  for (const [n, repository] of repositories.entries()) {
    const layer = tar({
      'var/lib/toy': { type: 'directory' },
      [toyDatabase]: toyFile({ libfoo: 1 }),
      filler: `${n}\n`,
    });
    const image = registry.pushTestImage(repository.path, 'v1', [layer]);
    const { digest, manifest: bytes } = image;
    const observed = {
      digest: digest as Digest,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      configDigest: null,
      os: 'linux',
      arch: 'amd64',
      variant: null,
      createdAt: null,
      size: null,
      manifestSize: bytes.length,
      refused: null,
    };
    const root = { digest: observed.digest, kind: 'image' as const, mediaType: observed.mediaType, size: bytes.length };
    await inventory.applyTags(
      repository.id,
      [{ tag: 'v1', root: { ...root, images: [observed] }, observedAt: 1_000 }],
      { source: 'poll', actor: null },
    );
    found.push(...(await inventory.findImages({ repositoryId: repository.id, tag: 'v1' }, 1)));
  }
  assert.equal(found.length, count);
  return found;
}
