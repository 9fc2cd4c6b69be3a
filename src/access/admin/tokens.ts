import type { AccessAdmin, TokenRecord } from '../admin-contract.ts';
import type { TokenRow } from '../ports.ts';
import { hashToken, newToken } from '../secrets/random-names.ts';
import { checkEnd, checkStatements, checkTitle } from './checks.ts';
import type { AdminDeps } from './deps.ts';

type TokenAdmin = Pick<AccessAdmin, 'tokens' | 'addToken' | 'removeToken' | 'signOut'>;

/** Robot tokens, and the end of sign-ins. */
export function createTokenAdmin({ store, now }: AdminDeps): TokenAdmin {
  return {
    async tokens(userId) {
      return (await store.robotTokens(userId)).map(recordOf);
    },
    addToken(actor, userId, { name, statements, expiresAt }) {
      checkTitle(name);
      checkEnd(expiresAt, now());
      const checked = statements === null ? null : checkStatements(statements);
      return store.write(async (writer) => {
        const user = await writer.user(userId);
        if (user === null) return null;
        const secret = newToken('robot');
        const row = await writer.addToken({
          hash: hashToken(secret),
          kind: 'robot',
          userId,
          epoch: user.epoch,
          name,
          projectExtId: null,
          statements: checked,
          issuedAt: now(),
          expiresAt,
          lastUsedAt: null,
        });
        const detail = { userId, name, statements: checked, expiresAt };
        await writer.audit({ actor, action: 'robot.add', object: `robot:${row.id}`, projectId: null, detail });
        return { token: recordOf(row), secret };
      });
    },
    removeToken: (actor, userId, id) =>
      store.write(async (writer) => {
        const mine = (await writer.robotTokens(userId)).some((row) => row.id === id);
        if (!mine || !(await writer.removeToken(id))) return false;
        await writer.audit({
          actor,
          action: 'robot.remove',
          object: `robot:${id}`,
          projectId: null,
          detail: { userId },
        });
        return true;
      }),
    async signOut(actor, token) {
      const object = `user:${actor.userId ?? 0}`;
      const entry = { actor, action: 'session.end', object, projectId: null, detail: {} };
      await store.removeTokenByHash(hashToken(token), entry);
    },
  };
}

function recordOf({ id, userId, name, statements, issuedAt, expiresAt, lastUsedAt }: TokenRow): TokenRecord {
  return { id, userId, name, policy: statements, issuedAt, expiresAt, lastUsedAt };
}
