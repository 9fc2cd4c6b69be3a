import type { FileEntry, ImageView, OwnerNames } from '../../../../image/index.ts';
import { linesOf, toLayerPath } from './path-text.ts';

/** Owner and permission bits that the administrator has set for a path. */
export interface Override {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
}

/** Names of the image's users or groups with their numbers. */
export type NameTable = ReadonlyMap<string, number>;

/** Reads `etc/passwd` or `etc/group`: the name is the first field, the number the third. */
export function readNameTable(bytes: Uint8Array | undefined): NameTable {
  const names = new Map<string, number>();
  for (const line of linesOf(bytes)) {
    const [name = '', , id = ''] = line.split(':');
    if (name !== '' && /^\d{1,10}$/.test(id) && !names.has(name)) names.set(name, Number(id));
  }
  return names;
}

/** The users and groups that an image knows. */
export interface Accounts {
  readonly users: NameTable;
  readonly groups: NameTable;
}

/** Reads the image's own account files. */
export function readAccounts(view: Pick<ImageView, 'small'>): Accounts {
  return { users: readNameTable(view.small('etc/passwd')), groups: readNameTable(view.small('etc/group')) };
}

/** As dpkg does it, a packaged owner's name counts before its number, where the image knows the name. */
export function ownIn({ users, groups }: Accounts): (entry: FileEntry, owner: OwnerNames) => FileEntry {
  return (entry, { user, group }) => {
    const uid = users.get(user) ?? entry.uid;
    const gid = groups.get(group) ?? entry.gid;
    return uid === entry.uid && gid === entry.gid ? entry : { ...entry, uid, gid };
  };
}

/** The statoverrides of an image, and the first line that dpkg itself would refuse. */
export interface Overrides {
  /** By path as the administrator spelled it, without leading slash. */
  readonly byPath: ReadonlyMap<string, Override>;
  /** A line with an unknown user or group, or no override at all; dpkg aborts on it, so nothing may be written. */
  readonly unusable: string | undefined;
}

/** Reads `var/lib/dpkg/statoverride` (`user group mode path`); `#7` is a number, names are the image's own. */
export function readOverrides(
  view: Pick<ImageView, 'small'>,
  { users, groups }: Accounts = readAccounts(view),
): Overrides {
  const byPath = new Map<string, Override>();
  for (const line of linesOf(view.small('var/lib/dpkg/statoverride'))) {
    const [user = '', group = '', mode = ''] = line.split(' ', 3);
    const path = line.slice(user.length + group.length + mode.length + 3);
    const uid = numberOf(user, users);
    const gid = numberOf(group, groups);
    if (uid === undefined || gid === undefined || !/^[0-7]{1,5}$/.test(mode) || path === '') {
      return { byPath, unusable: line };
    }
    byPath.set(toLayerPath(path), { uid, gid, mode: Number.parseInt(mode, 8) & 0o7777 });
  }
  return { byPath, unusable: undefined };
}

function numberOf(name: string, table: NameTable): number | undefined {
  if (name.startsWith('#')) return /^#\d{1,10}$/.test(name) ? Number(name.slice(1)) : undefined;
  // The superuser exists even where the image has no account files.
  return table.get(name) ?? (name === 'root' ? 0 : undefined);
}
