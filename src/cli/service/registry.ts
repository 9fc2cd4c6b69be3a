import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { UsageError } from '../output/errors.ts';
import type { ApiClient, Json, LoadApi, PlaceOptions } from './contract.ts';
import { RemoteError } from './errors.ts';
import { runApi, showList, withPlace } from './run.ts';
import { type Column, tableText, timeText } from './table.ts';

interface AddOptions extends PlaceOptions {
  readonly kind: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly reference?: readonly string[];
  readonly schedule?: string;
  readonly caFile?: string;
  readonly insecure?: boolean;
  readonly scansPerHour?: string;
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const columns: readonly Column[] = [
  ['name', (row) => row.name],
  ['kind', (row) => row.kind],
  ['address', (row) => row.baseUrl],
  ['state', (row) => (row.stateReason ? `${row.state}: ${row.stateReason}` : row.state)],
  ['images', (row) => row.images],
  ['synchronised', (row) => timeText(row.syncedAt)],
  ['id', (row) => row.id],
];

/** Adds `drydock registry add|test|sync|ls|rm`. */
export function registerRegistry(program: Command, load: LoadApi): void {
  const registry = program.command('registry').description('the registries whose images are watched');
  registerAdd(registry, load);
  withPlace(registry.command('ls').description('list registries')).action((options: PlaceOptions) =>
    runApi(load, options, async (context) => {
      await showList(context, '/registries', {}, columns, 100_000);
      return undefined;
    }),
  );
  withPlace(
    registry
      .command('test')
      .description('connect and say what works: list, pull, push, delete, referrers')
      .argument('<registry>', 'name or id'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const { id } = await findRegistry(api, name);
      const abilities = await api.call('POST', `/registries/${id}/test`);
      show(abilities, abilitiesText);
      const usable = abilities.list.state === 'yes' || abilities.pull.state === 'yes';
      return usable ? exitCodes.ok : exitCodes.error;
    }),
  );
  withPlace(
    registry.command('sync').description('look for new, moved and vanished tags').argument('<registry>', 'name or id'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const { id } = await findRegistry(api, name);
      await api.call('POST', `/registries/${id}/sync`);
      await api.settle();
      show(await rowOf(api, id), (row) => tableText(columns, [row]));
      return undefined;
    }),
  );
  withPlace(
    registry.command('rm').description('forget a registry and its images').argument('<registry>', 'name or id'),
  ).action((name: string, options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      const found = await findRegistry(api, name);
      await api.call('DELETE', `/registries/${found.id}`);
      show({ removed: found.id }, () => `Removed ${found.name}.\n`);
      return undefined;
    }),
  );
}

function registerAdd(registry: Command, load: LoadApi): void {
  withPlace(
    registry
      .command('add')
      .description('onboard a registry')
      .argument('<name>', 'name in lists')
      .argument('<url>', 'https://registry.example.com[:port]'),
  )
    .option('--kind <kind>', 'oci, harbor or static', 'oci')
    .option('--username <name>', 'user or robot account')
    .option('--password-file <file>', 'file that holds the password; - reads standard input')
    .option('--include <glob>', 'only these repositories, repeatable', collect)
    .option('--exclude <glob>', 'not these repositories, repeatable', collect)
    .option('--reference <repository:tag>', 'image of a static list, repeatable', collect)
    .option('--schedule <cron>', 'when to look for changes, for example "*/15 * * * *"')
    .option('--scans-per-hour <number>', 'images scanned per hour at most')
    .option('--ca-file <file>', 'certificate authority (PEM) to trust for it')
    .option('--insecure', 'plain http and unverified TLS, for this registry only')
    .action((name: string, url: string, options: AddOptions) =>
      runApi(load, options, async ({ api, deps, show }) => {
        const password = options.passwordFile && (await deps.readText(options.passwordFile)).replace(/\r?\n$/, '');
        const ca = options.caFile && (await deps.readText(options.caFile));
        if (options.scansPerHour !== undefined && !/^[1-9][0-9]{0,6}$/.test(options.scansPerHour)) {
          throw new UsageError(`--scans-per-hour ${options.scansPerHour} is not a number`, 'Use 1 or more.');
        }
        const body = {
          ...{ name, kind: options.kind, baseUrl: url, insecure: options.insecure === true },
          ...(options.username !== undefined && { username: options.username }),
          ...(password !== undefined && { password }),
          ...(ca !== undefined && { ca }),
          ...(options.include && { include: options.include }),
          ...(options.exclude && { exclude: options.exclude }),
          ...(options.reference && { references: options.reference }),
          ...(options.schedule !== undefined && { schedule: options.schedule }),
          ...(options.scansPerHour !== undefined && { scansPerHour: Number(options.scansPerHour) }),
        };
        const added = await api.call('POST', '/registries', { body });
        await api.settle();
        show(await rowOf(api, added.id), (row) => tableText(columns, [row]));
        return undefined;
      }),
    );
}

/** A registry by name or id. @throws RemoteError 404 */
export async function findRegistry(api: ApiClient, name: string): Promise<Json> {
  if (/^[0-9]+$/.test(name)) return api.call('GET', `/registries/${name}`);
  const { items } = await api.call('GET', '/registries', { query: { name, limit: 200 } });
  const found = items.find((row: Json) => row.name === name);
  if (found !== undefined) return found;
  throw new RemoteError(404, `no registry is called ${name}`, { hint: 'drydock registry ls shows what there is.' });
}

/** A registry as lists show it, that is, with its number of images. */
async function rowOf(api: ApiClient, id: number): Promise<Json> {
  const registry = await api.call('GET', `/registries/${id}`);
  const { items } = await api.call('GET', '/registries', { query: { name: registry.name, limit: 200 } });
  return items.find((row: Json) => row.id === id) ?? registry;
}

function abilitiesText(abilities: Json): string {
  return tableText(
    [
      ['ability', ([name]) => name],
      ['works', ([, { state }]) => state],
      ['why not', ([, { reason }]) => reason],
    ],
    ['list', 'pull', 'push', 'delete', 'referrers'].map((name) => [name, abilities[name]]),
  );
}
