import type { FindingsStore } from '../../findings/index.ts';
import type { JobContext, JobHandler } from '../../jobs/index.ts';
import { type Clock, hasCode } from '../../kernel/index.ts';
import type { DecisionDeps } from '../decisions/contract.ts';
import { expireDecisions } from '../decisions/expire.ts';
import type { RematchPayload } from '../facts/jobs.ts';
import { type RematchDeps, rematch } from '../facts/rematch.ts';

/** What the handler works with. */
export interface RematchHandlerDeps extends Omit<RematchDeps, 'store'>, Pick<DecisionDeps, 'audit'> {
  readonly store: FindingsStore;
  readonly clock: Clock;
}

const attempts = 5;
const imagesAtOnce = 2_000;

/**
 * Brings matches to the active advisories, then counts what that touched and ends decisions that waited for a fix. Begun
 * again after a crash it goes on where the store says: a generation is one transaction, and stale counters are marked.
 */
export function createRematchHandler(deps: RematchHandlerDeps): JobHandler {
  return {
    kind: 'rematch',
    async run(job, context) {
      let full = (job.payload as RematchPayload | null)?.full === true;
      // Until there is nothing to do: whoever asked for a re-match while this one ran was told that it runs already.
      for (let more = true; more; full = false) {
        more = await advance(deps, full, context);
        await countAll(deps, context);
        await expireDecisions(deps);
      }
    },
  };
}

/** Whether there was something to do. */
async function advance(deps: RematchHandlerDeps, full: boolean, { signal, progress }: JobContext): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      const at = deps.clock.now().getTime();
      const tell = (done: number): void => progress({ stage: 'matching', done, total: null });
      return (await rematch(deps, { full, at, signal, progress: tell })) !== null;
    } catch (error) {
      if (attempt >= attempts || !hasCode(error, 'generation_moved')) throw error;
    }
  }
}

async function countAll({ store }: RematchHandlerDeps, { signal, progress }: JobContext): Promise<void> {
  for (let left = 1; left > 0; ) {
    signal.throwIfAborted();
    left = await store.recount(imagesAtOnce);
    progress({ stage: 'counting', done: 0, total: left });
  }
}
