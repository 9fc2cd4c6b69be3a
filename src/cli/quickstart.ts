import type { Command } from 'commander';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { Collected } from './output/collected.ts';
import { reportError } from './output/errors.ts';
import { parseProgressMode, showProgress } from './output/progress.ts';
import { colorFor } from './output/terminal.ts';
import type { QuickstartCliDeps, QuickstartOptions } from './quickstart/contract.ts';

export type { QuickstartCliDeps };

/** Adds `drydock quickstart` to the program; nothing heavy is loaded before it runs. */
export function registerQuickstart(program: Command, load: () => Promise<QuickstartCliDeps>): void {
  program
    .command('quickstart')
    .description('assemble a real, old Debian 11 image from signed packages, scan it, fix it, and prove it')
    .option('--mirror <url>', 'Debian mirror: the directory above dists/ and pool/')
    .option('--dir <directory>', 'where image and reports go', 'drydock-quickstart')
    .option('--keep', 'keep the downloaded packages for another run')
    .option('-q, --quiet', 'no progress')
    .option('--progress <mode>', 'auto, plain, tty, json or none', 'auto')
    .option('--no-color', 'no colour')
    .action(async (options: QuickstartOptions) => {
      const deps = await load();
      try {
        deps.exit(await quickstart(options, deps));
      } catch (error) {
        deps.exit(reportError(error, deps.terminal, options.color));
      }
    });
}

async function quickstart(options: QuickstartOptions, deps: QuickstartCliDeps): Promise<ExitCode> {
  const { runTour } = await import('./quickstart/tour.ts');
  const mode = parseProgressMode(options.progress);
  const view = showProgress(mode, deps.terminal.stderr, options.quiet === true);
  let tour: Awaited<ReturnType<typeof runTour>>;
  try {
    tour = await runTour(options, deps, view.progress);
  } finally {
    view.close();
  }
  const { renderTour } = await import('./quickstart/summary.ts');
  const { stdout, env } = deps.terminal;
  const text = new Collected();
  await renderTour(tour, text, { color: colorFor(stdout, env, options.color) });
  stdout.write(text.bytes());
  if (tour.run.failure) return reportError(tour.run.failure, deps.terminal, options.color);
  return tour.run.report.task.stage === 'promoted' ? exitCodes.ok : exitCodes.error;
}
