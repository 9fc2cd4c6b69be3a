import type { Command } from 'commander';
import type { ExportFormat } from '../exports/index.ts';
import type { ScanReport, Threshold } from '../findings/index.ts';
import { exitCodes } from './exit-codes.ts';
import { UsageError } from './output/errors.ts';
import { type OutputChoice, parseOutputs } from './output/outputs.ts';
import type { ReportDeps } from './reports/contract.ts';
import { runReportCommand } from './reports/run-command.ts';
import { addDecisionOptions, openSettlement } from './reports/settle.ts';
import {
  addProgressOptions,
  addSourceOptions,
  collect,
  openProgress,
  parseSource,
  referenceHelp,
  severalReports,
} from './reports/source-options.ts';
import { exceeds, parseExitCode, parseSeverities, parseThreshold, type ScanOptions } from './scan-options.ts';

/** Adds `drydock scan` to the program; nothing heavy is loaded before it runs. */
export function registerScan(program: Command, load: () => Promise<ReportDeps>): void {
  const command = program
    .command('scan')
    .description('find the vulnerabilities of images')
    .argument('<reference...>', referenceHelp);
  addDecisionOptions(addSourceOptions(command))
    .optionsGroup('What to show:')
    .option('--severity <levels>', 'list only these levels, separated by commas; counts stay those of the image')
    .option('--only-fixable', 'list only what has a published fix')
    .optionsGroup('When to fail:')
    .option('--fail-on <level[,fixable]>', 'exit with 3 for a finding of this level or worse')
    .option('--baseline <file>', 'an earlier report (-o json): what it has is marked known, and only the rest can fail')
    .option('--exit-code <number>', 'exit with this number instead of 3')
    .optionsGroup('Output:')
    .option(
      '-o, --format <format[=file]>',
      'table, json, cyclonedx, spdx, sarif, openvex, html, csv, junit or github; repeatable. Several images give one JSON document per line',
      collect,
    )
    .option('--json', 'same as -o json');
  addProgressOptions(command).action((references: readonly string[], options: ScanOptions) =>
    runReportCommand(load, options, (deps) => scan(references, options, deps)),
  );
}

/** Scans every reference, tells failures as they come, and gives the exit code of the whole. */
async function scan(references: readonly string[], options: ScanOptions, deps: ReportDeps): Promise<number> {
  const { exportFormats } = await import('../exports/index.ts');
  const outputs = parseOutputs(options, exportFormats);
  const threshold = parseThreshold(options.failOn);
  const failureCode = parseExitCode(options.exitCode) ?? exitCodes.threshold;
  const source = await parseSource(options);
  const severity = parseSeverities(options.severity);
  const view = openProgress(options, deps.terminal);
  const several = severalReports(references, source);
  refuseSeveral(several, outputs);
  const { onlyFixable = false, color } = options;
  const [{ ReportWriter }, { eachReport }] = await Promise.all([
    import('./scan-writer.ts'),
    import('./reports/read-reports.ts'),
  ]);
  const writer = new ReportWriter(outputs, deps, { several, severity, onlyFixable, color });
  const settle = await openSettlement(options, deps);
  const tally = new Tally(threshold, failureCode);
  try {
    await using scanner = await deps.openScanner();
    const { failure } = await eachReport(references, { scanner, deps, view, source }, color, async (report) => {
      const settled = settle(report);
      await writer.add(settled);
      tally.report(settled);
    });
    await writer.close();
    return tally.exitCode(failure);
  } finally {
    view.close();
  }
}

/** Some documents hold one image and cannot be put behind one another. @throws UsageError */
function refuseSeveral(several: boolean, outputs: readonly OutputChoice<ExportFormat>[]): void {
  const single = outputs.find(({ format }) => format.several === 'never');
  if (!several || single === undefined) return;
  throw new UsageError(`-o ${single.format.id} holds one image`, 'Scan one image and platform at a time.');
}

/** What the exit code of a finished scan depends on (docs/operations/exit-codes.md). */
class Tally {
  readonly #threshold: Threshold | undefined;
  readonly #failureCode: number;
  #exceeded = false;
  #incomplete = false;

  constructor(threshold: Threshold | undefined, failureCode: number) {
    this.#threshold = threshold;
    this.#failureCode = failureCode;
  }

  report(report: ScanReport): void {
    if (this.#threshold !== undefined) this.#exceeded ||= exceeds(report, this.#threshold);
    this.#incomplete ||= report.scan.state !== 'complete';
  }

  exitCode(failure: number | undefined): number {
    if (this.#exceeded) return this.#failureCode;
    if (failure !== undefined) return failure;
    // A threshold that was judged on a part of the image has not been kept.
    return this.#threshold !== undefined && this.#incomplete ? exitCodes.partial : exitCodes.ok;
  }
}
