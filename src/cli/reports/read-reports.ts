import { readSavedReport, type ScanReport } from '../../findings/index.ts';
import { exitCodes } from '../exit-codes.ts';
import { exitCodeOf, reportError, UsageError } from '../output/errors.ts';
import type { ProgressView } from '../output/progress.ts';
import type { ReportDeps, Scanner } from './contract.ts';
import { type SourceChoice, severalReports } from './source-options.ts';

/** What reports are read with. */
export interface ReadingRun {
  readonly scanner: Scanner;
  readonly deps: ReportDeps;
  readonly view: ProgressView;
  readonly source: SourceChoice;
}

const maxReportBytes = 256 * 1024 * 1024;
const maxSbomBytes = 64 * 1024 * 1024;

/** The reports behind one reference: of an image one for each platform; of a file the one that it holds or makes. */
export async function* reportsOf(reference: string, run: ReadingRun): AsyncGenerator<ScanReport> {
  const { deps, scanner, source, view } = run;
  const { signal } = deps;
  const { platforms, ...choice } = source;
  view.progress({ kind: 'stage', stage: 'opening', detail: reference });
  const file = /^(report|sbom):(.*)$/s.exec(reference);
  if (file !== null) {
    const [, kind, path = ''] = file;
    if (path === '') throw new UsageError(`${reference} names no file`);
    if (kind === 'report') yield await readReportFile(path, deps);
    else yield await scanner.scanSbom(await deps.readFile(path, maxSbomBytes), reference, source.include);
    return;
  }
  await using opened = await scanner.open(reference, signal);
  const wanted = platforms === 'all' ? opened.platforms.map(({ platform }) => platform) : (platforms ?? [undefined]);
  for (const platform of wanted) {
    const image = await opened.image(platform, signal);
    yield await scanner.scan(image, { signal, progress: view.progress, ...choice });
  }
}

/** A report that `-o json` wrote. */
export async function readReportFile(path: string, deps: Pick<ReportDeps, 'readFile'>): Promise<ScanReport> {
  return readSavedReport(await deps.readFile(path, maxReportBytes), path);
}

/**
 * Hands over the reports of all references one after the other. One that fails is told and does not stop the others.
 * @returns how many came, and the exit code of what failed: undefined when nothing did, that of partial success when
 * something came nevertheless
 */
export async function eachReport(
  references: readonly string[],
  run: ReadingRun,
  color: boolean | undefined,
  take: (report: ScanReport) => Promise<void> | void,
): Promise<{ readonly reports: number; readonly failure: number | undefined }> {
  const { deps, view } = run;
  const several = severalReports(references, run.source);
  const errors: unknown[] = [];
  let reports = 0;
  for (const reference of references) {
    try {
      for await (const report of reportsOf(reference, run)) {
        view.close();
        await take(report);
        reports++;
      }
    } catch (error) {
      if (deps.signal.aborted) throw error;
      view.close();
      reportError(error, deps.terminal, color, several ? reference : undefined);
      errors.push(error);
    }
  }
  const failure = errors.length === 0 ? undefined : reports === 0 ? exitCodeOf(errors[0]) : exitCodes.partial;
  return { reports, failure };
}
