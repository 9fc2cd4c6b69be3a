import { UsageError } from '../output/errors.ts';
import type { Json, PlaceOptions } from './contract.ts';

/** Options of `notify add`. */
export interface ChannelOptions extends PlaceOptions {
  readonly kind: string;
  readonly event: readonly string[];
  readonly urlFile?: string;
  readonly secretFile?: string;
  readonly smtp?: string;
  readonly security: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly from?: string;
  readonly to?: readonly string[];
  readonly caFile?: string;
  readonly minSeverity: string;
  readonly project?: readonly string[];
  readonly repository?: readonly string[];
  readonly quiet?: string;
  readonly quietExceptCritical?: boolean;
}

/**
 * Body of the request that adds a channel. Secrets are read from files: arguments are seen by everybody on the machine.
 * @throws UsageError
 */
export async function channelBody(
  name: string,
  options: ChannelOptions,
  readText: (path: string) => Promise<string>,
  allEvents: () => Promise<readonly string[]>,
): Promise<Json> {
  const { event, minSeverity, project, repository, quiet } = options;
  return {
    ...{ name, minSeverity, target: await targetOf(options, readText) },
    events: event.includes('all') ? await allEvents() : event.flatMap((one) => one.split(',')),
    ...(project && { projects: project.map(projectOf) }),
    ...(repository && { repositories: repository }),
    ...(quiet !== undefined && { quietHours: quietOf(quiet, options.quietExceptCritical === true) }),
  };
}

async function targetOf(options: ChannelOptions, readText: (path: string) => Promise<string>): Promise<Json> {
  const read = async (file: string | undefined): Promise<string | undefined> =>
    file === undefined ? undefined : (await readText(file)).replace(/\r?\n$/, '');
  const { kind, urlFile, secretFile, smtp, from, to, username } = options;
  const ca = options.caFile === undefined ? {} : { ca: await readText(options.caFile) };
  if (kind === 'mail') {
    if (smtp === undefined || from === undefined || to === undefined) {
      throw new UsageError('a mail channel needs a server, a sender and a recipient', 'Give --smtp, --from and --to.');
    }
    const password = await read(options.passwordFile);
    const [, host = '', port] = /^\[?([^\]]+?)\]?(?::(\d{1,5}))?$/.exec(smtp) ?? [];
    return {
      ...{ kind, host, from, to, security: options.security, ...ca },
      ...(port !== undefined && { port: Number(port) }),
      ...(username !== undefined && { username }),
      ...(password !== undefined && { password }),
    };
  }
  const url = await read(urlFile);
  if (url === undefined) throw new UsageError(`a channel of kind ${kind} needs an address`, 'Give --url-file.');
  const secret = await read(secretFile);
  return { kind, url, ...(secret !== undefined && { secret }), ...ca };
}

function projectOf(text: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`--project ${text} is not the id of a project`, 'Use its number.');
}

function quietOf(text: string, criticalBreaksThrough: boolean): Json {
  const [zone, from, to, ...more] = text.split(',');
  if (zone && from && to && more.length === 0) return { zone, from, to, criticalBreaksThrough };
  throw new UsageError(`--quiet ${text} is no time of quiet`, 'Write it as Asia/Shanghai,22:00,07:00.');
}
