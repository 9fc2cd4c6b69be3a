import type { AccessControl } from '../contract.ts';
import type { Directory } from '../directory.ts';
import { AccessError } from '../errors.ts';
import type { AccessStore } from '../ports.ts';
import { principalOf } from '../principals.ts';
import { verifyPassword } from '../secrets/passwords.ts';
import { hashToken, newToken } from '../secrets/random-names.ts';
import type { Attempt, Lockout } from './lockout.ts';

/** Sign-in by password, as in the contract. */
export type SignIn = AccessControl['signIn'];

/** What a sign-in lasts: the Huawei tokens' 24 hours. */
const lifetimeMs = 24 * 3_600_000;

/**
 * Sign-in by password. Unknown users, users without password, disabled users and wrong passwords are answered alike,
 * after the same work.
 */
export function createSignIn(deps: {
  readonly store: AccessStore;
  readonly directory: Directory;
  readonly lockout: Lockout;
  readonly now: () => number;
}): SignIn {
  const { store, directory, lockout, now } = deps;
  return async ({ name, password, address, projectExtId }) => {
    const attempt: Attempt = { kind: 'user', name, address };
    const retryAfterMs = await lockout.lockedFor(attempt);
    if (retryAfterMs > 0) throw new AccessError('locked', 'Too many failed sign-ins.', { retryAfterMs });
    await directory.refresh();
    const user = name.length > 128 || name.includes('\0') ? null : await store.userByName(name);
    const right = await verifyPassword(password, user?.password ?? null);
    const member = user === null ? null : await directory.member(user.id);
    if (!right || member === null || member.user.disabled) {
      await lockout.report(attempt, false);
      throw new AccessError('bad_credentials', 'The name or the password is wrong.');
    }
    await lockout.report(attempt, true);
    const token = newToken('login');
    const issuedAt = now();
    const expiresAt = issuedAt + lifetimeMs;
    const { id: userId, epoch } = member.user;
    await store.addLogin(
      {
        hash: hashToken(token),
        kind: 'login',
        userId,
        epoch,
        name: null,
        projectExtId,
        statements: null,
        issuedAt,
        expiresAt,
        lastUsedAt: null,
      },
      {
        actor: { name: member.user.name, userId, accessKeyId: null, address, requestId: '-' },
        action: 'session.start',
        object: `user:${userId}`,
        projectId: null,
        detail: { until: new Date(expiresAt) },
      },
    );
    return { token, issuedAt, expiresAt, principal: principalOf(member.user, member.grants) };
  };
}
