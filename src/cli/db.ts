import type { Command } from 'commander';
import type { AdvisoryService, FeedSources } from '../advisories/index.ts';
import type { Clock } from '../kernel/index.ts';
import type { DbStatusView } from './db-text.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { reportError, UsageError } from './output/errors.ts';
import { parseProgressMode, showProgress } from './output/progress.ts';
import type { Terminal } from './output/terminal.ts';

/** What `drydock db` is given; the service is made only when a command runs. */
export interface DbDeps {
  readonly service: AdvisoryService;
  readonly terminal: Terminal;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Sources of the configuration, used where an option is not given. */
  readonly sources: FeedSources;
  /** Reads a small text file that the user named: a PEM key. */
  readText(path: string): Promise<string>;
  exit(code: ExitCode): void;
}

/** Makes the dependencies of a command that was chosen. */
export type LoadDb = () => Promise<DbDeps>;

interface UpdateOptions extends FeedSources {
  readonly quiet?: boolean;
  readonly progress: string;
}

/** Adds `drydock db update|status|export|import` to the program; nothing heavy is loaded before one of them runs. */
export function registerDb(program: Command, load: LoadDb): void {
  const db = program.command('db').description('the advisory data that images are matched against');
  registerUpdate(db, load);
  db.command('status')
    .description('show which advisory data is loaded and how old it is')
    .option('-o, --format <format>', 'table or json', 'table')
    .option('--json', 'same as -o json')
    .action((options: { format: string; json?: boolean }) => run(load, (deps) => status(options, deps)));
  db.command('export')
    .description('write the loaded data to one file, for machines without network')
    .argument('<file>', 'the bundle to write')
    .option('--sign-key <file>', 'sign the bundle with this Ed25519 private key (PEM)')
    .action((file: string, options: { signKey?: string }) => run(load, (deps) => exportBundle(file, options, deps)));
  db.command('import')
    .description('load the data of a bundle')
    .argument('<file>', 'a bundle of `drydock db export`')
    .option('--verify-key <file>', 'refuse bundles that are not signed with this Ed25519 public key (PEM)')
    .option('--allow-rollback', 'accept data older than what is loaded')
    .action((file: string, options: { verifyKey?: string; allowRollback?: boolean }) =>
      run(load, (deps) => importBundle(file, options, deps)),
    );
}

function registerUpdate(db: Command, load: LoadDb): void {
  db.command('update')
    .description('load advisories in the layout of the public OSV export')
    .option('--from <url|dir>', 'base that holds <Ecosystem>/all.zip')
    .option('--only <ecosystem...>', 'load these ecosystems only, for example Debian; others stay as they are')
    .option('--kev <url|file>', 'catalogue of known exploited vulnerabilities (JSON)')
    .option('--epss <url|file>', 'EPSS scores (CSV or csv.gz)')
    .option('--debian-tracker <url|file>', 'JSON of the Debian security tracker')
    .option('--alpine-secdb <url|file|dir...>', 'files of the Alpine security database, or folders of them')
    .option('--force', 'load again what is unchanged, and accept feeds that shrank or went back in time')
    .option('-q, --quiet', 'no progress')
    .option('--progress <mode>', 'auto, plain, tty, json or none', 'auto')
    .action((options: UpdateOptions) => run(load, (deps) => update(options, deps)));
}

async function run(load: LoadDb, command: (deps: DbDeps) => Promise<void>): Promise<void> {
  const deps = await load();
  try {
    await command(deps);
    deps.exit(exitCodes.ok);
  } catch (error) {
    deps.exit(reportError(error, deps.terminal));
  }
}

async function update(options: UpdateOptions, deps: DbDeps): Promise<void> {
  const sources = chosenSources(options, deps.sources);
  if (sources.from === undefined && sources.debianTracker === undefined && sources.alpineSecdb === undefined) {
    const hint = 'Give --from URL or --from DIR, or set advisories.from in the configuration.';
    throw new UsageError('no source of advisories', hint);
  }
  const { terminal, signal, service, clock } = deps;
  const view = showProgress(parseProgressMode(options.progress), terminal.stderr, options.quiet === true);
  const { progress } = view;
  let result: Awaited<ReturnType<AdvisoryService['update']>>;
  try {
    result = await service.update({ ...sources, progress, signal });
  } finally {
    view.close();
  }
  const { snapshotText } = await import('./db-text.ts');
  terminal.stdout.write(result.changed ? 'Advisories updated.\n' : 'Advisories are current; nothing changed.\n');
  terminal.stdout.write(snapshotText(result.snapshot, clock.now()));
}

/** What the options name wins over what the configuration names. */
function chosenSources(options: UpdateOptions, configured: FeedSources): FeedSources {
  const { from, only, kev, epss, debianTracker, alpineSecdb, force } = options;
  const named = { from, only, kev, epss, debianTracker, alpineSecdb, force };
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return { ...configured, ...Object.fromEntries(given) };
}

async function status(
  options: { format: string; json?: boolean },
  { service, terminal, clock }: DbDeps,
): Promise<void> {
  const format = options.json === true ? 'json' : options.format;
  if (format !== 'table' && format !== 'json') throw new UsageError(`unknown format "${format}"`, 'Use table or json.');
  const { statusText } = await import('./db-text.ts');
  const view: DbStatusView = await service.status();
  const document = { schemaVersion: 1, ...view };
  terminal.stdout.write(
    format === 'json' ? `${JSON.stringify(document, undefined, 2)}\n` : statusText(view, clock.now()),
  );
}

async function exportBundle(file: string, options: { signKey?: string }, deps: DbDeps): Promise<void> {
  const key = options.signKey === undefined ? {} : { signKey: await deps.readText(options.signKey) };
  const snapshot = await deps.service.exportBundle(file, key);
  const { snapshotText } = await import('./db-text.ts');
  deps.terminal.stdout.write(`Exported to ${file}${options.signKey === undefined ? ', not signed' : ', signed'}.\n`);
  deps.terminal.stdout.write(snapshotText(snapshot, deps.clock.now()));
}

async function importBundle(
  file: string,
  options: { verifyKey?: string; allowRollback?: boolean },
  { service, terminal, signal, clock, readText }: DbDeps,
): Promise<void> {
  const key = options.verifyKey === undefined ? {} : { verifyKey: await readText(options.verifyKey) };
  const allowRollback = options.allowRollback ?? false;
  const result = await service.importBundle(file, { ...key, allowRollback, signal });
  const { snapshotText } = await import('./db-text.ts');
  terminal.stdout.write(result.changed ? 'Advisories imported.\n' : 'This bundle is loaded already.\n');
  terminal.stdout.write(snapshotText(result.snapshot, clock.now()));
}
