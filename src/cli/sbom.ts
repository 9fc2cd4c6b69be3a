import type { Command } from 'commander';
import type { ExportFormat } from '../exports/index.ts';
import { exitCodes } from './exit-codes.ts';
import { parseOutputs } from './output/outputs.ts';
import type { ReportDeps } from './reports/contract.ts';
import { runReportCommand } from './reports/run-command.ts';
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

interface SbomOptions extends SourceOptions, ProgressOptions {
  readonly format?: readonly string[];
  readonly color?: boolean;
}

/** Adds `drydock sbom` to the program; nothing heavy is loaded before it runs. */
export function registerSbom(program: Command, load: () => Promise<ReportDeps>): void {
  const command = program
    .command('sbom')
    .description('list the packages of images as a bill of materials')
    .argument('<reference...>', referenceHelp);
  addSourceOptions(command)
    .optionsGroup('Output:')
    .option(
      '-o, --format <format[=file]>',
      'cyclonedx (default) or spdx; repeatable. Several images give one document per line',
      collect,
    );
  addProgressOptions(command).action((references: readonly string[], options: SbomOptions) =>
    runReportCommand(load, options, (deps) => sbom(references, options, deps)),
  );
}

/** Lists the packages of every reference; advisories are neither needed nor mentioned. */
async function sbom(references: readonly string[], options: SbomOptions, deps: ReportDeps): Promise<number> {
  const { exportFormats } = await import('../exports/index.ts');
  const formats: readonly ExportFormat[] = exportFormats
    .filter(({ id }) => id === 'cyclonedx' || id === 'spdx')
    .map((format) => ({
      ...format,
      write: (report, out, looks) => format.write(report, out, { ...looks, packagesOnly: true }),
    }));
  const outputs = parseOutputs({ format: options.format ?? ['cyclonedx'] }, formats);
  const source = await parseSource(options);
  const view = openProgress(options, deps.terminal);
  const several = severalReports(references, source);
  const { color } = options;
  const [{ ReportWriter }, { eachReport }] = await Promise.all([
    import('./scan-writer.ts'),
    import('./reports/read-reports.ts'),
  ]);
  const writer = new ReportWriter(outputs, deps, { several, severity: undefined, onlyFixable: false, color });
  try {
    await using scanner = await deps.openScanner({ advisories: false });
    const { failure } = await eachReport(references, { scanner, deps, view, source }, color, async (report) => {
      const packages = report.packages.filter(({ scope }) => source.include.includes(scope));
      await writer.add({ ...report, packages });
    });
    await writer.close();
    return failure ?? exitCodes.ok;
  } finally {
    view.close();
  }
}
