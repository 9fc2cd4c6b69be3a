import type { Command } from 'commander';
import type { FeedState, FormatName, RuleFeed } from '../detectors/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { reportError, UsageError } from './output/errors.ts';
import { collect } from './reports/source-options.ts';
import type { LoadRules, RulesDeps } from './rules/contract.ts';

interface ImportOptions {
  readonly name?: string;
  readonly licence?: string;
  readonly source?: string;
  readonly format?: string;
  readonly enable?: boolean;
}

/** Adds `drydock rules …` to the program; nothing heavy is loaded before one of its commands runs. */
export function registerRules(program: Command, load: LoadRules): void {
  const rules = program.command('rules').description('rules and hashes that malicious files are found by');
  rules
    .command('ls')
    .description('show bundled and imported rules: state, age, terms, what cannot be used')
    .option('--rejected', 'list the rules that cannot be used, and why')
    .option('-o, --format <format>', 'table or json', 'table')
    .option('--json', 'same as -o json')
    .action((options: { rejected?: boolean; format: string; json?: boolean }) =>
      run(load, (deps) => list(options, deps)),
    );
  registerImport(rules, load);
  rules
    .command('test')
    .description('let rules look at local files: exit with 3 when one matches')
    .argument('[file...]', 'files to look at; none: only compile the rules of --rules')
    .option('--rules <file>', 'these rules instead of those in use; repeatable', collect)
    .option('-o, --format <format>', 'table or json', 'table')
    .option('--json', 'same as -o json')
    .action((files: readonly string[], options: { rules?: readonly string[]; format: string; json?: boolean }) =>
      run(load, async (deps) => {
        const { tryRules } = await import('./rules/try-rules.ts');
        return tryRules(files, { rules: options.rules ?? [], json: isJson(options) }, deps);
      }),
    );
  registerChanges(rules, load);
}

function registerImport(rules: Command, load: LoadRules): void {
  rules
    .command('import')
    .description('take in rules from files, folders or zip archives; nothing is fetched')
    .argument('<path...>', 'YARA rules, ClamAV .hdb .hsb .ndb .ldb .fp, hash lists, CSV with hashes')
    .option('--name <name>', 'name of the feed (default: of the first path); the feed of this name is replaced')
    .option('--licence <text>', 'terms of the rules (default: what the files say)')
    .option('--source <text>', 'where they are from, for example a URL')
    .option('--format <format>', 'yara, ndb, ldb, hdb, hsb, hashes, allow or csv (default: by name and content)')
    .option('--enable', 'count hits from now on, without watching the rules first')
    .action((paths: readonly string[], options: ImportOptions) =>
      run(load, (deps) => importFeed(paths, options, deps)),
    );
}

function registerChanges(rules: Command, load: LoadRules): void {
  const states: readonly (readonly [command: string, state: FeedState, description: string])[] = [
    ['enable', 'active', 'count the hits of a feed from now on'],
    ['observe', 'observe', 'watch a feed again: its hits are shown and not counted for seven days'],
    ['disable', 'off', 'keep a feed and do not use it'],
  ];
  for (const [command, state, description] of states) {
    rules
      .command(command)
      .description(description)
      .argument('<name>', 'the feed')
      .action((name: string) => run(load, (deps) => setState(name, state, deps)));
  }
  rules
    .command('remove')
    .description('forget a feed; `rules rollback` brings it back')
    .argument('<name>', 'the feed')
    .action((name: string) =>
      run(load, async ({ service, terminal }) => {
        await service.remove(name);
        terminal.stdout.write(`Removed ${name}.\n`);
        return exitCodes.ok;
      }),
    );
  rules
    .command('rollback')
    .description('go back to the rules as they were before the last change')
    .option('--to <generation>', 'to this generation instead; `rules ls` names those that are kept')
    .action((options: { to?: string }) => run(load, (deps) => rollback(options, deps)));
}

async function run(load: LoadRules, command: (deps: RulesDeps) => Promise<ExitCode>): Promise<void> {
  const deps = await load();
  try {
    deps.exit(await command(deps));
  } catch (error) {
    deps.exit(reportError(error, deps.terminal));
  }
}

/** @throws UsageError */
function isJson({ format, json }: { readonly format: string; readonly json?: boolean }): boolean {
  if (json === true || format === 'json') return true;
  if (format !== 'table') throw new UsageError(`unknown format "${format}"`, 'Use table or json.');
  return false;
}

async function list(
  options: { rejected?: boolean; format: string; json?: boolean },
  { service, terminal, clock }: RulesDeps,
): Promise<ExitCode> {
  const json = isJson(options);
  const listing = await service.list();
  const { listingDocument, listingText, rejectedText } = await import('./rules/listing.ts');
  if (json)
    terminal.stdout.write(`${JSON.stringify(listingDocument(listing, options.rejected === true), undefined, 2)}\n`);
  else terminal.stdout.write(options.rejected === true ? rejectedText(listing) : listingText(listing, clock.now()));
  return exitCodes.ok;
}

async function importFeed(paths: readonly string[], options: ImportOptions, deps: RulesDeps): Promise<ExitCode> {
  const { formatNames, validFeedName } = await import('../detectors/index.ts');
  const format = options.format ?? null;
  if (format !== null && !formatNames.includes(format as FormatName)) {
    throw new UsageError(`unknown format of rules "${format}"`, `Use one of ${formatNames.join(', ')}.`);
  }
  const name = options.name ?? nameOf(paths[0] ?? '');
  if (!validFeedName(name)) {
    const hint = 'Give --name: at most 64 letters, digits, dots, dashes and underscores; "bundled" is taken.';
    throw new UsageError(`"${name}" cannot be the name of a feed`, hint);
  }
  const { files, skipped } = await deps.readRules(paths);
  const { feed, changed } = await deps.service.import({
    ...{ name, source: options.source ?? null, licence: options.licence ?? null },
    ...{ format: format as FormatName | null, enable: options.enable === true, by: deps.user, files, skipped },
  });
  const { importText } = await import('./rules/listing.ts');
  deps.terminal.stdout.write(changed ? importText(feed) : `${name}: these rules are imported already.\n`);
  return exitCodes.ok;
}

/** The last part of a path without its extension, with what a name may not hold replaced. */
function nameOf(path: string): string {
  const last = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return last
    .replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, '')
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64);
}

async function setState(name: string, state: FeedState, { service, terminal }: RulesDeps): Promise<ExitCode> {
  const feed = await service.setState(name, state);
  terminal.stdout.write(`${name}: ${stateWords(feed)}.\n`);
  return exitCodes.ok;
}

function stateWords({ state, observeUntil }: RuleFeed): string {
  if (state === 'observe') return `hits are shown and not counted until ${observeUntil?.slice(0, 10)}`;
  return state === 'active' ? 'hits count from now on' : 'is not used any more';
}

async function rollback({ to }: { readonly to?: string }, { service, terminal }: RulesDeps): Promise<ExitCode> {
  if (to !== undefined && !/^[1-9][0-9]{0,8}$/.test(to)) throw new UsageError(`"${to}" is no generation`);
  const generation = await service.rollback(to === undefined ? undefined : Number(to));
  const feeds = generation.feeds.map(({ name }) => name).join(', ') || 'none';
  terminal.stdout.write(
    `Generation ${generation.number} of ${generation.createdAt.slice(0, 10)} is in use again (${generation.change}).\n` +
      `  feeds: ${feeds}\n`,
  );
  return exitCodes.ok;
}
