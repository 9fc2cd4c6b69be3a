import type { Command } from 'commander';
import { levelsWorstFirst, type ReportComparison, type ScanReport, type Threshold } from '../findings/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { UsageError } from './output/errors.ts';
import { parseOutputs } from './output/outputs.ts';
import { plainFormats, printDocument } from './output/print-document.ts';
import type { ReportDeps } from './reports/contract.ts';
import type { ReadingRun } from './reports/read-reports.ts';
import { runReportCommand } from './reports/run-command.ts';
import { addDecisionOptions, type DecisionOptions, openSettlement } from './reports/settle.ts';
import {
  addProgressOptions,
  addSourceOptions,
  collect,
  openProgress,
  type ProgressOptions,
  parseSource,
  referenceHelp,
  type SourceOptions,
  severalReports,
} from './reports/source-options.ts';
import { parseThreshold } from './scan-options.ts';

interface DiffOptions extends SourceOptions, DecisionOptions, ProgressOptions {
  readonly failOn?: string;
  readonly format?: readonly string[];
  readonly json?: boolean;
  readonly color?: boolean;
}

/** Adds `drydock diff` to the program; nothing heavy is loaded before it runs. */
export function registerDiff(program: Command, load: () => Promise<ReportDeps>): void {
  const command = program
    .command('diff')
    .description('compare two images: packages that changed, findings that came and went')
    .argument('<before>', referenceHelp)
    .argument('<after>', 'the same kinds');
  addDecisionOptions(addSourceOptions(command))
    .optionsGroup('When to fail:')
    .option('--fail-on <level[,fixable]>', 'exit with 3 for an introduced finding of this level or worse')
    .optionsGroup('Output:')
    .option('-o, --format <format[=file]>', 'table or json, repeatable', collect)
    .option('--json', 'same as -o json');
  addProgressOptions(command).action((before: string, after: string, options: DiffOptions) =>
    runReportCommand(load, options, (deps) => diff(before, after, options, deps)),
  );
}

async function diff(before: string, after: string, options: DiffOptions, deps: ReportDeps): Promise<ExitCode> {
  const outputs = parseOutputs(options, plainFormats);
  const threshold = parseThreshold(options.failOn);
  const source = await parseSource(options);
  if (severalReports([before], source)) throw new UsageError('diff compares one platform at a time');
  const settle = await openSettlement(options, deps);
  const view = openProgress(options, deps.terminal);
  let comparison: ReportComparison;
  try {
    const { compareReports } = await import('../findings/index.ts');
    const saved = [before, after].every((reference) => reference.startsWith('report:'));
    await using scanner = await deps.openScanner({ advisories: !saved });
    const run = { scanner, deps, view, source };
    const [old, now] = [settle(await reportOf(before, run)), settle(await reportOf(after, run))];
    comparison = compareReports(old, now, deps.toolVersion);
  } finally {
    view.close();
  }
  const { writeComparison } = await import('../exports/index.ts');
  await printDocument(outputs, deps, options.color, (format, out, looks) =>
    writeComparison(comparison, format.id, out, looks),
  );
  return exitCodeFor(comparison, threshold);
}

async function reportOf(reference: string, run: ReadingRun): Promise<ScanReport> {
  const { reportsOf } = await import('./reports/read-reports.ts');
  for await (const report of reportsOf(reference, run)) return report;
  throw new UsageError(`${reference} holds no image`);
}

/** Only what was introduced can fail; a threshold that was judged on a part of an image has not been kept. */
function exitCodeFor({ findings, before, after }: ReportComparison, threshold: Threshold | undefined): ExitCode {
  if (threshold === undefined) return exitCodes.ok;
  const exceeded = findings.introduced.some(
    ({ kind, fixable, severity }) =>
      (!threshold.fixableOnly || fixable || kind === 'malicious') &&
      levelsWorstFirst.indexOf(severity) <= levelsWorstFirst.indexOf(threshold.level),
  );
  if (exceeded) return exitCodes.threshold;
  return before.state === 'complete' && after.state === 'complete' ? exitCodes.ok : exitCodes.partial;
}
