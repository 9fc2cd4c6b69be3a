import { groupReader } from '../../accounts/files/group.ts';
import { passwdReader } from '../../accounts/files/passwd.ts';
import { looseRecords } from '../../accounts/files/records.ts';
import type { CheckContext } from '../../contract.ts';
import { givenFile } from '../../given.ts';

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
  const passwd = givenFile(context, passwdReader, 'etc/passwd');
  const facts = context.file(passwdReader, 'etc/passwd')?.facts;
  const accounts = facts === undefined ? [] : looseRecords(facts);
  const groupFacts = context.file(groupReader, 'etc/group')?.facts;
  const groups = groupFacts === undefined ? [] : looseRecords(groupFacts);
  const number = user === '' ? 0 : /^[+-]?\d{1,10}$/.test(user) ? Math.abs(Number(user)) : undefined;
  const account = accounts.find(({ name }) => name === user) ?? accounts.find(({ uid }) => uid === number);
  const uid = account?.uid ?? number;
  if (uid === undefined) {
    return passwd.end?.result === 'unknown' ? { kind: 'unreadable' } : { kind: 'missing', name: user };
  }
  if (group !== undefined && group !== '') {
    const gid = /^\d{1,10}$/.test(group) ? Number(group) : groups.find(({ name }) => name === group)?.gid;
    return { kind: 'known', uid, groups: new Set(gid === undefined ? [] : [gid]) };
  }
  const others = account === undefined ? [] : groups.filter(({ members }) => members.includes(account.name));
  return { kind: 'known', uid, groups: new Set([account?.gid ?? 0, ...others.map(({ gid }) => gid)]) };
}
