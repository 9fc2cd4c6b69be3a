import { randomUUID } from 'node:crypto';
import { type PlanResult, type PlanService, type PlanTask, ServiceError } from '../../../src/service/index.ts';
import type { FakeEstate } from './estate.ts';
import { paged, visible } from './matching.ts';

/** Plans that the fakes hold; tests may change and add. */
export interface FakePlans {
  readonly tasks: PlanTask[];
  readonly results: Map<string, PlanResult>;
}

/** Plans that are stored and never made. */
export function fakePlans(estate: FakeEstate, plans: FakePlans, now: () => number): PlanService {
  const seen = (projects: Parameters<typeof visible>[0], id: string): PlanTask | null =>
    plans.tasks.find((task) => task.id === id && visible(projects, task.projectId)) ?? null;
  return {
    async order(call, order) {
      const image = estate.images.find(({ uuid }) => uuid === order.imageUuid);
      if (image === undefined || !visible(call, image.repository.projectId)) {
        throw new ServiceError('invalid_order', 'there is no such image', { field: 'imageUuid' });
      }
      const task: PlanTask = {
        id: `fpl-${randomUUID()}`,
        projectId: image.repository.projectId,
        imageUuid: image.uuid,
        digest: image.digest,
        state: 'queued',
        reason: null,
        stage: 'queued',
        progress: null,
        order: { ...order, newTag: order.newTag ?? `${image.tag}_fix_${now()}` },
        requested: 1,
        stale: [],
        createdAt: now(),
        startedAt: null,
        finishedAt: null,
        expiresAt: null,
      };
      plans.tasks.push(task);
      return task;
    },
    get: async (call, id) => seen(call, id),
    result: async (call, id) => (seen(call, id) === null ? null : (plans.results.get(id) ?? null)),
    page: async (call, { imageUuid, states, page }) =>
      paged(
        plans.tasks
          .filter(
            (task) =>
              visible(call, task.projectId) &&
              (imageUuid ?? task.imageUuid) === task.imageUuid &&
              (states ?? [task.state]).includes(task.state),
          )
          .toReversed(),
        page,
      ),
    async cancel(call, id) {
      const task = seen(call, id);
      if (task === null) return false;
      const at = plans.tasks.indexOf(task);
      if (task.state === 'queued' || task.state === 'running') {
        plans.tasks[at] = { ...task, state: 'cancelled', reason: { code: 'cancelled', message: 'called off' } };
      }
      return true;
    },
  };
}
