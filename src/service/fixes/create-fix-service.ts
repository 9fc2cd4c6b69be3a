import type { Call, FixCycle, FixOrder, FixService, FixTask } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { checkOrders } from './check-orders.ts';
import type { FixServiceDeps } from './ports.ts';

/**
 * Fixes as tasks. Ordering asks the store only, never a registry; the engine checks again what may have changed. Every
 * change is audited.
 */
export function createFixService(deps: FixServiceDeps): FixService {
  const { store } = deps;
  return {
    order: (call, orders, trigger) => order(deps, call, orders, { trigger, action: 'fix.order' }),
    get: (call, id) => store.task(call.projects, id),
    page: (call, query) => store.page(call.projects, query),
    report: (call, id) => store.report(call.projects, id),
    log: (call, id) => store.log(call.projects, id),
    cancel: (call, id) => cancel(deps, call, id),
    retry: (call, id) => retry(deps, call, id),
    cycle: async () => publicCycle(await deps.cycles.read()),
    setCycle: (call, change) => setCycle(deps, call, change),
  };
}

async function order(
  deps: FixServiceDeps,
  call: Call,
  orders: readonly FixOrder[],
  { trigger, action }: { readonly trigger: FixTask['trigger']; readonly action: 'fix.order' | 'fix.retry' },
): Promise<readonly FixTask[]> {
  const tasks = await checkOrders(deps, call, orders, trigger);
  const added = await deps.store.add(tasks);
  if (typeof added === 'number') {
    const tag = tasks[added]?.newTag ?? '';
    throw new ServiceError('invalid_order', `another fix is making the tag ${tag} just now`, {
      field: 'newTag',
      hint: 'Choose another tag, or wait until that fix has ended.',
    });
  }
  deps.wake();
  const fresh = new Set(tasks.map(({ id }) => id));
  for (const task of added) {
    // Repeated orders are answered with tasks that were recorded when they were new.
    if (!fresh.delete(task.id)) continue;
    const { imageUuid, newTag, requested } = task;
    await record(deps, call, task, {
      action,
      detail: { imageUuid, newTag, trigger, vulnerabilities: requested.length },
    });
  }
  return added;
}

function record(
  { audit }: FixServiceDeps,
  { actor }: Call,
  { id, projectId }: Pick<FixTask, 'id' | 'projectId'>,
  { action, detail }: { readonly action: string; readonly detail: Readonly<Record<string, unknown>> },
): Promise<void> {
  return audit.record({ actor, action, object: `fix:${id}`, projectId, detail });
}

async function cancel(deps: FixServiceDeps, call: Call, id: string): Promise<boolean> {
  const task = await deps.store.task(call.projects, id);
  if (task === null || !(await deps.store.cancel(call.projects, id))) return false;
  // Stopping what has ended already changes nothing.
  if (task.status === 'running') await record(deps, call, task, { action: 'fix.cancel', detail: {} });
  return true;
}

/** Orders the work of a task that ended without success once more, under its tag if that is still free. */
async function retry(deps: FixServiceDeps, call: Call, id: string): Promise<FixTask> {
  const [task, stored] = await Promise.all([deps.store.task(call.projects, id), deps.store.order(call.projects, id)]);
  if (task === null || stored === null) throw new ServiceError('not_found', 'there is no such fix task');
  if (task.status === 'running' || task.status === 'success') {
    throw new ServiceError('conflict', `the fix is ${task.status}: there is nothing to try again`);
  }
  const { selection, strategy, recordIds } = stored;
  const [image] = await deps.images.byUuids(call, [task.imageUuid]);
  if (!image) throw new ServiceError('not_found', 'the image of the task is no longer in the inventory');
  const taken = await deps.store.tagExists(image.repository.id, task.newTag);
  const select: FixOrder['select'] =
    selection.kind === 'all-fixable'
      ? 'all-fixable'
      : recordIds.length > 0
        ? { records: recordIds }
        : { vulnerabilities: selection.ids };
  const again: FixOrder = {
    imageUuid: task.imageUuid,
    select,
    strategy,
    ...(!taken && { newTag: task.newTag }),
  };
  const [created] = await order(deps, call, [again], { trigger: task.trigger, action: 'fix.retry' });
  if (!created) throw new ServiceError('conflict', 'nothing was ordered');
  return created;
}

async function setCycle(
  deps: FixServiceDeps,
  call: Call,
  change: Partial<Omit<FixCycle, 'nextRunAt' | 'lastRunAt'>>,
): Promise<FixCycle> {
  const { nextRunAt: _next, lastRunAt: _last, projects: _projects, ...known } = await deps.cycles.read();
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const cycle = { ...known, ...given };
  if (!Number.isInteger(cycle.everyDays) || cycle.everyDays < 1 || cycle.everyDays > 365) {
    throw new ServiceError('invalid_field', 'the days between runs must be 1 to 365', { field: 'everyDays' });
  }
  if (!Number.isInteger(cycle.imageDays) || cycle.imageDays < 0 || cycle.imageDays > 3_650) {
    throw new ServiceError('invalid_field', 'the age of images must be 0 to 3650 days', { field: 'imageDays' });
  }
  if (cycle.repositories.length > 1_000 || cycle.repositories.some((path) => path.length === 0 || path.length > 512)) {
    throw new ServiceError('invalid_field', 'at most 1000 repositories, each up to 512 characters', {
      field: 'repositories',
    });
  }
  const written = await deps.cycles.write({ ...cycle, projects: call.projects });
  const entry = { actor: call.actor, action: 'fix.setCycle', object: 'fix-cycle', projectId: null };
  await deps.audit.record({ ...entry, detail: { ...given, projects: call.projects } });
  return publicCycle(written);
}

function publicCycle({ enabled, everyDays, repositories, imageDays, nextRunAt, lastRunAt }: FixCycle): FixCycle {
  return { enabled, everyDays, repositories, imageDays, nextRunAt, lastRunAt };
}
