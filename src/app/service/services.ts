import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { type Access, newHexId } from '../../access/index.ts';
import { createExportFiles } from '../../adapters/exports/files.ts';
import { cancelRegistryWork } from '../../adapters/sql/work/index.ts';
import { ecosystems } from '../../ecosystems/list.ts';
import {
  createEstateSource,
  createRowSources,
  decisionsFor,
  EstateIndex,
  EstateQueries,
  riskDecisionsFor,
} from '../../findings/index.ts';
import { createConnectors, vendorType } from '../../inventory/index.ts';
import { messageOf, systemClock } from '../../kernel/index.ts';
import {
  createContentService,
  createDecisionService,
  createExportService,
  createFindingService,
  createFixService,
  createImageService,
  createInventoryImages,
  createNotificationService,
  createOverviewService,
  createPlanService,
  createRegistryContents,
  createRegistryService,
  createRiskService,
  createScanService,
  currentReport,
  detectorCatalogue,
  riskImpact,
  type Services,
  targetsByImageService,
} from '../../service/index.ts';
import type { Settings } from '../settings.ts';
import { exportFolder, exportTurns } from './common.ts';
import { notificationSender } from './notify-wiring.ts';
import type { ServiceOptions } from './options.ts';
import { generation, registryAccess } from './registry-access.ts';
import type { ServiceStore } from './store.ts';

/**
 * How long an answer waits for the estate to follow a change. Small changes take a few milliseconds; while a large one is
 * read, such as a re-match of everything, answers come from the state before it.
 */
const patienceMs = 250;

/** What the use cases of one process are made of. */
export interface ServicesInput {
  readonly settings: Settings;
  readonly options: ServiceOptions;
  readonly store: ServiceStore;
  readonly access: Access;
  readonly logger: Logger;
  /** Called after jobs were queued. */
  readonly wake: () => void;
}

/** The use cases, and what their process owes them. */
export interface OpenedServices extends AsyncDisposable {
  readonly services: Services;
  readonly queries: EstateQueries;
}

/** Puts the use cases together over one store and one estate in memory, which is read when the first question comes. */
export async function openServices(input: ServicesInput): Promise<OpenedServices> {
  const { settings, options, store, access, logger, wake } = input;
  const audit = access.audit;
  const clock = systemClock;
  const report = (error: unknown): void => logger.error({ err: error }, messageOf(error));
  const source = createEstateSource(store.inventory, store.findings);
  const index = EstateIndex.lazy(source, { now: Date.now, patienceMs, onError: report });
  const fixing = () => store.fixes.fixing();
  const ports = { fixing, records: store.findings };
  const queries = new EstateQueries(index, ports);
  const images = createImageService({ queries, tags: store.inventory, report: reports(store) });
  const findings = createFindingService({
    queries,
    records: store.findings,
    facts: store.findings,
    packagesNamed: (name) => store.findings.packagesCalled(name),
    fixing,
  });
  const decisions = createDecisionService({
    store: store.findings,
    audit,
    clock,
    impact: async (call, filter) => ({
      findings: await findings.count(call, filter, 'finding'),
      images: (await images.page(call, { filter, page: { offset: 0, limit: 1 } })).total,
    }),
    riskImpact: (call, decision) => riskImpact(queries, call, decision),
  });
  const risks = createRiskService({
    ...{ queries, store: store.findings, choices: store.findings, images, decisions, audit, clock },
    catalogue: detectorCatalogue,
  });
  const targets = targetsByImageService(images);
  const scans = createScanService({ store: store.scans, targets, generation, audit, clock, newId: newHexId, wake });
  const cycles = store.cycles;
  const fixes = createFixService({
    store: store.fixes,
    cycles,
    images,
    findings,
    audit,
    clock,
    newId: randomUUID,
    wake,
  });
  const plans = createPlanService({
    store: store.plans,
    checks: { store: store.fixes, images, findings, clock, newId: randomUUID },
    snapshot: async () => (await store.findings.generation())?.snapshot.id ?? null,
    audit,
    wake,
  });
  const projects = () => access.control.projects();
  const hasProject = async (id: number): Promise<boolean> => (await projects()).some((project) => project.id === id);
  const reach = registryAccess(settings, options, store.sealer);
  const opener = createInventoryImages({ store: store.inventory, ...reach });
  const contents = createContentService({
    ...{ images, fixes, queries, store: store.configs },
    registries: createRegistryContents({ store: store.inventory, images: opener, ...reach }),
  });
  const registries = createRegistryService({
    store: store.inventory,
    connectors: createConnectors(reach),
    sealer: store.sealer,
    queue: store.queue,
    syncTasks: store.scans,
    schedules: store.schedules,
    audit,
    clock,
    allowedAddresses: options.registryAllow,
    regions: [{ id: options.region, name: options.region }],
    defaultProjectId: await defaultProjectId(access),
    hasProject,
    onRemoved: ({ id }) => cancelRegistryWork({ db: store.db, queue: store.queue, clock }, id),
    onManifestsGone: (manifests) => store.findings.forgetImages(manifests),
    wake,
  });
  const notifications = createNotificationService({
    store: store.notifications,
    sender: notificationSender(settings, options),
    sealer: store.sealer,
    allowedAddresses: options.registryAllow,
    hasProject,
    audit,
    clock,
  });
  const exportService = createExportService({
    store: store.exports,
    files: createExportFiles(exportFolder(settings)),
    sources: createRowSources({
      source: () => createEstateSource(store.inventory, store.findings),
      ports,
      now: Date.now,
      index,
    }),
    queue: store.queue,
    turns: exportTurns({ settings, store }),
    audit,
    projects,
    now: Date.now,
    failed: report,
  });
  return {
    services: {
      images,
      findings,
      decisions,
      risks,
      scans,
      fixes,
      plans,
      contents,
      overview: createOverviewService({
        ...{ queries, store: store.trend, clock },
        versions: (type) => ecosystems.find(({ types }) => types.includes(type))?.versions,
      }),
      registries,
      exports: exportService,
      notifications,
    },
    queries,
    [Symbol.asyncDispose]: () => exportService.stop(),
  };
}

function reports(store: ServiceStore) {
  return async ({ uuid, manifestId }: { readonly uuid: string; readonly manifestId: number }): Promise<unknown> => {
    const [view, [image], rules] = await Promise.all([
      store.findings.image(manifestId),
      store.inventory.imagesByUuid([uuid]),
      store.findings.rules(),
    ]);
    if (view === null || image === undefined) return null;
    const now = new Date();
    const { registry, repository } = image;
    const decided = {
      uuid,
      digests: [image.digest, ...(image.indexDigest === null ? [] : [image.indexDigest])],
      projectId: repository.projectId,
      registryId: registry.id,
      registryKind: vendorType(registry.kind, registry.vendor),
      repositoryPath: repository.path,
    };
    const at = now.getTime();
    const deciders = { decide: decisionsFor(rules, decided, at), decideRisk: riskDecisionsFor(rules, decided, at) };
    return currentReport(view, { ecosystems, ...deciders, now });
  };
}

async function defaultProjectId({ control }: Access): Promise<number> {
  const found = (await control.projects()).find(({ extId }) => extId === '0');
  if (found === undefined) throw new Error('the default project is missing');
  return found.id;
}
