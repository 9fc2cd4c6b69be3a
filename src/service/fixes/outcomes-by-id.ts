import type { SeverityLevel } from '../../advisories/index.ts';
import { levelsWorstFirst, type ReportOutcome, type ScanReport, vulnerabilitiesIn } from '../../findings/index.ts';
import { worstOutcome } from '../../fix/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { OutcomeTotals, PredictedOutcome } from '../contract/index.ts';

/** Exactly one outcome for each vulnerability, by id: as bad as the worst of its packages and platforms. */
export function outcomesById(
  outcomes: readonly ReportOutcome[],
  before: readonly Pick<ScanReport, 'findings'>[],
): readonly PredictedOutcome[] {
  const severities = worstSeverities(before);
  const groups = Map.groupBy(outcomes, ({ id }) => id);
  return [...groups]
    .map(([id, group]): PredictedOutcome => {
      const outcome = worstOutcome(group.map((one) => one.outcome)) ?? 'not_affected';
      return {
        id,
        severity: severities.get(id) ?? null,
        outcome,
        detail: group.find((one) => one.outcome === outcome)?.detail ?? null,
        packages: group.map((one) => ({
          package: one.package,
          from: one.from,
          to: one.to,
          outcome: one.outcome,
          detail: one.detail,
        })),
      };
    })
    .sort((a, b) => compareText(a.id, b.id));
}

/** Outcomes counted: gone or to be gone, never there, and everything else. */
export function outcomeTotals(outcomes: readonly Pick<PredictedOutcome, 'outcome'>[]): OutcomeTotals {
  const fixed = outcomes.filter(({ outcome }) => outcome === 'fixed').length;
  const notAffected = outcomes.filter(({ outcome }) => outcome === 'not_affected').length;
  return { requested: outcomes.length, fixed, notAffected, open: outcomes.length - fixed - notAffected };
}

function worstSeverities(reports: readonly Pick<ScanReport, 'findings'>[]): ReadonlyMap<string, SeverityLevel> {
  const worst = new Map<string, SeverityLevel>();
  for (const { id, severity } of reports.flatMap(vulnerabilitiesIn)) {
    const known = worst.get(id);
    const rank = levelsWorstFirst.indexOf(severity.level);
    if (known === undefined || rank < levelsWorstFirst.indexOf(known)) {
      worst.set(id, severity.level);
    }
  }
  return worst;
}
