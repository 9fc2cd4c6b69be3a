import { type Baseline, createBaseline, type Decider, decideFindings, type ScanReport } from '../../findings/index.ts';
import type { ReportDeps } from './contract.ts';
import { readReportFile } from './read-reports.ts';

/** What is decided about the findings of a scan before anybody sees them. */
export interface Settlement {
  /** Decisions of the user's own files, in the order in which they are asked. */
  readonly deciders: readonly Decider[];
  readonly baseline: Baseline | undefined;
}

/**
 * The one step between a scan and everything that looks at its report: outputs, thresholds, policies. Decisions come
 * first, so that the baseline's numbers agree with the counts.
 */
export function settleReport(report: ScanReport, { deciders, baseline }: Settlement): ScanReport {
  const decided = decideFindings(report, deciders);
  return baseline === undefined ? decided : baseline.apply(decided);
}

/** Reads the report behind `--baseline`. */
export async function readBaseline(
  path: string | undefined,
  deps: Pick<ReportDeps, 'readFile'>,
): Promise<Baseline | undefined> {
  return path === undefined ? undefined : createBaseline(await readReportFile(path.replace(/^report:/, ''), deps));
}
