import { z } from 'zod';
import type { FixCycle, FixTask, ScanTask, ScanTaskItem } from '../../../service/index.ts';
import { iso, isoOrNull, reason, time, timeOrNull } from './common.ts';
import { named } from './named.ts';

/** A scan as it was ordered. */
export const scanSchema = named(
  'Scan',
  z.object({
    id: z.string(),
    number: z.number(),
    name: z.string(),
    source: z.string(),
    kind: z.enum(['image_scan', 'registry_sync']),
    state: z.enum(['queued', 'running', 'finished', 'cancelled']),
    total: z.number(),
    finished: z.number(),
    failed: z.number(),
    createdAt: time,
    startedAt: timeOrNull,
    finishedAt: timeOrNull,
    updatedAt: time,
  }),
);

/** A scan task as the API shows it. */
export function scanJson(task: ScanTask) {
  return {
    ...task,
    createdAt: iso(task.createdAt),
    startedAt: isoOrNull(task.startedAt),
    finishedAt: isoOrNull(task.finishedAt),
    updatedAt: iso(task.updatedAt),
  };
}

/** One image of a scan. */
export const scanItemSchema = named(
  'ScanItem',
  z.object({
    scanId: z.string(),
    imageUuid: z.string(),
    digest: z.string(),
    state: z.string(),
    reason,
    progress: z.number(),
    startedAt: timeOrNull,
    finishedAt: timeOrNull,
  }),
);

/** An image of a scan task as the API shows it. */
export function scanItemJson({ taskId, ...item }: ScanTaskItem) {
  return { ...item, scanId: taskId, startedAt: isoOrNull(item.startedAt), finishedAt: isoOrNull(item.finishedAt) };
}

/** A fix of one image. */
export const fixSchema = named(
  'Fix',
  z.object({
    id: z.string(),
    projectId: z.number(),
    imageUuid: z.string(),
    newTag: z.string(),
    newImageUuid: z.string().nullable(),
    stage: z.string(),
    status: z.enum(['running', 'success', 'partial', 'failed', 'cancelled']),
    reason,
    requested: z.array(z.string()),
    recordIds: z.array(z.number()),
    title: z.string(),
    requestId: z.string(),
    trigger: z.enum(['api', 'alibaba', 'schedule', 'console']),
    createdAt: time,
    startedAt: time,
    finishedAt: timeOrNull,
  }),
);

/** A fix task as the API shows it. */
export function fixJson(task: FixTask) {
  return {
    ...task,
    createdAt: iso(task.createdAt),
    startedAt: iso(task.startedAt),
    finishedAt: isoOrNull(task.finishedAt),
  };
}

/** Automatic fixing. */
export const fixCycleSchema = named(
  'FixCycle',
  z.object({
    enabled: z.boolean(),
    everyDays: z.number(),
    repositories: z.array(z.string()),
    imageDays: z.number().describe('Only images whose tag changed in the last n days; 0 = all'),
    nextRunAt: timeOrNull,
    lastRunAt: timeOrNull,
  }),
);

/** Automatic fixing as the API shows it. */
export function fixCycleJson(cycle: FixCycle) {
  return { ...cycle, nextRunAt: isoOrNull(cycle.nextRunAt), lastRunAt: isoOrNull(cycle.lastRunAt) };
}
