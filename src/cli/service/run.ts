import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { reportError, UsageError } from '../output/errors.ts';
import type { ApiClient, ApiDeps, Json, LoadApi, PlaceOptions } from './contract.ts';
import { type Column, tableText } from './table.ts';

/** What the body of a command works with. */
export interface CommandContext {
  readonly api: ApiClient;
  readonly deps: ApiDeps;
  readonly json: boolean;
  /** Writes a result: the document as it is, or as the function words it. */
  show(document: Json, text: (document: Json) => string): void;
}

/** Adds the options that say where the API is and how results look. */
export function withPlace(command: Command): Command {
  return command
    .option('--server <url>', 'work against this server (default: this machine’s own data directory)')
    .option('--token-file <file>', 'file that holds the token for the server')
    .option('-o, --format <format>', 'table or json', 'table')
    .option('--json', 'same as -o json');
}

/** Runs a command over the API and ends with its exit code; every failure is told in one way. */
export async function runApi(
  load: LoadApi,
  options: PlaceOptions,
  body: (context: CommandContext) => Promise<number | undefined>,
): Promise<void> {
  const deps = await load();
  try {
    const json = formatOf(options) === 'json';
    await using api = await deps.openApi(options);
    const show = (document: Json, text: (document: Json) => string): void => {
      deps.terminal.stdout.write(json ? `${JSON.stringify(document, undefined, 2)}\n` : text(document));
    };
    deps.exit((await body({ api, deps, json, show })) ?? exitCodes.ok);
  } catch (error) {
    deps.exit(reportError(error, deps.terminal));
  }
}

/** A command that lists: every page is fetched, and shown as one table or one JSON document. */
export async function showList(
  { api, show }: CommandContext,
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  columns: readonly Column[],
  limit: number,
): Promise<void> {
  const rows: Json[] = [];
  let cursor: string | undefined;
  let total: number | undefined;
  do {
    const size = Math.min(200, limit - rows.length);
    const page = await api.call('GET', path, { query: { ...query, limit: size, cursor } });
    rows.push(...page.items);
    total = page.total;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && rows.length < limit);
  show({ items: rows, total: total ?? rows.length }, () => {
    if (rows.length === 0) return 'Nothing found.\n';
    const more =
      total !== undefined && total > rows.length ? `\n${rows.length} of ${total} shown; --limit shows more.\n` : '';
    return `${tableText(columns, rows)}${more}`;
  });
}

/** `--limit` as a number. @throws UsageError */
export function limitOf(text: string | undefined, standard = 50): number {
  if (text === undefined) return standard;
  if (!/^[1-9][0-9]{0,6}$/.test(text))
    throw new UsageError(`--limit ${text} is not a number of rows`, 'Use 1 to 9999999.');
  return Number(text);
}

function formatOf({ format = 'table', json }: PlaceOptions): string {
  const chosen = json === true ? 'json' : format;
  if (chosen !== 'table' && chosen !== 'json') throw new UsageError(`unknown format "${chosen}"`, 'Use table or json.');
  return chosen;
}
