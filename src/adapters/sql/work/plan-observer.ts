import type { JobObserver } from '../../queue/contract.ts';
import type { Db } from '../index.ts';
import { endPlan, movePlan } from './plan-changes.ts';

/**
 * Keeps plans in step with their jobs, in the same transaction: begun, put back, and ended without the handler's word, as
 * when a job lost all its workers or was called off before it began.
 */
export function planObserver(db: Db): JobObserver {
  return async (trx, { job, from, to, at }) => {
    if (job.kind !== 'plan') return;
    const planId = (job.payload as { planId?: unknown } | null)?.planId;
    if (typeof planId !== 'string') return;
    if (to === 'running') return movePlan(trx, db.dialect, planId, { state: 'running', stage: 'opening', at });
    if (to === 'queued') {
      if (from !== null) await movePlan(trx, db.dialect, planId, { state: 'queued', stage: 'queued', at });
      return;
    }
    const failure = job.failure ?? { code: 'internal', message: 'the job ended without a result' };
    const cancelled = { code: 'cancelled', message: 'the plan was called off' };
    const ending =
      to === 'cancelled'
        ? ({ state: 'cancelled', reason: cancelled } as const)
        : ({ state: 'failed', reason: failure } as const);
    await endPlan(trx, db.dialect, planId, ending, at);
  };
}
