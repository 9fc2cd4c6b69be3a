import type { CheckContext, FactReader } from '../../contract.ts';

/** One line of a passwd or group file: name, id, and the primary group or the members. */
interface Line {
  readonly name: string;
  readonly id: number;
  readonly rest: string;
}

/** Lines of an account file that are looked at. */
const maxLines = 5000;
/** Files of such a name in a layer, and characters of a name or list of members: an image has one of each. */
const maxFiles = 100;
const maxField = 4096;

/** An account file. */
interface AccountFile {
  readonly lines: readonly Line[];
  /** There are more lines than are looked at. */
  readonly truncated: boolean;
}

function accountReader(id: string, file: string, field: number): FactReader<AccountFile> {
  return {
    id,
    version: 1,
    maxFiles,
    wants: ({ path }) => path === file || path.endsWith(`/${file}`),
    read(bytes) {
      const texts = Buffer.from(bytes)
        .toString('utf8')
        .split('\n', maxLines + 1);
      const lines = texts.slice(0, maxLines).flatMap((line) => {
        const fields = line.split(':');
        const [name = '', , number = ''] = fields;
        if (!/^\d{1,10}$/.test(number) || name === '' || name.length > maxField) return [];
        return [{ name, id: Number(number), rest: (fields[field] ?? '').slice(0, maxField) }];
      });
      return { lines, truncated: texts.length > maxLines };
    },
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
  const groups = context.file(groupReader, 'etc/group')?.facts?.lines ?? [];
  const number = user === '' ? 0 : /^[+-]?\d{1,10}$/.test(user) ? Math.abs(Number(user)) : undefined;
  const account =
    passwd?.facts?.lines.find(({ name }) => name === user) ?? passwd?.facts?.lines.find(({ id }) => id === number);
  const uid = account?.id ?? number;
  if (uid === undefined) {
    const whole = passwd === undefined || passwd.facts?.truncated === false;
    return whole ? { kind: 'missing', name: user } : { kind: 'unreadable' };
  }
  if (group !== undefined && group !== '') {
    const gid = /^\d{1,10}$/.test(group) ? Number(group) : groups.find(({ name }) => name === group)?.id;
    return { kind: 'known', uid, groups: new Set(gid === undefined ? [] : [gid]) };
  }
  const primary = Number(account?.rest ?? '0');
  const others = account === undefined ? [] : groups.filter(({ rest }) => rest.split(',').includes(account.name));
  return { kind: 'known', uid, groups: new Set([primary, ...others.map(({ id }) => id)]) };
}
