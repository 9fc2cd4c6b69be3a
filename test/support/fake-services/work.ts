import { randomUUID } from 'node:crypto';
import {
  type FixCycle,
  type FixService,
  type FixTask,
  type ScanService,
  type ScanTask,
  type ScanTaskItem,
  ServiceError,
} from '../../../src/service/index.ts';
import type { FakeEstate } from './estate.ts';
import { listed, matches, paged, visible } from './matching.ts';

/** Tasks that the fakes hold; tests may change and add. */
export interface FakeWork {
  readonly scans: ScanTask[];
  readonly items: ScanTaskItem[];
  readonly fixes: FixTask[];
  cycle: FixCycle;
  /** Scan tasks that may run at a time. */
  scanLimit: number;
  /** Log lines by fix task. */
  readonly logs: Map<string, readonly string[]>;
}

/** No work yet, fixing schedule off. */
export function noWork(): FakeWork {
  const cycle = { enabled: false, everyDays: 7, repositories: [], imageDays: 0, nextRunAt: null, lastRunAt: null };
  return { scans: [], items: [], fixes: [], cycle, scanLimit: 10, logs: new Map() };
}

/** Scans that are stored and never run. */
export function fakeScans(estate: FakeEstate, work: FakeWork, now: () => number): ScanService {
  const select: ScanService['preview'] = async (call, { filter, uuids }) => imagesOf(call, filter, uuids).length;
  function imagesOf(
    call: Parameters<ScanService['preview']>[0],
    filter: Parameters<typeof matches>[0],
    uuids: readonly string[] | undefined,
  ): FakeEstate['images'] {
    return estate.images.filter((image) =>
      uuids === undefined
        ? listed(call, filter, image) && matches(filter, image)
        : uuids.includes(image.uuid) && visible(call, image.repository.projectId),
    );
  }
  return {
    preview: select,
    start: async (call, order) => {
      if (work.scans.filter((task) => task.state === 'queued' || task.state === 'running').length >= work.scanLimit) {
        return null;
      }
      const images = imagesOf(call, order.filter, order.uuids);
      const task: ScanTask = {
        id: randomUUID().replaceAll('-', ''),
        number: work.scans.length + 1,
        name: order.name ?? 'IMAGE_SCAN',
        source: order.source,
        kind: 'image_scan',
        state: 'queued',
        total: images.length,
        finished: 0,
        failed: 0,
        createdAt: now(),
        startedAt: null,
        finishedAt: null,
        updatedAt: now(),
      };
      work.scans.push(task);
      for (const { uuid, digest } of images) {
        const item = { taskId: task.id, imageUuid: uuid, digest, state: 'queued', reason: null, progress: 0 } as const;
        work.items.push({ ...item, startedAt: null, finishedAt: null });
      }
      return task;
    },
    get: async (_call, id) => work.scans.find((task) => task.id === id) ?? null,
    page: async (_call, query) =>
      paged(
        work.scans
          .filter(
            (task) =>
              (query.kind ?? task.kind) === task.kind &&
              (query.states ?? [task.state]).includes(task.state) &&
              (query.source ?? task.source) === task.source &&
              (query.id ?? task.id) === task.id &&
              task.createdAt >= (query.from ?? 0) &&
              task.createdAt <= (query.to ?? Number.MAX_SAFE_INTEGER),
          )
          .toReversed(),
        query.page,
      ),
    items: async (_call, query) =>
      paged(
        work.items.filter(
          (item) =>
            (query.taskId ?? item.taskId) === item.taskId &&
            (query.digest ?? item.digest) === item.digest &&
            (query.states ?? [item.state]).includes(item.state) &&
            (query.source === undefined ||
              work.scans.some((task) => task.id === item.taskId && task.source === query.source)),
        ),
        query.page,
      ),
    latestOf: async (_call, digest) => {
      const item = work.items.findLast((entry) => entry.digest === digest);
      return work.scans.find((task) => task.id === item?.taskId) ?? null;
    },
    cancel: async (_call, id) => {
      const index = work.scans.findIndex((task) => task.id === id);
      const task = work.scans[index];
      if (task === undefined) return false;
      if (task.state !== 'finished') work.scans[index] = { ...task, state: 'cancelled', finishedAt: now() };
      return true;
    },
  };
}

/** Fixes that are stored and never run. */
export function fakeFixes(estate: FakeEstate, work: FakeWork, now: () => number): FixService {
  const find = (id: string): FixTask | null => work.fixes.find((task) => task.id === id) ?? null;
  const sameWork = (task: FixTask, uuid: string, newTag: string, ids: readonly number[]): boolean =>
    (task.status === 'running' || task.status === 'success') &&
    task.imageUuid === uuid &&
    task.newTag === newTag &&
    String([...task.recordIds].sort()) === String([...ids].sort());
  return {
    order: async (call, orders, trigger) => {
      const tasks = orders.map((order): FixTask => {
        const image = estate.images.find(({ uuid }) => uuid === order.imageUuid);
        if (image === undefined || !visible(call, image.repository.projectId)) {
          throw new ServiceError('invalid_order', 'no such image', { field: 'imageUuid' });
        }
        const recordIds =
          typeof order.select === 'object' && 'records' in order.select
            ? order.select.records
            : estate.records
                .filter((record) => record.imageUuid === image.uuid && record.vulnerability.fixable)
                .map((record) => record.recordId);
        const newTag = order.newTag ?? `${image.tag}_fix_${now()}`;
        const existing = work.fixes.find((task) => sameWork(task, image.uuid, newTag, recordIds));
        if (existing !== undefined) return existing;
        if (estate.images.some((other) => other.repository.id === image.repository.id && other.tag === newTag)) {
          throw new ServiceError('invalid_order', 'the tag exists', { field: 'newTag' });
        }
        const records = estate.records.filter((record) => recordIds.includes(record.recordId));
        return {
          id: `ivf-${randomUUID()}`,
          projectId: image.repository.projectId,
          imageUuid: image.uuid,
          newTag,
          newImageUuid: null,
          stage: 'queued',
          status: 'running',
          reason: null,
          requested: records.map((record) => record.vulnerability.id),
          recordIds,
          title: records[0]?.vulnerability.title ?? '',
          requestId: call.actor.requestId,
          trigger,
          createdAt: now(),
          startedAt: now(),
          finishedAt: null,
        };
      });
      for (const task of tasks) if (!work.fixes.includes(task)) work.fixes.push(task);
      return tasks;
    },
    get: async (call, id) => {
      const task = find(id);
      return task !== null && visible(call, task.projectId) ? task : null;
    },
    page: async (call, query) =>
      paged(
        work.fixes
          .filter(
            (task) =>
              visible(call, task.projectId) &&
              (query.statuses ?? [task.status]).includes(task.status) &&
              task.startedAt >= (query.from ?? 0) &&
              task.startedAt <= (query.to ?? Number.MAX_SAFE_INTEGER),
          )
          .toReversed(),
        query.page,
      ),
    report: async (_call, id) => (find(id) === null ? null : { schemaVersion: 1 }),
    log: async (call, id) => {
      const task = find(id);
      return task !== null && visible(call, task.projectId) ? (work.logs.get(id) ?? []) : [];
    },
    cancel: async (_call, id) => find(id) !== null,
    retry: async (_call, id) => {
      const task = find(id);
      if (task === null) throw new ServiceError('not_found', 'no such task');
      return task;
    },
    cycle: async () => work.cycle,
    setCycle: async (_call, change) => {
      work.cycle = { ...work.cycle, ...change };
      return work.cycle;
    },
  };
}
