import type { Command } from 'commander';
import { UsageError } from '../output/errors.ts';
import type { ApiClient, ApiDownload, CommandSignal, Json, LoadApi, PlaceOptions } from './contract.ts';
import { RemoteError } from './errors.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, timeText } from './table.ts';

interface FindingsOptions extends PlaceOptions {
  readonly query?: string;
  readonly output: string;
  readonly columns?: string;
  readonly limit?: string;
  readonly raw?: boolean;
}

/** Puts a download in place, going on where a broken one stopped. */
export type SaveDownload = (
  path: string,
  from: (offset: number) => Promise<ApiDownload>,
  sha256: string,
) => Promise<void>;

const columns: readonly Column[] = [
  ['id', (row) => row.id],
  ['state', (row) => row.state],
  ['rows', (row) => row.rowsTotal],
  ['file', (row) => row.fileName],
  ['ordered', (row) => timeText(row.createdAt)],
  ['until', (row) => timeText(row.expiresAt)],
];

const formats = ['csv', 'jsonl', 'xlsx'];

/** Adds `drydock export findings|images|ls`. */
export function registerExport(program: Command, load: LoadApi, save: SaveDownload): void {
  const group = program.command('export').description('findings and images as files with a known number of rows');
  for (const subject of ['findings', 'images'] as const) {
    withPlace(group.command(subject).description(`export ${subject}`))
      .option('-q, --query <filter>', 'filter, as in lists')
      .requiredOption('--output <format=file>', 'csv=FILE, jsonl=FILE or xlsx=FILE')
      .option('--columns <names>', 'columns in order, separated by commas')
      .option('--limit <rows>', 'rows at most; the number left out is recorded')
      .option('--raw', 'no guard against spreadsheet formulas, for machines')
      .action((options: FindingsOptions) =>
        runApi(load, options, async ({ api, deps, show }) => {
          const [format = '', path = ''] = splitOnce(options.output);
          if (!formats.includes(format) || path === '') {
            throw new UsageError(
              `--output ${options.output} names no format and file`,
              'Use csv=FILE, jsonl=FILE or xlsx=FILE.',
            );
          }
          const job = await api.call('POST', '/exports', { body: specOf(subject, format, options) });
          await api.settle();
          const done = await finished(api, job.id, deps.signal);
          await save(path, (offset) => part(api, done, offset), done.sha256);
          show(done, () => `Exported ${done.rowsTotal} rows to ${path} (sha256 ${done.sha256}).\n`);
          return undefined;
        }),
      );
  }
  withPlace(group.command('ls').description('list exports'))
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: PlaceOptions & { limit?: string }) =>
      runApi(load, options, async (context) => {
        await showList(context, '/exports', {}, columns, limitOf(options.limit));
        return undefined;
      }),
    );
}

function specOf(subject: string, format: string, options: FindingsOptions): Json {
  return {
    ...{ subject, format, grain: 'finding' },
    ...(options.query !== undefined && { q: options.query }),
    ...(options.columns !== undefined && { columns: options.columns.split(',') }),
    ...(options.limit !== undefined && { limit: limitOf(options.limit) }),
    ...(options.raw === true && { raw: true }),
  };
}

async function part(api: ApiClient, job: Json, offset: number): Promise<ApiDownload> {
  const headers = offset === 0 ? {} : { range: `bytes=${offset}-`, 'if-range': `"${job.sha256}"` };
  return api.download(`/exports/${job.id}/file`, { headers });
}

const pollMs = 500;

async function finished(api: ApiClient, id: string, signal: CommandSignal): Promise<Json> {
  for (;;) {
    const job = await api.call('GET', `/exports/${id}`);
    if (job.state === 'success') return job;
    if (job.state !== 'queued' && job.state !== 'running') {
      throw new RemoteError(500, `the export ended as ${job.state}: ${job.reason?.message ?? 'no reason given'}`);
    }
    signal.throwIfAborted();
    await new Promise<void>((resolve) => setTimeout(resolve, pollMs));
  }
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
