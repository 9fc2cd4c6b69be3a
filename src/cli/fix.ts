import type { Command } from 'commander';
import type { FixDeps, FixRun } from '../fix/index.ts';
import type { Progress } from '../kernel/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { FixOptions } from './fix-options.ts';
import { Collected } from './output/collected.ts';
import { exitCodeOf, reportError } from './output/errors.ts';
import { type OutputChoice, parseOutputs } from './output/outputs.ts';
import { parseProgressMode, showProgress } from './output/progress.ts';
import { colorFor, type Terminal, widthOf } from './output/terminal.ts';

/** What `drydock fix` is given; the heavy parts are made only when the command runs. */
export interface FixCliDeps {
  readonly terminal: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  /** The engine's world. `signKey` names a PEM file with the private key for the attached statements. */
  fixDeps(options: { progress: Progress; signKey: string | undefined }): Promise<FixDeps>;
  /** Writes a file whole or not at all. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  exit(code: ExitCode): void;
}

const formats = [{ id: 'table' }, { id: 'json' }] as const;

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Adds `drydock fix` to the program; nothing heavy is loaded before it runs. */
export function registerFix(program: Command, load: () => Promise<FixCliDeps>): void {
  program
    .command('fix')
    .description('patch an image, push it by digest, prove the repair by a rescan, then tag it')
    .argument('<reference>', 'registry/repo:tag, …@digest, oci:DIR[:TAG], archive:FILE or dir:ROOTFS')
    .optionsGroup('What to fix:')
    .option('--cve <id...>', 'vulnerabilities by id or alias')
    .option('--package <name...>', 'all vulnerabilities of these binary or source packages')
    .option('--severity <levels>', 'all of these levels, separated by commas: critical,high,medium,low')
    .option('--all-fixable', 'everything that has a published fix')
    .option('--pin <name...>', 'packages that must stay as they are')
    .optionsGroup('Where the result goes:')
    .option('--tag <tag>', 'tag of the result')
    .option('--tag-suffix <suffix>', 'tag of the source with this appended, for example -fixed')
    .option('--output <reference>', 'another place than the repository of the source: oci:DIR or registry/repo')
    .option('--overwrite <policy>', 'move an existing tag: never, ours (a result of Drydock) or always', 'never')
    .optionsGroup('How:')
    .option('--plan', 'only show what would be done')
    .option('--platform <os/arch>', "platform of an index, repeatable, or all (default: this machine's)", collect)
    .option('--strategy <strategy>', 'best-effort or all-or-nothing (default: all-or-nothing for --cve)')
    .option('--gate <level>', 'hold the result back when it brings in a new finding of this level', 'high')
    .option('--attach <documents>', 'sbom, vex, provenance, separated by commas; or none', 'sbom,vex,provenance')
    .option('--require-attach', 'fail when a document cannot be attached')
    .option('--sign-key <file>', 'sign the attached statements with this private key (PEM)')
    .optionsGroup('Output:')
    .option('-o, --format <format[=file]>', 'table or json, repeatable', collect)
    .option('--json', 'same as -o json')
    .option('-q, --quiet', 'no progress')
    .option('--progress <mode>', 'auto, plain, tty, json or none', 'auto')
    .option('--no-color', 'no colour')
    .action(async (reference: string, options: FixOptions) => {
      const deps = await load();
      try {
        deps.exit(await fix(reference, options, deps));
      } catch (error) {
        deps.exit(reportError(error, deps.terminal, options.color));
      }
    });
}

async function fix(reference: string, options: FixOptions, deps: FixCliDeps): Promise<ExitCode> {
  const { parseFixRequest } = await import('./fix-options.ts');
  const request = parseFixRequest(reference, options);
  const outputs = parseOutputs(options, formats);
  const view = showProgress(parseProgressMode(options.progress), deps.terminal.stderr, options.quiet === true);
  let run: FixRun;
  try {
    const { runFix } = await import('../fix/index.ts');
    await using world = disposable(await deps.fixDeps({ progress: view.progress, signKey: options.signKey }));
    run = await runFix(request, world.deps, deps.signal);
  } finally {
    view.close();
  }
  for (const output of outputs) await write(run, output, request.planOnly, deps, options.color);
  if (run.failure) reportError(run.failure, deps.terminal, options.color);
  return exitCodeOfRun(run);
}

/** The engine's world may hold connections and databases; those that say so are released. */
function disposable(deps: FixDeps & Partial<AsyncDisposable>): AsyncDisposable & { readonly deps: FixDeps } {
  return {
    deps,
    async [Symbol.asyncDispose]() {
      await deps[Symbol.asyncDispose]?.();
    },
  };
}

/** The exit code of a finished run (docs/operations/exit-codes.md). */
function exitCodeOfRun({ report, failure }: Pick<FixRun, 'report' | 'failure'>): ExitCode {
  switch (report.task.status) {
    case 'success':
    case 'running':
      return exitCodes.ok;
    case 'partial':
      return exitCodes.partial;
    case 'cancelled':
      return exitCodes.interrupted;
    case 'failed': {
      const unmet = ['nothing_applicable', 'all_or_nothing_unmet'];
      if (unmet.includes(report.task.reason?.code ?? '')) return exitCodes.partial;
      return failure === undefined ? exitCodes.error : exitCodeOf(failure);
    }
  }
}

async function write(
  run: FixRun,
  { format, file }: OutputChoice<(typeof formats)[number]>,
  planOnly: boolean,
  { terminal, writeFile }: FixCliDeps,
  color: boolean | undefined,
): Promise<void> {
  const { writeFixPlan, writeFixReport } = await import('../exports/index.ts');
  const { stdout, env } = terminal;
  const style = file === undefined ? { width: widthOf(stdout), color: colorFor(stdout, env, color) } : {};
  const out = new Collected();
  if (planOnly && run.plans.length > 0) {
    const { source, requested } = run.report;
    for (const plan of run.plans) {
      const view = { schemaVersion: 1, source, target: run.target, requested, plan } as const;
      // Several documents in one stream are told apart by lines, as those of a scan are.
      if (format.id === 'json' && run.plans.length > 1) out.write(`${JSON.stringify(view)}\n`);
      else await writeFixPlan(view, format.id, out, style);
    }
  } else {
    await writeFixReport(run.report, format.id, out, style);
  }
  if (file === undefined) stdout.write(out.bytes());
  else await writeFile(file, out.bytes());
}
