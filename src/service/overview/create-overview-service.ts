import type { OverviewService } from '../contract/index.ts';
import { packageAdvice } from './advice.ts';
import type { OverviewDeps } from './ports.ts';
import { createTrend } from './trend.ts';
import { worklist } from './worklist.ts';

/** What a first page shows, answered from the estate index and the record of days. */
export function createOverviewService(deps: OverviewDeps): OverviewService {
  return {
    worklist: (call) => worklist(deps.queries, call, deps.clock.now().getTime()),
    advice: (call, of) => packageAdvice(deps, call, of),
    trend: createTrend(deps),
  };
}
