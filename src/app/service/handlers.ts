import { newHexId } from '../../access/index.ts';
import { pruneAnalysisCache } from '../../adapters/cache/filesystem.ts';
import { createExportFiles } from '../../adapters/exports/files.ts';
import type { AdvisoryIndex } from '../../advisories/index.ts';
import { ecosystems } from '../../ecosystems/list.ts';
import { createConnectors, type InventoryImage } from '../../inventory/index.ts';
import type { JobHandler } from '../../jobs/index.ts';
import { dayMs, systemClock } from '../../kernel/index.ts';
import {
  createExportHandler,
  createFeedHandler,
  createFixHandler,
  createFixResults,
  createInventoryImages,
  createNotifyHandler,
  createPlanHandler,
  createProbeHandler,
  createRematchHandler,
  createReportIngest,
  createRetentionHandler,
  createScanHandler,
  createSyncHandler,
  deliveryRetention,
  expireDecisions,
  inventoryRetention,
  matchRetention,
  noticeStep,
  type PlanWork,
  scanNewImages,
  trendRetention,
} from '../../service/index.ts';
import { advisoryService, configuredFeeds } from '../advisories-wiring.ts';
import { analysisFolder } from '../analysis-cache.ts';
import { readSecretFile } from '../registry-wiring.ts';
import type { Settings } from '../settings.ts';
import { version } from '../version.ts';
import { builtFolder, builtRetention } from './built-retention.ts';
import { exportFolder, exportTurns } from './common.ts';
import { imageScanner, openFixEngine } from './image-world.ts';
import { notificationSender } from './notify-wiring.ts';
import type { ServiceOptions } from './options.ts';
import { generation, registryAccess } from './registry-access.ts';
import type { ServiceStore } from './store.ts';

/** What a process that runs handlers has opened. */
export interface HandlerWorld {
  readonly settings: Settings;
  readonly options: ServiceOptions;
  readonly store: ServiceStore;
  /** Runs the schedule of automatic fixing; only that needs the estate in memory. */
  readonly runFixCycle: () => Promise<void>;
  /** Writes down the numbers of today; that needs the estate too. */
  readonly recordDay: (signal: AbortSignal) => Promise<void>;
}

/** Every kind of job and what does it: the explicit list. */
export async function jobHandlers(world: HandlerWorld): Promise<readonly JobHandler[]> {
  const { settings, options, store } = world;
  const access = registryAccess(settings, options, store.sealer);
  const connectors = createConnectors(access);
  const advisories = advisoryService(settings, await authority(settings));
  const ingest = createReportIngest({
    store: store.findings,
    ecosystems,
    clock: systemClock,
    queue: store.queue,
    index: openedInTurn(() => advisories.open()),
  });
  const newImages = scanNewImages({
    store: store.scans,
    byUuid: (uuids) => store.inventory.imagesByUuid(uuids),
    clock: systemClock,
    newId: newHexId,
    wake: () => {},
    generation,
  });
  const scanWorld = async () => ({
    store: store.scans,
    images: createInventoryImages({ store: store.inventory, ...access }),
    scanner: imageScanner(settings, options, store),
    ingest,
    configs: store.configs,
  });
  const fixWorld = async () => ({
    store: store.fixes,
    results: createFixResults({ store: store.inventory, connectors }),
    ingest,
    engine: (work: Parameters<typeof openFixEngine>[2]) =>
      openFixEngine(settings, { store: store.inventory, access }, work),
    scan: (image: InventoryImage) => newImages.queue(image.registry, [{ uuid: image.uuid, runAt: Date.now() }]),
    now: Date.now,
  });
  const planWorld = async () => ({
    store: store.plans,
    engine: ({ id, image }: Pick<PlanWork, 'id' | 'image'>) =>
      openFixEngine(settings, { store: store.inventory, access }, { task: { id }, image }),
    now: Date.now,
  });
  const turns = exportTurns(world);
  return [
    createScanHandler(scanWorld),
    createFixHandler(fixWorld, world.runFixCycle),
    createPlanHandler(planWorld),
    createSyncHandler({ store: store.inventory, connectors, newImages, clock: systemClock }),
    createProbeHandler({ store: store.inventory, connectors, clock: systemClock }),
    createFeedHandler({
      advisories,
      feeds: configuredFeeds(settings),
      queue: store.queue,
    }),
    createRematchHandler({ store: store.findings, advisories, ecosystems, audit: store.access, clock: systemClock }),
    createExportHandler({
      store: store.exports,
      files: createExportFiles(exportFolder(settings)),
      tool: { name: 'drydock', version },
      now: Date.now,
      retentionMs: options.exportDays * dayMs,
      turns,
    }),
    createNotifyHandler({
      store: store.notifications,
      sender: notificationSender(settings, options),
      sealer: store.sealer,
      queue: store.queue,
      now: Date.now,
    }),
    createRetentionHandler({
      clock: systemClock,
      steps: [
        inventoryRetention({
          store: store.inventory,
          keepDays: options.retentionDays,
          onManifestsGone: (manifests) => store.findings.forgetImages(manifests),
        }),
        { name: 'decisions', run: () => endDecisions(store) },
        noticeStep({ store: store.notifications, checkedAt: () => checkedAt(advisories) }),
        matchRetention({ store: store.findings, keepDays: options.retentionDays }),
        { name: 'risks', run: async () => void (await store.findings.sweepRisks()) },
        builtRetention(builtFolder(settings.dataDirectory)),
        { name: 'analyses', run: (now) => pruneAnalysisCache(analysisFolder(settings), new Date(now)) },
        { name: 'exports', run: async () => turns.tend() },
        trendRetention({ store: store.trend, record: world.recordDay }),
        { name: 'plans', run: (now) => prunePlans(store, now - dayMs) },
        { name: 'jobs', run: (now) => pruneJobs(store, now - options.retentionDays * dayMs) },
        deliveryRetention(store.notifications),
        {
          name: 'events',
          run: (now) => pruneEvents(store, now - Math.max(options.retentionDays, leastEventDays) * dayMs),
        },
      ],
    }),
  ];
}

/** Opens the newest snapshot for each report and closes the one before: a process works on one job at a time. */
function openedInTurn(open: () => Promise<AdvisoryIndex>): () => Promise<AdvisoryIndex> {
  let last: AdvisoryIndex | undefined;
  return async () => {
    last?.[Symbol.dispose]();
    last = await open();
    return last;
  };
}

async function authority(settings: Settings): Promise<string | undefined> {
  const ca = settings.config.advisories?.ca;
  return ca && (await readSecretFile(ca));
}

const pruneBatch = 1000;

/** Decisions that only time ends; those that wait for a fix end with the re-match that finds it. */
async function endDecisions({ findings, access }: ServiceStore): Promise<void> {
  await expireDecisions({ store: findings, audit: access, clock: systemClock });
}

/** Notifications and streams of events go on behind what they have seen after an outage of so long at least. */
const leastEventDays = 7;

async function pruneEvents({ events }: ServiceStore, before: number): Promise<void> {
  while ((await events.prune(before)) > 0);
}

async function checkedAt(advisories: { checkedAt(): Promise<string | null> }): Promise<number | null> {
  const time = await advisories.checkedAt();
  return time === null ? null : Date.parse(time);
}

async function pruneJobs({ queue }: ServiceStore, before: number): Promise<void> {
  while ((await queue.prune(before, pruneBatch)) === pruneBatch);
}

async function prunePlans({ plans }: ServiceStore, before: number): Promise<void> {
  while ((await plans.prune(before)) > 0);
}
