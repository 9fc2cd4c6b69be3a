import { newHexId } from '../../access/index.ts';
import type { RegistryRecord } from '../../inventory/index.ts';
import { type JobQueue, putSchedule } from '../../jobs/index.ts';
import type { ScanTask } from '../contract/work.ts';
import type { ProbePayload, RegistryServiceDeps, SyncPayload } from './contract.ts';

type Queueing = Pick<RegistryServiceDeps, 'queue' | 'wake'>;

const jitterMs = 10 * 60_000;

/** Queues a synchronisation of a whole registry, shown as a task; one at a time. */
export async function queueSync(
  { syncTasks, clock, wake }: Pick<RegistryServiceDeps, 'syncTasks' | 'clock' | 'wake'>,
  registry: RegistryRecord,
  owner: { readonly name: string; readonly source: string },
): Promise<ScanTask> {
  const payload: SyncPayload = { registryId: registry.id };
  const task = await syncTasks.startSync(
    {
      id: newHexId(),
      name: registry.name,
      source: owner.source,
      owner: owner.name,
      registryId: registry.id,
      projectId: registry.projectId,
      at: clock.now().getTime(),
    },
    payload,
    `sync:${registry.id}`,
  );
  wake?.();
  return task;
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

function scheduleName(registryId: number): string {
  return `sync:${registryId}`;
}
