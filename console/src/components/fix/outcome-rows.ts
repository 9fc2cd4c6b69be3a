import type { Schema } from '../../api/client.ts';
import type { OutcomeName } from './outcome.tsx';
import type { FixReport } from './report.ts';

/** What becomes of one requested vulnerability, with why. */
export interface OutcomeRow {
  readonly id: string;
  readonly severity: string | null;
  readonly outcome: OutcomeName;
  readonly detail: string | null;
  readonly packages: readonly {
    readonly package: string | null;
    readonly from: string | null;
    readonly to: string | null;
  }[];
  /** What the rescan of the result says. */
  readonly rescan: 'absent' | 'present' | null;
  readonly changelog: 'names the CVE' | 'silent' | null;
}

type Predicted = Schema<'FixPlanResult'>['outcomes'][number];

/** Worst first: a vulnerability of several packages is as bad as its worst (the engine ranks them so). */
const ranking: readonly OutcomeName[] = [
  'still_present',
  'invalid_metadata',
  'unsupported',
  'end_of_life',
  'no_fix_published',
  'fix_not_in_repository',
  'held',
  'conflict',
  'download_failed',
  'needs_script',
  'cancelled',
  'fixed',
  'not_affected',
];

/** Rows of what the server has put together by vulnerability; evidence comes from the report. */
export function rowsOf(outcomes: readonly Predicted[], report?: FixReport | null): readonly OutcomeRow[] {
  const evidence = Map.groupBy(report?.outcomes ?? [], ({ id }) => id);
  return outcomes.map(({ id, severity, outcome, detail, packages }) => ({
    ...{ id, severity, outcome, detail, packages },
    ...evidenceOf(evidence.get(id) ?? []),
  }));
}

/**
 * Rows of a task whose outcomes only its report tells: exactly one for each requested vulnerability, as bad as its worst
 * package. What the report does not name is `missing`: at work, or not concluded.
 */
export function rowsOfReport(
  requested: readonly string[],
  report: FixReport | null,
  missing: { readonly outcome: 'pending' | 'cancelled'; readonly detail: string | null },
): readonly OutcomeRow[] {
  const groups = Map.groupBy(report?.outcomes ?? [], ({ id }) => id);
  return (report?.requested ?? requested).map((id): OutcomeRow => {
    const group = groups.get(id) ?? [];
    const worst = ranking.find((name) => group.some(({ outcome }) => outcome === name));
    const chosen = group.find(({ outcome }) => outcome === worst);
    if (chosen === undefined) {
      return { id, severity: null, ...missing, packages: [], rescan: null, changelog: null };
    }
    return {
      ...{ id, severity: null, outcome: chosen.outcome, detail: chosen.detail, packages: group },
      ...evidenceOf(group),
    };
  });
}

function evidenceOf(group: FixReport['outcomes']): Pick<OutcomeRow, 'rescan' | 'changelog'> {
  const rescans = group.map(({ evidence }) => evidence.rescan);
  const named = group.some(({ evidence }) => evidence.changelog === 'names the CVE');
  return {
    rescan: rescans.includes('present') ? 'present' : rescans.includes('absent') ? 'absent' : null,
    changelog: named ? 'names the CVE' : null,
  };
}

/** How many rows each outcome has. */
export function countOutcomes(rows: readonly OutcomeRow[]): ReadonlyMap<OutcomeName, number> {
  const counts = new Map<OutcomeName, number>();
  for (const { outcome } of rows) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}
