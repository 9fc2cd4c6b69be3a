import type { RegistryRecord } from '../../inventory/index.ts';
import { type Job, type JobQueue, putSchedule } from '../../jobs/index.ts';
import type { ScanTask } from '../contract/work.ts';
import type { ProbePayload, RegistryServiceDeps, SyncPayload } from './contract.ts';

type Queueing = Pick<RegistryServiceDeps, 'queue' | 'wake'>;

const jitterMs = 10 * 60_000;

/** Queues a synchronisation of a whole registry; one at a time. */
export async function queueSync({ queue, wake }: Queueing, registryId: number): Promise<Job> {
  const payload: SyncPayload = { registryId };
  const { job } = await queue.enqueue({ kind: 'sync', class: 'bulk', payload, dedupeKey: `sync:${registryId}` });
  wake?.();
  return job;
}

/** Queues a connection test. */
export async function queueProbe({ queue, wake }: Queueing, registryId: number): Promise<void> {
  const payload: ProbePayload = { registryId };
  await queue.enqueue({ kind: 'probe', class: 'interactive', payload, dedupeKey: `probe:${registryId}` });
  wake?.();
}

/**
 * Queues a look at the repositories that were requested. A job that runs already may have read the requests before the
 * newest one was stored, so then a second one is queued behind it.
 */
export async function queueRequested({ queue, wake }: Queueing, registryId: number, unique: string): Promise<void> {
  const payload: SyncPayload = { registryId, requested: true };
  for (const key of ['a', 'b', unique]) {
    const dedupeKey = `requested:${registryId}:${key}`;
    const { job, created } = await queue.enqueue({ kind: 'sync', class: 'interactive', payload, dedupeKey });
    if (created || job.state === 'queued') break;
  }
  wake?.();
}

/** Keeps the schedule of a registry as its record says. */
export async function planSync(
  { schedules, clock }: Pick<RegistryServiceDeps, 'schedules' | 'clock'>,
  registry: Pick<RegistryRecord, 'id' | 'schedule'>,
): Promise<void> {
  const name = scheduleName(registry.id);
  if (registry.schedule === null) {
    await schedules.remove(name);
    return;
  }
  const known = await schedules.get(name);
  if (known?.cron === registry.schedule) return;
  const payload: SyncPayload = { registryId: registry.id };
  await putSchedule(schedules, { name, kind: 'sync', cron: registry.schedule, payload, jitterMs }, clock);
}

/** Takes schedule and unfinished jobs of a registry away. */
export async function dropWork(
  { schedules, queue }: Pick<RegistryServiceDeps, 'schedules'> & { readonly queue: JobQueue },
  registryId: number,
): Promise<void> {
  await schedules.remove(scheduleName(registryId));
  for (const kind of ['sync', 'probe'] as const) {
    for (const job of await queue.list({ kind, states: ['queued', 'running'], limit: 1000 })) {
      if ((job.payload as Partial<SyncPayload>).registryId === registryId) await queue.cancel(job.id);
    }
  }
}

/** A synchronisation as facades show it among the scan tasks. */
export function toTask(job: Job, registry: RegistryRecord): ScanTask {
  const ended = job.state === 'succeeded' || job.state === 'failed';
  const state = job.state === 'queued' || job.state === 'running' || job.state === 'cancelled' ? job.state : 'finished';
  return {
    id: job.id.replaceAll('-', ''),
    number: registry.id,
    name: registry.name,
    source: 'openapi',
    kind: 'registry_sync',
    state,
    total: 1,
    finished: ended ? 1 : 0,
    failed: job.state === 'failed' ? 1 : 0,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    updatedAt: job.finishedAt ?? job.startedAt ?? job.createdAt,
  };
}

function scheduleName(registryId: number): string {
  return `sync:${registryId}`;
}
