import type { Command } from 'commander';
import type { ScanReport } from '../findings/index.ts';
import type { ImageHandle, OpenedReference, Platform } from '../image/index.ts';
import type { Progress } from '../kernel/index.ts';
import { exitCodes } from './exit-codes.ts';
import { exitCodeOf, reportError } from './output/errors.ts';
import { parseOutputs } from './output/outputs.ts';
import { type ProgressView, parseProgressMode, showProgress } from './output/progress.ts';
import type { Terminal } from './output/terminal.ts';
import {
  exceeds,
  parseExitCode,
  parseSeverities,
  parseThreshold,
  type ScanOptions,
  type Threshold,
} from './scan-options.ts';
import { ReportWriter } from './scan-writer.ts';

/** What `drydock scan` is given. */
export interface ScanDeps {
  readonly terminal: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** Opens image sources, advisories and the cache; called once, after the command line was found to be right. */
  openScanner(): Promise<Scanner>;
  /** Writes a file whole or not at all. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  exit(code: number): void;
}

/** Opens and scans images, all against one advisory snapshot. */
export interface Scanner extends AsyncDisposable {
  open(reference: string, signal: AbortSignal): Promise<OpenedReference>;
  scan(
    image: ImageHandle,
    options: { readonly signal: AbortSignal; readonly progress: Progress; readonly verifyDiffIds: boolean },
  ): Promise<ScanReport>;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Adds `drydock scan` to the program; nothing heavy is loaded before it runs. */
export function registerScan(program: Command, load: () => Promise<ScanDeps>): void {
  program
    .command('scan')
    .description('find the vulnerabilities of images')
    .argument('<reference...>', 'registry/repo:tag, …@digest, oci:DIR[:TAG], archive:FILE or dir:ROOTFS')
    .optionsGroup('What to scan:')
    .option('--platform <os/arch>', "platform of an index, repeatable, or all (default: this machine's)", collect)
    .option('--verify-diff-ids', 'also compare the unpacked content of every layer with the image config')
    .optionsGroup('What to show:')
    .option('--severity <levels>', 'list only these levels, separated by commas; counts stay those of the image')
    .option('--only-fixable', 'list only what has a published fix')
    .optionsGroup('When to fail:')
    .option('--fail-on <level[,fixable]>', 'exit with 3 for a finding of this level or worse')
    .option('--exit-code <number>', 'exit with this number instead of 3')
    .optionsGroup('Output:')
    .option(
      '-o, --format <format[=file]>',
      'table, json, cyclonedx, spdx, sarif or openvex; repeatable. Several images give one JSON document per line',
      collect,
    )
    .option('--json', 'same as -o json')
    .option('-q, --quiet', 'no progress')
    .option('--progress <mode>', 'auto, plain, tty, json or none', 'auto')
    .option('--no-color', 'no colour')
    .action(async (references: readonly string[], options: ScanOptions) => {
      const deps = await load();
      try {
        deps.exit(await scan(references, options, deps));
      } catch (error) {
        deps.exit(reportError(error, deps.terminal, options.color));
      }
    });
}

/** Scans every reference, tells failures as they come, and gives the exit code of the whole. */
async function scan(references: readonly string[], options: ScanOptions, deps: ScanDeps): Promise<number> {
  const { exportFormats } = await import('../exports/index.ts');
  const outputs = parseOutputs(options, exportFormats);
  const threshold = parseThreshold(options.failOn);
  const failureCode = parseExitCode(options.exitCode) ?? exitCodes.threshold;
  const { parsePlatforms } = await import('./platforms.ts');
  const platforms = parsePlatforms(options.platform);
  const severity = parseSeverities(options.severity);
  const view = openProgress(options, deps.terminal);
  const several = references.length > 1 || (platforms !== undefined && (platforms === 'all' || platforms.length > 1));
  const { onlyFixable = false, color, verifyDiffIds = false } = options;
  const writer = new ReportWriter(outputs, deps, { several, severity, onlyFixable, color });
  const tally = new Tally(threshold, failureCode);
  try {
    await using scanner = await deps.openScanner();
    const run: Run = { scanner, deps, view, platforms, verifyDiffIds };
    for (const reference of references) {
      try {
        for await (const report of scanReference(reference, run)) {
          view.close();
          await writer.add(report);
          tally.report(report);
        }
      } catch (error) {
        if (deps.signal.aborted) throw error;
        view.close();
        reportError(error, deps.terminal, color, several ? reference : undefined);
        tally.error(error);
      }
    }
    await writer.close();
  } finally {
    view.close();
  }
  return tally.exitCode();
}

/** A scan takes seconds: outside a terminal it is quiet unless progress was asked for. */
function openProgress(options: ScanOptions, { stderr }: Terminal): ProgressView {
  const mode = parseProgressMode(options.progress);
  return showProgress(mode === 'auto' && stderr.isTTY !== true ? 'none' : mode, stderr, options.quiet === true);
}

/** What the exit code of a finished scan depends on (docs/operations/exit-codes.md). */
class Tally {
  readonly #threshold: Threshold | undefined;
  readonly #failureCode: number;
  readonly #errors: unknown[] = [];
  #reports = 0;
  #exceeded = false;
  #incomplete = false;

  constructor(threshold: Threshold | undefined, failureCode: number) {
    this.#threshold = threshold;
    this.#failureCode = failureCode;
  }

  report(report: ScanReport): void {
    this.#reports++;
    if (this.#threshold !== undefined) this.#exceeded ||= exceeds(report, this.#threshold);
    this.#incomplete ||= report.scan.state !== 'complete';
  }

  error(error: unknown): void {
    this.#errors.push(error);
  }

  exitCode(): number {
    const failed = this.#errors.length > 0;
    if (failed && this.#reports === 0) return exitCodeOf(this.#errors[0]);
    if (this.#exceeded) return this.#failureCode;
    // A threshold that was judged on a part of the image has not been kept.
    if (failed || (this.#threshold !== undefined && this.#incomplete)) return exitCodes.partial;
    return exitCodes.ok;
  }
}

interface Run {
  readonly scanner: Scanner;
  readonly deps: ScanDeps;
  readonly view: ProgressView;
  readonly platforms: readonly Platform[] | 'all' | undefined;
  readonly verifyDiffIds: boolean;
}

async function* scanReference(reference: string, run: Run): AsyncGenerator<ScanReport> {
  const { scanner, platforms, view } = run;
  const { signal } = run.deps;
  view.progress({ kind: 'stage', stage: 'opening', detail: reference });
  await using opened = await scanner.open(reference, signal);
  const wanted = platforms === 'all' ? opened.platforms.map(({ platform }) => platform) : (platforms ?? [undefined]);
  for (const platform of wanted) {
    const image = await opened.image(platform, signal);
    yield await scanner.scan(image, { signal, progress: view.progress, verifyDiffIds: run.verifyDiffIds });
  }
}
