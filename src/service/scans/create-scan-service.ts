import type { AuditLog } from '../../access/index.ts';
import { isDigest } from '../../image/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Call, ScanOrder, ScanService, ScanTask } from '../contract/index.ts';
import { ownScanSources } from './own-sources.ts';
import type { ScanStore, ScanTarget, ScanTargets } from './ports.ts';

/** Tasks that people and facades may have open at a time (alibaba-operations.md §6). */
const maxOpenTasks = 10;

/** What the use cases of scans need. */
export interface ScanServiceDeps {
  readonly store: ScanStore;
  readonly targets: ScanTargets;
  /** Of the analysers of this version; see ImageScanner. */
  readonly generation: number;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** 32 hex digits. */
  readonly newId: () => string;
  /** Tells the worker loop of this process that there is work. */
  readonly wake: () => void;
}

/** Scans as tasks: an order is audited and stored with its items and their jobs; the work is done by job processes. */
export function createScanService(deps: ScanServiceDeps): ScanService {
  const { store } = deps;
  return {
    preview: async (call, order) => (await targetsOf(deps, call, order)).length,
    async start(call, order) {
      const targets = await targetsOf(deps, call, order);
      const task = {
        id: deps.newId(),
        name: order.name ?? 'IMAGE_SCAN',
        source: order.source,
        owner: call.actor.name,
        class: targets.length > 10 ? ('bulk' as const) : ('interactive' as const),
        at: deps.clock.now().getTime(),
      };
      const started = await store.start(task, targets, ownScanSources.includes(order.source) ? null : maxOpenTasks);
      if (started === null) return null;
      deps.wake();
      const { source, name, total } = started;
      await record(deps, call, { action: 'scan.start', id: started.id, detail: { source, name, images: total } });
      return started;
    },
    get: (call, id) => store.task(call.projects, call.actor.name, id),
    page: (call, query) => store.page(call.projects, call.actor.name, query),
    items: async (call, query) => {
      if (query.digest !== undefined && !isDigest(query.digest)) return nothing();
      return store.items(call.projects, query);
    },
    latestOf: async (call, digest) => {
      const full = digest.includes(':') ? digest : `sha256:${digest}`;
      return isDigest(full) ? store.latestOf(call.projects, call.actor.name, full) : null;
    },
    async cancel(call, id) {
      const task = await store.task(call.projects, call.actor.name, id);
      if (!(await store.cancel(call.projects, call.actor.name, id))) return false;
      // Stopping what has ended already changes nothing.
      if (task !== null && isOpen(task)) await record(deps, call, { action: 'scan.cancel', id, detail: {} });
      return true;
    },
  };
}

function record(
  { audit }: ScanServiceDeps,
  { actor }: Call,
  { action, id, detail }: { action: string; id: string; detail: Record<string, unknown> },
): Promise<void> {
  // A task may hold images of several projects.
  return audit.record({ actor, action, object: `scan:${id}`, projectId: null, detail });
}

function isOpen({ state }: ScanTask): boolean {
  return state === 'queued' || state === 'running';
}

/** The images of an order that a scan would teach something: without `force`, not those with a present result. */
async function targetsOf(deps: ScanServiceDeps, call: Call, order: ScanOrder): Promise<readonly ScanTarget[]> {
  const selected = await deps.targets.select(call, {
    ...(order.filter && { filter: order.filter }),
    ...(order.uuids && { uuids: order.uuids }),
  });
  if (order.force) return selected;
  const known = await deps.store.upToDate([...new Set(selected.map(({ manifestId }) => manifestId))], deps.generation);
  return selected.filter(({ manifestId }) => !known.has(manifestId));
}

function nothing(): Awaited<ReturnType<ScanService['items']>> {
  return { rows: [], total: 0, totalIsBound: false, next: null };
}
