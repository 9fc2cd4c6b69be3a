import type { AccessAdmin, GrantRecord, UserRecord } from '../admin-contract.ts';
import { AccessError } from '../errors.ts';
import type { AccessReader, AccessWriter, UserRow } from '../ports.ts';
import { findPolicies } from '../principals.ts';
import { hashPassword } from '../secrets/passwords.ts';
import { newHexId } from '../secrets/random-names.ts';
import { checkOwnerLeft, checkPassword, checkUserName } from './checks.ts';
import type { AdminDeps } from './deps.ts';

type UserAdmin = Pick<AccessAdmin, 'users' | 'addUser' | 'updateUser' | 'removeUser' | 'setGrants'>;

/** Users and their grants. */
export function createUserAdmin({ store, now }: AdminDeps): UserAdmin {
  return {
    async users() {
      const rows = await store.users();
      return Promise.all(rows.map((row) => recordOf(store, row)));
    },
    async addUser(actor, { name, password }) {
      checkUserName(name);
      const hash = password === null ? null : await hashPassword(checkPassword(password));
      return store.write(async (writer) => {
        if ((await writer.userByName(name)) !== null) {
          throw new AccessError('access_name_taken', 'There is a user of this name.', { field: 'name' });
        }
        const at = now();
        const fresh = {
          name,
          extId: newHexId(),
          password: hash,
          disabled: false,
          epoch: 1,
          createdAt: at,
          updatedAt: at,
        };
        const user = await writer.addUser(fresh);
        const detail = { name, hasPassword: hash !== null };
        await writer.audit({ actor, action: 'user.add', object: `user:${user.id}`, projectId: null, detail });
        return recordOf(writer, user);
      });
    },
    async updateUser(actor, id, change) {
      const password =
        typeof change.password === 'string' ? await hashPassword(checkPassword(change.password)) : change.password;
      return store.write(async (writer) => {
        const before = await writer.user(id);
        if (before === null) return null;
        const after = {
          ...before,
          password: password === undefined ? before.password : password,
          disabled: change.disabled ?? before.disabled,
          epoch: before.epoch + 1,
          updatedAt: now(),
        };
        await writer.updateUser(after);
        if (after.disabled) await checkOwnerLeft(writer);
        const detail = {
          passwordChanged: password !== undefined,
          disabled: { before: before.disabled, after: after.disabled },
        };
        await writer.audit({ actor, action: 'user.update', object: `user:${id}`, projectId: null, detail });
        return recordOf(writer, after);
      });
    },
    removeUser: (actor, id) =>
      store.write(async (writer) => {
        const user = await writer.user(id);
        if (user === null) return false;
        await writer.removeUser(id);
        await checkOwnerLeft(writer);
        const detail = { name: user.name };
        await writer.audit({ actor, action: 'user.remove', object: `user:${id}`, projectId: null, detail });
        return true;
      }),
    setGrants: (actor, userId, grants) =>
      store.write(async (writer) => {
        const user = await writer.user(userId);
        if (user === null) return null;
        await checkGrants(writer, grants);
        const before = await writer.grants(userId);
        await writer.setGrants(userId, grants);
        const after = { ...user, epoch: user.epoch + 1, updatedAt: now() };
        await writer.updateUser(after);
        await checkOwnerLeft(writer);
        const detail = { before, after: grants };
        await writer.audit({ actor, action: 'grant.set', object: `user:${userId}`, projectId: null, detail });
        return recordOf(writer, after);
      }),
  };
}

async function recordOf(reader: AccessReader, user: UserRow): Promise<UserRecord> {
  const { id, name, password, disabled, createdAt, updatedAt } = user;
  const grants = await reader.grants(id);
  return { id, name, hasPassword: password !== null, disabled, grants, createdAt, updatedAt };
}

async function checkGrants(writer: AccessWriter, grants: readonly GrantRecord[]): Promise<void> {
  const policies = await findPolicies(writer);
  const projects = new Set((await writer.projects()).map(({ id }) => id));
  const names = new Set<string>();
  for (const grant of grants) {
    const refuse = (message: string): never => {
      throw new AccessError('invalid_access_input', message, { field: 'grants' });
    };
    if (!policies.has(grant.policy)) refuse(`There is no policy ${JSON.stringify(grant.policy.slice(0, 128))}.`);
    if (names.has(grant.policy)) refuse(`The policy ${grant.policy} is named twice.`);
    names.add(grant.policy);
    if (grant.projects === 'all') continue;
    if (grant.projects.length === 0) refuse(`The policy ${grant.policy} is given for no project.`);
    const strange = grant.projects.find((id) => !projects.has(id));
    if (strange !== undefined) refuse(`There is no project ${strange}.`);
  }
}
