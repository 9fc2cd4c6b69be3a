import type { Transaction } from 'kysely';
import type { PlanEnding } from '../../../service/index.ts';
import type { Db, Tables } from '../index.ts';
import { appendEvents } from './outbox.ts';
import { storableMessage } from './scan-states.ts';

/** Moves a plan that has not ended to a stage, with an event. */
export async function movePlan(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  planId: string,
  to: { readonly state: 'queued' | 'running'; readonly stage: string; readonly at: number },
): Promise<void> {
  const { state, stage, at } = to;
  const moved = await trx
    .updateTable('fix_plan')
    .set((eb) => ({
      state,
      stage,
      ...(state === 'running' && { started_at: eb.fn.coalesce('started_at', eb.val(at)) }),
    }))
    .where('id', '=', planId)
    .where('state', 'in', ['queued', 'running'])
    .where((eb) => eb.or([eb('stage', '!=', stage), eb('state', '!=', state)]))
    .returning(['project_id', 'image_uuid'])
    .executeTakeFirst();
  if (!moved) return;
  const payload = { plan: planId, image: moved.image_uuid, stage };
  await appendEvents(trx, dialect, [{ at, topic: 'plan.stage', projectId: moved.project_id, payload }]);
}

/** Ends a plan that is under way; one that has ended stays as it is. */
export async function endPlan(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  planId: string,
  ending: PlanEnding,
  at: number,
): Promise<void> {
  const outcome =
    ending.state === 'ready'
      ? {
          code: null,
          message: null,
          snapshot: ending.result.advisories.snapshot,
          result: JSON.stringify(ending.result),
          expires_at: ending.expiresAt,
        }
      : { code: ending.reason.code, message: storableMessage(ending.reason.message) };
  const ended = await trx
    .updateTable('fix_plan')
    .set({ state: ending.state, stage: 'ended', finished_at: at, ...outcome })
    .where('id', '=', planId)
    .where('state', 'in', ['queued', 'running'])
    .returning(['project_id', 'image_uuid'])
    .executeTakeFirst();
  if (!ended) return;
  const payload = { plan: planId, image: ended.image_uuid, state: ending.state };
  await appendEvents(trx, dialect, [{ at, topic: 'plan.finished', projectId: ended.project_id, payload }]);
}
