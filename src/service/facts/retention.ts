import type { MatchStore } from '../../findings/index.ts';
import { dayMs } from '../../kernel/index.ts';
import type { RetentionStep } from '../jobs/retention.ts';

const rowsAtOnce = 5_000;

/** Matches that newer advisories closed long ago: history that nobody asks for any more. */
export function matchRetention(deps: {
  readonly store: Pick<MatchStore, 'forgetClosed'>;
  /** Days that closed matches stay. */
  readonly keepDays: number;
}): RetentionStep {
  return {
    name: 'matches',
    async run(now, signal) {
      for (let deleted = rowsAtOnce; deleted === rowsAtOnce; ) {
        signal.throwIfAborted();
        deleted = await deps.store.forgetClosed(now - deps.keepDays * dayMs, rowsAtOnce);
      }
    },
  };
}
