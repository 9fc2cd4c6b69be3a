import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createFilesystemBlobs } from '../../src/adapters/blobs/filesystem.ts';
import { createQueue, leaseHolder } from '../../src/adapters/queue/index.ts';
import { createConfigStore } from '../../src/adapters/sql/contents/index.ts';
import { openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { createInventoryStore } from '../../src/adapters/sql/inventory/index.ts';
import { createFixStore, createPlanStore, createScanStore, stillOwns } from '../../src/adapters/sql/work/index.ts';
import { serveJobs } from '../../src/adapters/workers/index.ts';
import { openReference } from '../../src/image/index.ts';
import { createConnectors, type InventoryImage, openOnboarded } from '../../src/inventory/index.ts';
import type { JobHandler } from '../../src/jobs/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import {
  createFixHandler,
  createFixResults,
  createInventoryImages,
  createPlanHandler,
  createScanHandler,
  type OpenedPlanEngine,
  type ReportIngest,
} from '../../src/service/index.ts';
import { createToyFixer, scanToy, toyVersions, toyWorld } from './toy-fixer.ts';

/** What a test tells its job processes. */
export interface JobChildInput {
  readonly target: StoreTarget;
  readonly directory: string;
  /** Fault point by job: `<kind>:<dedupe key>`; each kills the process once. */
  readonly deaths: Readonly<Record<string, string>>;
  /** Fault point by job at which the process stops itself (SIGSTOP), once. */
  readonly pauses?: Readonly<Record<string, string>>;
}

/** Sealed means nothing here. */
export const openSealer = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };

/** How the tests reach their registry on loopback. */
export const registryAccess = {
  sealer: openSealer,
  clock: systemClock,
  userAgent: 'drydock-test',
  allowedAddresses: ['127.0.0.0/8'],
};

const input = JSON.parse(process.argv[2] ?? '{}') as JobChildInput;
const db = await openDatabase(input.target);
const report = (message: string, error: unknown): void => console.error(message, error);
const queue = await createQueue({ db, target: input.target, report });
const inventory = createInventoryStore(db);
const world = toyWorld();
const connectors = createConnectors(registryAccess);
let current = '';

async function faultPoint(name: string): Promise<void> {
  // By hand: kinds of points meet in one process, and each may hit once, over all processes.
  const mark = join(input.directory, 'hit', `${current}@${name}`.replaceAll(/[^\w@.-]/g, '_'));
  if (existsSync(mark)) return;
  if (input.deaths[current] === name) {
    leave(mark);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => {});
  }
  if (input.pauses?.[current] === name) {
    leave(mark);
    process.kill(process.pid, 'SIGSTOP');
  }
}

function leave(mark: string): void {
  mkdirSync(join(input.directory, 'hit'), { recursive: true });
  writeFileSync(mark, `${process.pid}`);
}

/** As the facts part does: the scan state is written with the facts, if the job is still owned. */
const ingest: ReportIngest = {
  async ingest(scan, { fence, generation }) {
    await db.transaction(async (trx) => {
      if (fence && !(await stillOwns(trx, db.dialect, fence))) throw new Error('not owned');
      await trx
        .updateTable('image')
        .set({ scan_state: 'matched', scanned_at: Date.now(), analyser_gen: generation })
        .where('manifest_id', 'in', (eb) =>
          eb
            .selectFrom('manifest')
            .select('id')
            .where('digest', '=', Buffer.from(scan.image.digest.slice('sha256:'.length), 'hex')),
        )
        .execute();
    });
  },
};

const shared = { db, queue, clock: systemClock, imagesById: inventory.imagesById };
const scans = createScanHandler(async () => ({
  store: createScanStore(shared),
  images: createInventoryImages({ store: inventory, ...registryAccess }),
  scanner: { generation: 1, scan: (image, signal) => scanToy(world, image, signal) },
  ingest,
  configs: createConfigStore(db),
  faultPoint,
}));
/** The engine with the toy fixer, on the registry of the test. */
async function toyEngine(id: string, image: InventoryImage): Promise<OpenedPlanEngine> {
  const { registry, host } = openOnboarded(image.registry, null, registryAccess);
  return {
    reference: `${host}/${image.repository.path}@${image.digest}`,
    deps: {
      openReference: (reference, signal) => openReference(reference, { registry }, signal),
      openTarget: () => Promise.reject(new Error('the result goes to the repository of the source')),
      scan: (handle, signal) => scanToy(world, handle, signal),
      fixers: [createToyFixer(world)],
      versions: () => toyVersions,
      blobs: createFilesystemBlobs(join(input.directory, 'blobs', id)),
      clock: systemClock,
      version: '0.1.0',
      signer: undefined,
    },
    mirror: (archive) => `mirror of ${archive}`,
    [Symbol.asyncDispose]: () => registry.close(),
  };
}

const plans = createPlanHandler(async () => ({
  store: createPlanStore(shared),
  engine: ({ id, image }) => toyEngine(id, image),
  now: () => Date.now(),
  faultPoint,
}));
const fixes = createFixHandler(
  async () => ({
    store: createFixStore(shared),
    results: createFixResults({ store: inventory, connectors }),
    ingest,
    engine: ({ task, image }) => toyEngine(task.id, image),
    // Whole scans of results are another job's; here the state says what the rescan proved.
    scan: async () => {},
    now: () => Date.now(),
    faultPoint,
  }),
  async () => {},
);

/** Remembers whose fault points are met. */
function watched(handler: JobHandler): JobHandler {
  return {
    kind: handler.kind,
    run(job, context) {
      const { manifestId, taskId, planId } = job.payload as { manifestId?: number; taskId?: string; planId?: string };
      current = `${job.kind}:${manifestId ?? taskId ?? planId}`;
      return handler.run(job, context);
    },
  };
}

/** Jobs of a kind that only tests know: what a process may do to its worker loop. */
const probes: JobHandler = {
  kind: 'probe',
  async run(job, context) {
    const payload = job.payload as { act?: string };
    if (payload.act === 'exit') process.exit(3);
    if (payload.act === 'heap') {
      const hoard: unknown[] = [];
      for (;;) {
        hoard.push(new Array(100_000).fill(hoard.length));
        if (hoard.length % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
    if (payload.act === 'resident') {
      const hoard: Buffer[] = [];
      for (;;) {
        hoard.push(Buffer.alloc(20_000_000, 1));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    if (payload.act === 'hang') for (;;);
    if (payload.act === 'wait') {
      await new Promise((_, reject) => {
        context.signal.addEventListener('abort', () => reject(context.signal.reason), { once: true });
      });
    }
    if (payload.act === 'deaf') await new Promise(() => {});
    context.progress({ stage: 'done', done: 1, total: 1 });
  },
};

serveJobs([watched(scans), watched(fixes), watched(plans), probes], await leaseHolder(db));
