import type { JobObserver } from '../../queue/contract.ts';
import type { Db } from '../index.ts';
import { endTask } from './fix-endings.ts';

/**
 * Ends the task of a fix job that ended without its handler's word, in the same transaction: a job that lost all its
 * workers, one that was called off before it began, one that failed outside of the engine.
 */
export function fixObserver(db: Db): JobObserver {
  return async (trx, { job, to, at }) => {
    if (job.kind !== 'fix' || (to !== 'failed' && to !== 'cancelled' && to !== 'succeeded')) return;
    const taskId = (job.payload as { taskId?: unknown } | null)?.taskId;
    if (typeof taskId !== 'string') return;
    const failure = job.failure ?? { code: 'internal', message: 'the job ended without a result' };
    const cancelled = { code: 'cancelled', message: 'the task was cancelled; nothing was tagged' };
    const status = to === 'cancelled' ? 'cancelled' : 'failed';
    const reason = to === 'cancelled' ? cancelled : failure;
    await endTask(trx, db.dialect, taskId, {
      status,
      stage: status,
      reason,
      newImageUuid: null,
      report: null,
      lines: [`ended: ${status}: ${reason.code}: ${reason.message}`],
      at,
    });
  };
}
