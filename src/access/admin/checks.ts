import type { PolicyStatement } from '../contract.ts';
import { AccessError } from '../errors.ts';
import { ownerPolicy } from '../policy/built-in.ts';
import { parsePolicyDocument } from '../policy/document.ts';
import type { AccessReader } from '../ports.ts';

/** Whoever calls the admin service may only hand in what these let through. */
export function checkUserName(name: string): string {
  return matching(
    name,
    /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,63}$/u,
    'name',
    'A user name has 1 to 64 letters, digits, ".", "_", "@" or "-".',
  );
}

/** @throws AccessError `invalid_access_input` */
export function checkPolicyName(name: string): string {
  return matching(
    name,
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/,
    'name',
    'A policy name has 1 to 128 letters, digits, ".", "_" or "-".',
  );
}

/** @throws AccessError `invalid_access_input` */
export function checkTitle(name: string): string {
  return matching(
    name,
    /^[^\s\p{C}](?:[^\p{C}\n]{0,126}[^\s\p{C}])?$/u,
    'name',
    'A name has 1 to 128 printable characters, without blanks around it.',
  );
}

/** @throws AccessError `invalid_access_input` */
export function checkProjectExtId(extId: string): string {
  return matching(
    extId.toLowerCase(),
    /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/,
    'extId',
    'The external id of a project is a UUID.',
  );
}

/** @throws AccessError `invalid_access_input` */
export function checkPassword(password: string): string {
  const length = [...password].length;
  if (length >= 8 && length <= 256) return password;
  throw new AccessError('invalid_access_input', 'A password has 8 to 256 characters.', { field: 'password' });
}

/** Statements that passed the parser once more: the admin service trusts no caller. */
export function checkStatements(statements: readonly PolicyStatement[]): readonly PolicyStatement[] {
  return parsePolicyDocument({ statements });
}

/** An end between now and ten years from now. @throws AccessError `invalid_access_input` */
export function checkEnd(expiresAt: number, now: number): number {
  if (Number.isSafeInteger(expiresAt) && expiresAt > now && expiresAt <= now + 3_653 * 86_400_000) return expiresAt;
  throw new AccessError('invalid_access_input', 'The end must lie within the next ten years.', { field: 'expiresAt' });
}

/**
 * Nobody could repair rights any more without an enabled user that owns everything.
 * @throws AccessError `last_owner`
 */
export async function checkOwnerLeft(reader: AccessReader): Promise<void> {
  for (const { userId, projects } of await reader.holders(ownerPolicy)) {
    if (projects === 'all' && (await reader.user(userId))?.disabled === false) return;
  }
  throw new AccessError('last_owner', 'This would leave nobody who may do everything.', {
    hint: `Give another user the policy "${ownerPolicy}" for all projects first.`,
  });
}

function matching(value: string, shape: RegExp, field: string, message: string): string {
  if (shape.test(value)) return value;
  throw new AccessError('invalid_access_input', message, { field });
}
