import { createHash } from 'node:crypto';
import type { AccessControl, AccessKey, Account, Sealer } from './contract.ts';
import type { Directory } from './directory.ts';
import { decide } from './policy/evaluate.ts';
import type { AccessStore, KeyRow, SessionRow, VolatileStore } from './ports.ts';
import { principalOf } from './principals.ts';
import { hashToken } from './secrets/random-names.ts';
import { openKeySecret, openSessionSecret } from './secrets/sealed-keys.ts';
import type { Lockout } from './sign-in/lockout.ts';
import { endedKeptMs, readSessionToken } from './sign-in/session-token.ts';
import type { SignIn } from './sign-in/sign-in.ts';
import type { Throttle } from './sign-in/throttle.ts';
import type { Usage } from './usage.ts';

/** What access control is made of. */
export interface AccessParts {
  readonly account: Account;
  readonly store: AccessStore;
  readonly volatile: VolatileStore;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly lockout: Lockout;
  readonly throttle: Throttle;
  readonly usage: Usage;
  readonly signIn: SignIn;
  readonly now: () => number;
}

const longestToken = 4096;

/** Authentication and authorisation for the facades. */
export function createAccessControl(parts: AccessParts): AccessControl {
  const { account, store, volatile, directory, lockout, throttle, now } = parts;
  return {
    account,
    findKey: (id) => findKey(parts, id),
    readSessionToken: (token) => readSessionToken(parts.sealer, token),
    byToken: (token) => byToken(parts, token),
    signIn: (input) => parts.signIn(input),
    async useNonce(accessKeyId, nonce, windowMs) {
      const hash = createHash('sha256')
        .update(JSON.stringify([accessKeyId, nonce]))
        .digest()
        .subarray(0, 16);
      return volatile.takeNonce(hash, now(), now() + windowMs);
    },
    report: ({ accessKeyId, address }, success) => lockout.report({ kind: 'key', name: accessKeyId, address }, success),
    lockedFor: ({ accessKeyId, address }) => lockout.lockedFor({ kind: 'key', name: accessKeyId, address }),
    throttle: ({ userId }) => throttle.take(String(userId)),
    decide: (principal, action) => decide(principal, action, () => directory.projects.map(({ id }) => id)),
    projects: () => store.projects(),
  };
}

async function findKey(parts: AccessParts, id: string): Promise<AccessKey | undefined> {
  if (!/^[\w.-]{1,128}$/.test(id)) return undefined;
  const { directory, store, usage, now } = parts;
  await directory.refresh();
  const found = await directory.cached(`key:${id}`, async () => {
    const session = await store.session(id);
    if (session !== null) return sessionKey(parts, session);
    const key = await store.key(id);
    return key === null ? null : permanentKey(parts, key);
  });
  if (found === null) return undefined;
  const { session } = found.key;
  if (session === null) usage.key(id);
  else if (session.expiresAt + endedKeptMs < now()) return undefined;
  return found.expiresAt !== null && found.expiresAt <= now() ? { ...found.key, active: false } : found.key;
}

/** `expiresAt` makes a key inactive; a temporary one shows its end by itself. */
interface FoundKey {
  readonly key: AccessKey;
  readonly expiresAt: number | null;
}

async function permanentKey({ directory, sealer }: AccessParts, row: KeyRow): Promise<FoundKey | null> {
  const member = await directory.member(row.userId);
  if (member === null) return null;
  const key = {
    id: row.id,
    secret: openKeySecret(sealer, row),
    active: !row.disabled && !member.user.disabled,
    principal: principalOf(member.user, member.grants, { accessKeyId: row.id }),
    session: null,
  };
  return { key, expiresAt: row.expiresAt };
}

async function sessionKey({ directory, sealer }: AccessParts, row: SessionRow): Promise<FoundKey | null> {
  const member = await directory.member(row.userId);
  if (member === null) return null;
  const { secret, token } = openSessionSecret(sealer, row);
  const key = {
    id: row.id,
    secret,
    active: !member.user.disabled,
    principal: principalOf(member.user, member.grants, { accessKeyId: row.id, session: row }),
    session: { token, expiresAt: row.expiresAt },
  };
  return { key, expiresAt: null };
}

async function byToken(
  { directory, store, usage, now }: AccessParts,
  token: string,
): ReturnType<AccessControl['byToken']> {
  if (token.length === 0 || token.length > longestToken) return undefined;
  await directory.refresh();
  // Not cached: signing out ends a token without a new revision.
  const row = await store.token(hashToken(token));
  if (row === null) return undefined;
  const member = await directory.member(row.userId);
  if (member === null || member.user.disabled) return undefined;
  if (row.kind === 'login' && row.epoch !== member.user.epoch) return undefined;
  if (row.expiresAt <= now()) return { expiredAt: row.expiresAt };
  if (row.kind === 'robot') usage.token(row.id);
  const session = { name: `${member.user.name}/${row.name ?? row.id}`, statements: row.statements };
  return {
    principal: principalOf(member.user, member.grants, row.kind === 'robot' ? { session } : {}),
    projectExtId: row.projectExtId,
    expiresAt: row.expiresAt,
  };
}
