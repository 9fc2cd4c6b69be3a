import type { Command } from 'commander';
import { reportError } from '../output/errors.ts';
import type { Terminal } from '../output/terminal.ts';
import {
  type EffectiveSetting,
  effectiveSettings,
  flagOf,
  type ServerConfig,
  type SettingDefinition,
  type SettingName,
  settingDefinitions,
} from './settings.ts';
import { tableText } from './table.ts';

/** Settings by name, with where each came from. */
export type Effective = ReadonlyMap<SettingName, EffectiveSetting>;

/** What `serve`, `worker` and `config` are given. */
export interface ServeDeps {
  readonly terminal: Terminal;
  /** The part `server` of the configuration. */
  config(): Promise<ServerConfig>;
  /** Serves until the process is told to stop; gives the exit code. */
  serve(settings: Effective): Promise<number>;
  /** Works off jobs until the process is told to stop. */
  work(settings: Effective): Promise<number>;
  exit(code: number): void;
}

/** Adds `serve`, `worker` and `config`. */
export function registerServe(program: Command, load: () => Promise<ServeDeps>): void {
  const serve = program
    .command('serve')
    .description('run the service: console, native API and the interfaces of the cloud vendors’ clients on one port');
  addFlags(serve, settingDefinitions).action((_, command) =>
    run(load, command, (deps, settings) => deps.serve(settings)),
  );
  const worker = program
    .command('worker')
    .description('work off jobs of a service whose database is shared (PostgreSQL), or beside `serve --role serve`');
  const workerNames = new Set<string>(['listen', 'role', 'tlsCert', 'tlsKey', 'trustedProxies', 'publicUrl']);
  addFlags(
    worker,
    settingDefinitions.filter(({ name }) => !workerNames.has(name)),
  ).action((_, command) => run(load, command, (deps, settings) => deps.work(settings)));
  registerConfig(program, load);
}

function registerConfig(program: Command, load: () => Promise<ServeDeps>): void {
  const config = program
    .command('config')
    .description('show the effective settings of the service and where each comes from; secrets are not shown')
    .option('--json', 'as JSON');
  addFlags(config, settingDefinitions).action((flags, command) =>
    run(load, command, async ({ terminal }, settings) => {
      const rows = [...settings.values()].map(({ definition, value, origin }) => ({
        ...{ name: definition.name, value: shown(definition, value), origin },
        ...{ flag: flagOf(definition).split(' ')[0], variable: definition.variable },
      }));
      const text = tableText(
        [
          ['setting', (row) => row.name],
          ['value', (row) => row.value],
          ['from', (row) => row.origin],
          ['variable', (row) => row.variable],
        ],
        rows,
      );
      terminal.stdout.write(flags.json === true ? `${JSON.stringify({ settings: rows }, undefined, 2)}\n` : text);
      return 0;
    }),
  );
}

/** A value without what must stay secret: the password of a URL. */
function shown(definition: SettingDefinition, value: string | undefined): string | null {
  if (value === undefined) return null;
  if (definition.name !== 'databaseUrl') return value;
  try {
    const url = new URL(value);
    if (url.password !== '') url.password = '***';
    return url.searchParams.has('password') ? '(set)' : url.href;
  } catch {
    return '(set)';
  }
}

function addFlags(command: Command, definitions: readonly SettingDefinition[]): Command {
  command.option('--data <dir>', 'data directory (DRYDOCK_DATA_DIR)');
  for (const definition of definitions) {
    const standard = definition.default === undefined ? '' : ` (default: ${definition.default})`;
    command.option(flagOf(definition), `${definition.description}${standard}`);
  }
  return command;
}

async function run(
  load: () => Promise<ServeDeps>,
  command: Command,
  body: (deps: ServeDeps, settings: Effective) => Promise<number>,
): Promise<void> {
  const options: Record<string, unknown> = command.opts();
  if (typeof options.data === 'string') process.env.DRYDOCK_DATA_DIR = options.data;
  const deps = await load();
  try {
    const { flags, variables } = sources(command, options);
    const env = { ...variables, ...deps.terminal.env };
    deps.exit(await body(deps, effectiveSettings(flags, env, await deps.config())));
  } catch (error) {
    deps.exit(reportError(error, deps.terminal));
  }
}

/** What was typed, and what came from the variable that every option of a command has (DRYDOCK_SERVE_LISTEN …). */
function sources(
  command: Command,
  options: Readonly<Record<string, unknown>>,
): { flags: Record<string, unknown>; variables: Record<string, string> } {
  const flags: Record<string, unknown> = {};
  const variables: Record<string, string> = {};
  for (const { name, variable } of settingDefinitions) {
    if (options[name] === undefined) continue;
    if (command.getOptionValueSource(name) === 'cli') flags[name] = options[name];
    else variables[variable] = String(options[name]);
  }
  return { flags, variables };
}
