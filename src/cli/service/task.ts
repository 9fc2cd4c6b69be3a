import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../output/errors.ts';
import type { ApiClient, CommandSignal, Json, LoadApi, PlaceOptions } from './contract.ts';
import { findImage } from './image.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, factsText, timeText } from './table.ts';

interface ListOptions extends PlaceOptions {
  readonly status?: string;
  readonly limit?: string;
}

const columns: readonly Column[] = [
  ['task', (row) => row.id],
  ['status', (row) => row.status],
  ['stage', (row) => row.stage],
  ['new tag', (row) => row.newTag],
  ['started', (row) => timeText(row.startedAt)],
  ['what', (row) => row.title],
];

interface StartOptions extends PlaceOptions {
  readonly cve?: readonly string[];
  readonly allFixable?: boolean;
  readonly tag?: string;
  readonly bestEffort?: boolean;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

/** Adds `drydock task start|ls|get|watch|log|cancel|retry` for fixes. */
export function registerTask(program: Command, load: LoadApi): void {
  const task = program.command('task').description('fix tasks of the service');
  registerStart(task, load);
  withPlace(task.command('ls').description('list tasks, newest first'))
    .option('--status <status>', 'running, success, partial, failed or cancelled')
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: ListOptions) =>
      runApi(load, options, async (context) => {
        await showList(context, '/fixes', { status: options.status }, columns, limitOf(options.limit));
        return undefined;
      }),
    );
  one(task, load, 'get', 'show one task', async (api, id) => api.call('GET', `/fixes/${id}`));
  one(task, load, 'watch', 'wait until a task has ended', watch);
  one(task, load, 'cancel', 'stop a task', async (api, id) => {
    await api.call('POST', `/fixes/${id}/cancel`);
    return api.call('GET', `/fixes/${id}`);
  });
  one(task, load, 'retry', 'order a failed task again', async (api, id) => {
    const again = await api.call('POST', `/fixes/${id}/retry`);
    await api.settle();
    return api.call('GET', `/fixes/${again.id}`);
  });
  withPlace(task.command('log').description('what a task did and why it failed').argument('<id>', 'ivf-…')).action(
    (id: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const log = await api.call('GET', `/fixes/${encodeURIComponent(id)}/log`);
        show(log, ({ lines }) => lines.map((text: string) => `${text}\n`).join(''));
        return undefined;
      }),
  );
}

function registerStart(task: Command, load: LoadApi): void {
  withPlace(
    task
      .command('start')
      .description('order a fix of an image of the inventory')
      .argument('<image>', 'uuid, digest or reference'),
  )
    .option('--cve <id>', 'vulnerability to fix, repeatable', collect)
    .option('--all-fixable', 'everything that has a fix')
    .option('--tag <tag>', 'tag of the result (default: <tag>_fix_<time>)')
    .option('--best-effort', 'deliver although something of what was asked is left')
    .action((name: string, options: StartOptions) =>
      runApi(load, options, async ({ api, show }) => {
        if ((options.cve === undefined) === (options.allFixable !== true)) {
          throw new UsageError('nothing or two things to fix', 'Give --cve or --all-fixable.');
        }
        const { uuid } = await findImage(api, name);
        const order = {
          image: uuid,
          ...(options.cve === undefined ? { allFixable: true } : { vulnerabilities: options.cve }),
          ...(options.tag !== undefined && { newTag: options.tag }),
          strategy: options.bestEffort === true || options.allFixable === true ? 'best-effort' : 'all-or-nothing',
        };
        const { items } = await api.call('POST', '/fixes', { body: { orders: [order] } });
        await api.settle();
        show(await api.call('GET', `/fixes/${items[0].id}`), taskText);
        return undefined;
      }),
    );
}

function one(
  parent: Command,
  load: LoadApi,
  name: string,
  description: string,
  work: (api: ApiClient, id: string, signal: CommandSignal) => Promise<Json>,
): void {
  withPlace(parent.command(name).description(description).argument('<id>', 'ivf-…')).action(
    (id: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, deps, show }) => {
        const found = await work(api, encodeURIComponent(id), deps.signal);
        show(found, taskText);
        return name === 'watch' ? exitOf(found.status) : undefined;
      }),
  );
}

const pollMs = 1000;

/** Asks until the task has ended; an interruption ends the waiting, not the task. */
async function watch(api: ApiClient, id: string, signal: CommandSignal): Promise<Json> {
  await api.settle();
  for (;;) {
    const task = await api.call('GET', `/fixes/${id}`);
    if (task.status !== 'running') return task;
    signal.throwIfAborted();
    await new Promise<void>((resolve) => setTimeout(resolve, pollMs));
  }
}

function exitOf(status: string): number {
  if (status === 'success') return exitCodes.ok;
  return status === 'partial' ? exitCodes.partial : exitCodes.error;
}

function taskText(task: Json): string {
  return factsText([
    ['task', task.id],
    ['status', task.status],
    ['stage', task.stage],
    ['reason', task.reason?.message],
    ['image', task.imageUuid],
    ['new tag', task.newTag],
    ['new image', task.newImageUuid],
    ['requested', task.requested?.join(', ')],
    ['started', timeText(task.startedAt)],
    ['ended', timeText(task.finishedAt)],
  ]);
}
