import type { Command } from 'commander';
import {
  applyDecisions,
  type Baseline,
  createBaseline,
  loadIgnoreFile,
  type ReportDecisions,
  readVex,
  type ScanReport,
} from '../../findings/index.ts';
import type { ReportDeps } from './contract.ts';
import { readReportFile } from './read-reports.ts';
import { collect } from './source-options.ts';

/** Options that name files with decisions, as commander hands them over. */
export interface DecisionOptions {
  readonly vex?: readonly string[];
  readonly ignoreFile?: readonly string[];
}

/** Adds the options that name files with decisions. */
export function addDecisionOptions(command: Command): Command {
  return command
    .optionsGroup('What does not count:')
    .option('--vex <file>', 'apply a VEX document (OpenVEX, CSAF or CycloneDX), repeatable', collect)
    .option('--ignore-file <file>', 'apply an ignore file (also .trivyignore), repeatable', collect);
}

/** The step between a scan and everything that looks at its report. */
export type Settle = (report: ScanReport) => ScanReport;

const maxDecisionBytes = 64 * 1024 * 1024;

/**
 * Reads the files with decisions and the baseline, and gives the one step that applies them: outputs, thresholds and
 * policies see what comes out of it. Decisions come first, so that the baseline's numbers agree with the counts.
 */
export async function openSettlement(
  options: DecisionOptions & { readonly baseline?: string },
  deps: Pick<ReportDeps, 'readFile' | 'clock'>,
): Promise<Settle> {
  const decisions = await readDecisions(options, deps);
  const baseline = await readBaseline(options.baseline, deps);
  return (report) => {
    const decided = decisions === undefined ? report : applyDecisions(report, decisions, deps.clock.now());
    return baseline === undefined ? decided : baseline.apply(decided);
  };
}

async function readDecisions(
  { vex = [], ignoreFile = [] }: DecisionOptions,
  { readFile }: Pick<ReportDeps, 'readFile'>,
): Promise<ReportDecisions | undefined> {
  if (vex.length === 0 && ignoreFile.length === 0) return undefined;
  return {
    vex: await Promise.all(vex.map(async (path) => readVex(await readFile(path, maxDecisionBytes), path))),
    ignore: await Promise.all(
      ignoreFile.map(async (path) => loadIgnoreFile(await readFile(path, maxDecisionBytes), path)),
    ),
  };
}

async function readBaseline(
  path: string | undefined,
  deps: Pick<ReportDeps, 'readFile'>,
): Promise<Baseline | undefined> {
  return path === undefined ? undefined : createBaseline(await readReportFile(path.replace(/^report:/, ''), deps));
}
