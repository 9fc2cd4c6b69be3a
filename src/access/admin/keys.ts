import type { AccessAdmin, KeyRecord } from '../admin-contract.ts';
import type { Actor } from '../contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessWriter, KeyRow } from '../ports.ts';
import { newAccessKeyId, newSecret, newSessionKeyId } from '../secrets/random-names.ts';
import { sealKeySecret, sealSessionSecret } from '../secrets/sealed-keys.ts';
import { makeSessionToken } from '../sign-in/session-token.ts';
import { checkEnd, checkStatements, checkTitle } from './checks.ts';
import type { AdminDeps } from './deps.ts';

type KeyAdmin = Pick<AccessAdmin, 'keys' | 'addKey' | 'rotateKey' | 'setKeyActive' | 'removeKey' | 'issueTemporaryKey'>;

const maxOverlapMs = 90 * 86_400_000;
const sessionMs = { shortest: 15 * 60_000, longest: 12 * 3_600_000 };

/** Access keys: pairs of id and secret, permanent or temporary. */
export function createKeyAdmin(deps: AdminDeps): KeyAdmin {
  const { store, now } = deps;
  return {
    async keys(userId) {
      return (await store.keys(userId)).map((row) => recordOf(row, now()));
    },
    addKey(actor, userId, expiresAt) {
      if (expiresAt !== null) checkEnd(expiresAt, now());
      return store.write(async (writer) => {
        if ((await writer.user(userId)) === null) return null;
        const made = await makeKey(deps, writer, userId, expiresAt);
        await auditKey(writer, actor, 'key.add', made.key.id, { userId, expiresAt });
        return made;
      });
    },
    rotateKey(actor, id, overlapMs) {
      if (!(overlapMs >= 0 && overlapMs <= maxOverlapMs)) throw invalid('The overlap is 0 to 90 days.', 'overlapMs');
      return store.write(async (writer) => {
        const old = await writer.key(id);
        if (old === null) return null;
        const end = now() + overlapMs;
        const expiresAt = old.expiresAt === null ? end : Math.min(end, old.expiresAt);
        const made = await makeKey(deps, writer, old.userId, old.expiresAt);
        await writer.updateKey(id, { expiresAt });
        await auditKey(writer, actor, 'key.rotate', id, { successor: made.key.id, expiresAt });
        return made;
      });
    },
    setKeyActive: (actor, id, active) =>
      store.write(async (writer) => {
        const row = await writer.key(id);
        if (row === null) return null;
        await writer.updateKey(id, { disabled: !active });
        await auditKey(writer, actor, active ? 'key.enable' : 'key.disable', id, {});
        return recordOf({ ...row, disabled: !active }, now());
      }),
    removeKey: (actor, id) =>
      store.write(async (writer) => {
        const removed = await writer.removeKey(id);
        if (removed) await auditKey(writer, actor, 'key.remove', id, {});
        return removed;
      }),
    issueTemporaryKey: (actor, userId, session) => issueTemporaryKey(deps, actor, userId, session),
  };
}

async function issueTemporaryKey(
  { store, sealer, now }: AdminDeps,
  actor: Actor,
  userId: number,
  session: Parameters<AccessAdmin['issueTemporaryKey']>[2],
): ReturnType<AccessAdmin['issueTemporaryKey']> {
  const name = checkTitle(session.name);
  const { durationMs } = session;
  if (!(durationMs >= sessionMs.shortest && durationMs <= sessionMs.longest)) {
    throw invalid('A temporary key lasts 15 minutes to 12 hours.', 'durationMs');
  }
  const statements = session.statements === null ? null : checkStatements(session.statements);
  return store.write(async (writer) => {
    const user = await writer.user(userId);
    if (user === null || user.disabled) return null;
    const id = newSessionKeyId();
    const secret = newSecret();
    const issuedAt = now();
    const expiresAt = issuedAt + Math.floor(durationMs);
    const token = makeSessionToken(sealer, { accessKeyId: id, expiresAt });
    const sealed = sealSessionSecret(sealer, id, { secret, token });
    await writer.addSession({ id, userId, name, secret: sealed, statements, issuedAt, expiresAt });
    await auditKey(writer, actor, 'key.issue-temporary', id, { userId, name, expiresAt, statements });
    return { accessKeyId: id, secret, token, expiresAt };
  });
}

async function makeKey(
  { sealer, now }: AdminDeps,
  writer: AccessWriter,
  userId: number,
  expiresAt: number | null,
): Promise<{ key: KeyRecord; secret: string }> {
  const id = newAccessKeyId();
  const secret = newSecret();
  const sealed = sealKeySecret(sealer, id, secret);
  const row = { id, userId, secret: sealed, disabled: false, createdAt: now(), expiresAt, lastUsedAt: null };
  await writer.addKey(row);
  return { key: recordOf(row, now()), secret };
}

function recordOf({ id, userId, disabled, createdAt, expiresAt, lastUsedAt }: KeyRow, now: number): KeyRecord {
  const active = !disabled && (expiresAt === null || expiresAt > now);
  return { id, userId, active, createdAt, expiresAt, lastUsedAt };
}

function auditKey(
  writer: AccessWriter,
  actor: Actor,
  action: string,
  id: string,
  detail: Record<string, unknown>,
): Promise<void> {
  return writer.audit({ actor, action, object: `key:${id}`, projectId: null, detail });
}

const invalid = (message: string, field: string): AccessError =>
  new AccessError('invalid_access_input', message, { field });
