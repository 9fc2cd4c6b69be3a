import { createHash } from 'node:crypto';
import type { Call, FixOrder, PlanService, PlanTask } from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import { checkOrders } from '../fixes/check-orders.ts';
import type { NewFixTask } from '../fixes/ports.ts';
import type { NewPlan, PlanServiceDeps, StoredPlan } from './ports.ts';

/** Plans under way at a time: each opens an image. */
const mostPlans = 50;

/** Previews of fixes as tasks. Ordering asks the store only, never a registry. */
export function createPlanService(deps: PlanServiceDeps): PlanService {
  const { store, checks } = deps;
  const now = (): number => checks.clock.now().getTime();
  const shown = async (call: Call, plans: readonly StoredPlan[]): Promise<readonly PlanTask[]> => {
    if (plans.length === 0) return [];
    const uuids = [...new Set(plans.map(({ task }) => task.imageUuid))];
    const [snapshot, images] = await Promise.all([deps.snapshot(), checks.images.byUuids(call, uuids)]);
    const current = new Set(images.filter(({ until }) => until === null).map(({ uuid }) => uuid));
    return plans.map(({ task, snapshot: made }) => {
      const stale: ('advisories' | 'tag')[] = [];
      if (made !== null && snapshot !== null && made !== snapshot) stale.push('advisories');
      if (!current.has(task.imageUuid)) stale.push('tag');
      const expired = task.state === 'ready' && task.expiresAt !== null && task.expiresAt <= now();
      return { ...task, stale, ...(expired && { state: 'expired' as const }) };
    });
  };
  const one = async (call: Call, plan: StoredPlan | null): Promise<PlanTask | null> =>
    plan === null ? null : ((await shown(call, [plan]))[0] ?? null);
  return {
    async order(call, order) {
      const [checked] = await checkOrders(checks, call, [order], 'api');
      if (checked === undefined) throw new ServiceError('conflict', 'nothing was ordered');
      const plan = newPlan(order, checked, `fpl-${checks.newId()}`);
      const known = await one(call, await store.existing(plan.dedupeKey, now()));
      if (known !== null && known.stale.length === 0) return known;
      const added = await store.add(plan, mostPlans);
      if (added === null) {
        throw new ServiceError('too_many_tasks', `${mostPlans} plans are under way`, {
          hint: 'Wait until some of them have ended.',
        });
      }
      deps.wake();
      if (added.task.id === plan.id) {
        const { id, projectId, imageUuid } = added.task;
        const detail = { imageUuid, vulnerabilities: plan.requested.length };
        await deps.audit.record({ actor: call.actor, action: 'plan.order', object: `plan:${id}`, projectId, detail });
      }
      const task = await one(call, added);
      if (task === null) throw new ServiceError('not_found', 'there is no such plan');
      return task;
    },
    get: async (call, id) => one(call, await store.plan(call.projects, id)),
    result: (call, id) => store.result(call.projects, id),
    async page(call, query) {
      const { rows, ...rest } = await store.page(call.projects, query, now());
      return { rows: await shown(call, rows), ...rest };
    },
    async cancel(call, id) {
      const plan = await store.plan(call.projects, id);
      if (plan === null || !(await store.cancel(call.projects, id))) return false;
      const { state, projectId } = plan.task;
      // Stopping what has ended already changes nothing.
      if (state === 'queued' || state === 'running') {
        const entry = { actor: call.actor, action: 'plan.cancel', object: `plan:${id}`, projectId, detail: {} };
        await deps.audit.record(entry);
      }
      return true;
    },
  };
}

function newPlan(order: FixOrder, checked: NewFixTask, id: string): NewPlan {
  const { projectId, imageId, imageUuid, digest, newTag, selection, requested, actor, at, strategy } = checked;
  const identity = [imageUuid, digest, order.newTag ?? null, strategy, selection.kind, requested];
  return {
    ...{ id, projectId, imageId, imageUuid, digest, selection, requested, actor, at },
    order: { ...order, newTag },
    dedupeKey: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
  };
}
