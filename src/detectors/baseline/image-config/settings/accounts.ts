import type { CheckContext, FactReader } from '../../contract.ts';

/** One line of a passwd or group file: name, id, and the primary group or the members. */
interface Line {
  readonly name: string;
  readonly id: number;
  readonly rest: string;
}

/** Lines of an account file that are looked at. */
const maxLines = 20_000;

function accountReader(id: string, file: string, field: number): FactReader<readonly Line[]> {
  return {
    id,
    version: 1,
    wants: ({ path }) => path === file || path.endsWith(`/${file}`),
    read: (bytes) =>
      Buffer.from(bytes)
        .toString('utf8')
        .split('\n', maxLines)
        .flatMap((line) => {
          const fields = line.split(':');
          const [name = '', , number = ''] = fields;
          if (!/^\d{1,10}$/.test(number) || name === '') return [];
          return [{ name, id: Number(number), rest: fields[field] ?? '' }];
        }),
  };
}

/** Accounts, for the user that a container runs as. */
export const passwdReader = accountReader('run-user-passwd', 'etc/passwd', 3);
/** Groups and their members. */
export const groupReader = accountReader('run-user-group', 'etc/group', 3);

/** The user that containers run as. */
export type RunUser =
  | { readonly kind: 'known'; readonly uid: number; readonly groups: ReadonlySet<number> }
  /** A name that the image's passwd file does not have: no container starts. */
  | { readonly kind: 'missing'; readonly name: string }
  /** The passwd file is too large to be read. */
  | { readonly kind: 'unreadable' };

/**
 * Finds `config.User` in the image's own account files, as container engines do: a name of an account wins over a number;
 * no user means root; without a group the account's groups count, and group 0 for a number without account.
 */
export function runUser(context: CheckContext): RunUser {
  const [user = '', group] = context.image.settings.user.trim().split(':', 2);
  const passwd = context.file(passwdReader, 'etc/passwd');
  const groups = context.file(groupReader, 'etc/group')?.facts ?? [];
  const number = user === '' ? 0 : /^[+-]?\d{1,10}$/.test(user) ? Math.abs(Number(user)) : undefined;
  const account = passwd?.facts?.find(({ name }) => name === user) ?? passwd?.facts?.find(({ id }) => id === number);
  const uid = account?.id ?? number;
  if (uid === undefined) {
    return passwd !== undefined && passwd.facts === undefined
      ? { kind: 'unreadable' }
      : { kind: 'missing', name: user };
  }
  if (group !== undefined && group !== '') {
    const gid = /^\d{1,10}$/.test(group) ? Number(group) : groups.find(({ name }) => name === group)?.id;
    return { kind: 'known', uid, groups: new Set(gid === undefined ? [] : [gid]) };
  }
  const primary = Number(account?.rest ?? '0');
  const others = account === undefined ? [] : groups.filter(({ rest }) => rest.split(',').includes(account.name));
  return { kind: 'known', uid, groups: new Set([primary, ...others.map(({ id }) => id)]) };
}
