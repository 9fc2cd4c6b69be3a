import type { Command } from 'commander';
import { UsageError } from '../output/errors.ts';
import type { ApiClient, Json, LoadApi, PlaceOptions } from './contract.ts';
import { RemoteError } from './errors.ts';
import { runApi, withPlace } from './run.ts';
import { type Column, factsText, tableText, timeText } from './table.ts';

interface UserOptions extends PlaceOptions {
  readonly passwordFile?: string;
  readonly role?: readonly string[];
  readonly project?: readonly string[];
}

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value];

const userColumns: readonly Column[] = [
  ['id', (user) => user.id],
  ['name', (user) => user.name],
  ['state', (user) => (user.disabled ? 'disabled' : 'active')],
  ['grants', (user) => user.grants.map(grantText).join(', ')],
  ['since', (user) => timeText(user.createdAt)],
];

const keyColumns: readonly Column[] = [
  ['access key', (key) => key.id],
  ['state', (key) => (key.active ? 'active' : 'disabled')],
  ['made', (key) => timeText(key.createdAt)],
  ['until', (key) => timeText(key.expiresAt)],
  ['last used', (key) => timeText(key.lastUsedAt)],
];

/** Adds `drydock access user|key|token`. */
export function registerAccess(program: Command, load: LoadApi): void {
  const access = program.command('access').description('users, access keys and tokens of the service');
  registerUsers(access.command('user').description('people and machines'), load);
  registerKeys(access.command('key').description('access keys for the cloud vendors’ clients'), load);
  withPlace(
    access.command('token').description('make a token for --token-file; it is shown once').argument('<user>', 'name'),
  )
    .option('--name <text>', 'what it is for', 'cli')
    .option('--days <number>', 'days until it ends', '90')
    .action((name: string, options: PlaceOptions & { name: string; days: string }) =>
      runApi(load, options, async ({ api, show }) => {
        if (!/^[1-9][0-9]{0,3}$/.test(options.days))
          throw new UsageError(`--days ${options.days} is not a number of days`);
        const user = await findUser(api, name);
        const expiresAt = new Date(Date.now() + Number(options.days) * 86_400_000).toISOString();
        const body = { name: options.name, expiresAt };
        show(await api.call('POST', `/users/${user.id}/tokens`, { body }), ({ secret }) => `${secret}\n`);
        return undefined;
      }),
    );
}

function registerUsers(group: Command, load: LoadApi): void {
  withPlace(group.command('ls').description('list users')).action((options: PlaceOptions) =>
    runApi(load, options, async ({ api, show }) => {
      show(await api.call('GET', '/users'), ({ items }) => tableText(userColumns, items));
      return undefined;
    }),
  );
  withPlace(group.command('add').description('add a user').argument('<name>', 'name to sign in with'))
    .option('--password-file <file>', 'file with the password; - reads standard input; without: keys and tokens only')
    .option(
      '--role <name>',
      'viewer, triager, fixer, promoter, project-admin, auditor, platform-admin …; repeatable',
      collect,
    )
    .option('--project <id>', 'only in this project (number), repeatable; without: in all', collect)
    .action((name: string, options: UserOptions) =>
      runApi(load, options, async ({ api, deps, show }) => {
        const password = options.passwordFile && (await deps.readText(options.passwordFile)).replace(/\r?\n$/, '');
        const user = await api.call('POST', '/users', { body: { name, ...(password && { password }) } });
        const projects = options.project === undefined ? 'all' : options.project.map(Number);
        const grants = (options.role ?? []).map((policy) => ({ policy, projects }));
        if (grants.length > 0) await api.call('PUT', `/users/${user.id}/grants`, { body: { grants } });
        show(await api.call('GET', `/users/${user.id}`), (row) => tableText(userColumns, [row]));
        return undefined;
      }),
    );
  withPlace(group.command('rm').description('remove a user with keys and tokens').argument('<name>', 'name')).action(
    (name: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const user = await findUser(api, name);
        await api.call('DELETE', `/users/${user.id}`);
        show({ removed: user.id }, () => `Removed ${name}.\n`);
        return undefined;
      }),
  );
}

function registerKeys(group: Command, load: LoadApi): void {
  withPlace(group.command('ls').description('list the keys of a user').argument('<user>', 'name')).action(
    (name: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const user = await findUser(api, name);
        show(await api.call('GET', `/users/${user.id}/keys`), ({ items }) => tableText(keyColumns, items));
        return undefined;
      }),
  );
  withPlace(group.command('add').description('make a key; its secret is shown once').argument('<user>', 'name')).action(
    (name: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        const user = await findUser(api, name);
        show(await api.call('POST', `/users/${user.id}/keys`, { body: {} }), ({ key, secret }) =>
          factsText([
            ['access key id', key.id],
            ['secret', secret],
          ]),
        );
        return undefined;
      }),
  );
  withPlace(group.command('rm').description('remove a key').argument('<id>', 'access key id')).action(
    (id: string, options: PlaceOptions) =>
      runApi(load, options, async ({ api, show }) => {
        await api.call('DELETE', `/keys/${encodeURIComponent(id)}`);
        show({ removed: id }, () => `Removed ${id}.\n`);
        return undefined;
      }),
  );
}

async function findUser(api: ApiClient, name: string): Promise<Json> {
  const { items } = await api.call('GET', '/users');
  const found = items.find((user: Json) => user.name === name);
  if (found !== undefined) return found;
  throw new RemoteError(404, `no user is called ${name}`, { hint: 'drydock access user ls shows who there is.' });
}

function grantText({ policy, projects }: Json): string {
  return projects === 'all' ? policy : `${policy} in ${projects.join('+')}`;
}
