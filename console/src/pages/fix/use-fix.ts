import { useMemo } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { type LogLine, readLog, stageTimes } from '../../components/fix/log.ts';
import type { OutcomeName } from '../../components/fix/outcome.tsx';
import { countOutcomes, type OutcomeRow, rowsOf, rowsOfReport } from '../../components/fix/outcome-rows.ts';
import { type FixReport, isFixReport } from '../../components/fix/report.ts';
import { type StepInfo, stepsOf } from '../../components/fix/steps.ts';

/** How often a task at work is asked for; its events come besides. */
const liveMs = 1000;

/** One fix with everything that is known of it. */
export interface FixFacts {
  readonly fix: Schema<'Fix'>;
  readonly log: readonly LogLine[];
  readonly steps: readonly StepInfo[];
  /** null while the task is at work, and when it ended without one. */
  readonly report: FixReport | null;
  /** What is different between the image and the result; null as the report. */
  readonly difference: Schema<'FixDifference'> | null;
  /** Exactly one for each requested vulnerability. */
  readonly rows: readonly OutcomeRow[];
  readonly counts: ReadonlyMap<OutcomeName, number>;
}

/** Follows one fix: the task and its log each second while it is at work, the report when it has ended. */
export function useFix(id: string): { readonly facts: FixFacts | null; readonly error: unknown; retry(): void } {
  const params = { params: { path: { id } } };
  const task = $api.useQuery('get', '/api/v1/fixes/{id}', params, {
    refetchInterval: ({ state }) => (state.data === undefined || state.data.status === 'running' ? liveMs : false),
  });
  const fix = task.data;
  const running = fix?.status === 'running';
  const lines = $api.useQuery('get', '/api/v1/fixes/{id}/log', params, {
    enabled: fix !== undefined,
    refetchInterval: running ? liveMs : false,
  });
  const written = $api.useQuery('get', '/api/v1/fixes/{id}/report', params, {
    enabled: fix !== undefined && !running,
  });
  const compared = $api.useQuery('get', '/api/v1/fixes/{id}/difference', params, {
    enabled: fix !== undefined && !running,
  });
  const log = useMemo(() => readLog(lines.data?.lines ?? []), [lines.data]);
  const report = !running && isFixReport(written.data) ? written.data : null;
  const difference = running ? null : (compared.data ?? null);
  const waiting = running || (written.isPending && report === null);
  const rows = useMemo(
    () =>
      fix === undefined
        ? []
        : difference !== null
          ? rowsOf(difference.outcomes, report)
          : rowsOfReport(
              fix.requested,
              report,
              waiting
                ? { outcome: 'pending', detail: null }
                : { outcome: 'cancelled', detail: fix.reason?.message ?? null },
            ),
    [fix, report, difference, waiting],
  );
  return {
    facts:
      fix === undefined
        ? null
        : { fix, log, steps: stepsOf(fix, stageTimes(log)), report, difference, rows, counts: countOutcomes(rows) },
    // What is on screen stays while the server is away.
    error: fix === undefined ? task.error : null,
    retry: () => void task.refetch(),
  };
}
