import type { Command } from 'commander';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { exitByCode } from '../output/exit-table.ts';
import type { ApiClient, Json, LoadApi, PlaceOptions } from './contract.ts';
import { RemoteError } from './errors.ts';
import { type ChannelOptions, channelBody } from './notify-body.ts';
import { limitOf, runApi, showList, withPlace } from './run.ts';
import { type Column, tableText, timeText } from './table.ts';

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const columns: readonly Column[] = [
  ['name', (row) => row.name],
  ['kind', (row) => row.target.kind],
  ['to', (row) => (row.target.kind === 'mail' ? row.target.to.join(' ') : row.target.url)],
  ['events', (row) => row.events.join(' ')],
  ['state', (row) => (row.enabled ? 'on' : 'off')],
  ['waiting', (row) => row.waiting],
  ['dead', (row) => row.dead],
  ['delivered', (row) => timeText(row.lastDeliveredAt)],
  ['id', (row) => row.id],
];

const deliveryColumns: readonly Column[] = [
  ['id', (row) => row.id],
  ['created', (row) => timeText(row.createdAt)],
  ['channel', (row) => row.channelName],
  ['event', (row) => row.event],
  ['title', (row) => row.title],
  ['state', (row) => row.state],
  ['attempts', (row) => row.attempts],
  ['why', (row) => (row.failure === null ? null : `${row.failure.code}: ${row.failure.message}`)],
];

/** Adds `drydock notify ls|add|test|rm|deliveries|replay`. */
export function registerNotify(program: Command, load: LoadApi): void {
  const notify = program.command('notify').description('who is told what happens, and what became of the messages');
  withPlace(notify.command('ls').description('list channels')).action((options: PlaceOptions) =>
    runApi(load, options, async (context) => {
      await showList(context, '/notification-channels', {}, columns, 100_000);
      return undefined;
    }),
  );
  registerAdd(notify, load);
  withPlace(notify.command('test').description('send a test message now').argument('<channel>', 'name or id')).action(
    (name: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const { id } = await findChannel(api, name);
        const outcome = await api.call('POST', `/notification-channels/${id}/test`);
        show(outcome, outcomeText);
        return outcome.delivered ? exitCodes.ok : exitOf(outcome.failure.code);
      }),
  );
  withPlace(
    notify.command('rm').description('forget a channel and its messages').argument('<channel>', 'name or id'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const found = await findChannel(api, name);
      await api.call('DELETE', `/notification-channels/${found.id}`);
      show({ removed: found.id }, () => `Removed ${found.name}.\n`);
      return undefined;
    }),
  );
  registerLog(notify, load);
}

function registerAdd(notify: Command, load: LoadApi): void {
  withPlace(notify.command('add').description('set up a channel').argument('<name>', 'name in lists'))
    .requiredOption('--kind <kind>', 'webhook, mail, slack, dingtalk, feishu or wecom')
    .requiredOption('--event <event>', 'what is told, repeatable; `all` for everything', collect)
    .option('--url-file <file>', 'file that holds the address with its token; - reads standard input')
    .option('--secret-file <file>', 'file that holds the secret of signatures')
    .option('--smtp <host:port>', 'mail server')
    .option('--security <mode>', 'tls, starttls or none', 'starttls')
    .option('--username <name>', 'user of the mail server')
    .option('--password-file <file>', 'file that holds the password of the mail server')
    .option('--from <address>', 'sender of mails')
    .option('--to <address>', 'recipient of mails, repeatable', collect)
    .option('--ca-file <file>', 'certificate authority (PEM) to trust for it')
    .option('--min-severity <level>', 'least severity of vulnerabilities: critical, high, medium, low, unknown', 'high')
    .option('--project <id>', 'only this project, repeatable', collect)
    .option('--repository <glob>', 'only these repositories, repeatable', collect)
    .option('--quiet <zone,from,to>', 'messages wait in these hours, for example Asia/Shanghai,22:00,07:00')
    .option('--quiet-except-critical', 'critical vulnerabilities do not wait')
    .action((name: string, options: ChannelOptions) =>
      runApi(load, options, async ({ api, deps, show }) => {
        const body = await channelBody(name, options, deps.readText, () => allEvents(api));
        show(await api.call('POST', '/notification-channels', { body }), (row) => tableText(columns, [row]));
        return undefined;
      }),
    );
}

function registerLog(notify: Command, load: LoadApi): void {
  withPlace(notify.command('deliveries').description('list messages, newest first'))
    .option('--channel <channel>', 'name or id')
    .option('--state <state>', 'waiting, delivered or dead')
    .option('--limit <rows>', 'rows at most (default: 50)')
    .action((options: PlaceOptions & { channel?: string; state?: string; limit?: string }) =>
      runApi(load, options, async (context) => {
        const channel = options.channel && (await findChannel(context.api, options.channel)).id;
        const query = { ...(channel && { channel }), ...(options.state && { state: options.state }) };
        await showList(context, '/notification-deliveries', query, deliveryColumns, limitOf(options.limit));
        return undefined;
      }),
    );
  withPlace(
    notify
      .command('replay')
      .description('try messages again that were given up')
      .argument('<id...>', 'numbers of `notify deliveries`'),
  ).action((ids: readonly string[], options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const again: Json[] = [];
      for (const id of ids)
        again.push(await api.call('POST', `/notification-deliveries/${encodeURIComponent(id)}/replay`));
      await api.settle();
      show(again, (rows: Json[]) => tableText(deliveryColumns, rows));
      return undefined;
    }),
  );
}

async function allEvents(api: ApiClient): Promise<string[]> {
  const { items } = await api.call('GET', '/notification-events');
  return items.map(({ id }: Json) => id);
}

/** A channel by name or id. @throws RemoteError 404 */
async function findChannel(api: ApiClient, name: string): Promise<Json> {
  if (/^[0-9]+$/.test(name)) return api.call('GET', `/notification-channels/${name}`);
  let cursor: string | undefined;
  do {
    const page = await api.call('GET', '/notification-channels', { query: { limit: 200, cursor } });
    const found = page.items.find((row: Json) => row.name === name);
    if (found !== undefined) return found;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  throw new RemoteError(404, `no channel is called ${name}`, { hint: 'drydock notify ls shows what there is.' });
}

function outcomeText({ delivered, failure, durationMs }: Json): string {
  if (delivered) return `Delivered in ${durationMs} ms.\n`;
  const rows = [
    ['why', `${failure.code}: ${failure.message}`],
    ...(failure.hint === null ? [] : [['what to do', failure.hint]]),
  ];
  return tableText(
    [
      ['Not delivered', ([label]) => label],
      ['', ([, text]) => text],
    ],
    rows,
  );
}

/** The exit code of a failure; a server may know codes that this program does not. */
function exitOf(code: string): ExitCode {
  return exitByCode.get(code) ?? exitCodes.error;
}
