import type { Kysely } from 'kysely';
import { type AccessWriter, type Project, pendingAudit } from '../../../access/index.ts';
import type { Tables } from '../tables.ts';
import { appendAudit } from './audit.ts';
import { createAccessReader } from './reader.ts';
import { allProjects, keyColumns, projectOf, tokenColumns, tokenOf, userColumns, userOf } from './rows.ts';

/** Changes of one transaction. */
export function createAccessWriter(trx: Kysely<Tables>): AccessWriter {
  return {
    ...createAccessReader(trx),
    ...userWriter(trx),
    ...projectWriter(trx),
    ...keyWriter(trx),
    async putPolicy({ name, statements }, now) {
      const json = JSON.stringify(statements);
      await trx
        .insertInto('policy')
        .values({ name, statements: json, created_at: now, updated_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ statements: json, updated_at: now }))
        .execute();
    },
    removePolicy: async (name) => some(await trx.deleteFrom('policy').where('name', '=', name).executeTakeFirst()),
    async setSetting(key, value) {
      const json = JSON.stringify(value);
      await trx
        .insertInto('setting')
        .values({ key, value: json })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value: json }))
        .execute();
    },
    audit: (entry) => appendAudit(trx, [pendingAudit(entry, Date.now())]),
  };
}

type UserWriter = Pick<AccessWriter, 'addUser' | 'updateUser' | 'removeUser' | 'setGrants'>;

function userWriter(trx: Kysely<Tables>): UserWriter {
  return {
    async addUser(user) {
      return userOf(
        await trx.insertInto('app_user').values(userColumns(user)).returningAll().executeTakeFirstOrThrow(),
      );
    },
    async updateUser(user) {
      await trx.updateTable('app_user').set(userColumns(user)).where('id', '=', user.id).execute();
    },
    async removeUser(id) {
      for (const table of ['user_grant', 'access_key', 'token', 'session'] as const) {
        await trx.deleteFrom(table).where('user_id', '=', id).execute();
      }
      await trx.deleteFrom('app_user').where('id', '=', id).execute();
    },
    async setGrants(userId, grants) {
      await trx.deleteFrom('user_grant').where('user_id', '=', userId).execute();
      const rows = grants.flatMap(({ policy, projects }) =>
        (projects === 'all' ? [allProjects] : [...new Set(projects)]).map((project_id) => ({
          user_id: userId,
          policy,
          project_id,
        })),
      );
      if (rows.length > 0) await trx.insertInto('user_grant').values(rows).execute();
    },
  };
}

type ProjectWriter = Pick<AccessWriter, 'addProject' | 'renameProject' | 'removeProject'>;

function projectWriter(trx: Kysely<Tables>): ProjectWriter {
  return {
    async addProject({ name, extId }, now): Promise<Project> {
      const values = { name, ext_id: extId, created_at: now };
      return projectOf(await trx.insertInto('project').values(values).returningAll().executeTakeFirstOrThrow());
    },
    async renameProject(id, name) {
      const row = await trx.updateTable('project').set({ name }).where('id', '=', id).returningAll().executeTakeFirst();
      return row === undefined ? null : projectOf(row);
    },
    async removeProject(id) {
      // Whoever had rights only there has none any more.
      await trx.deleteFrom('user_grant').where('project_id', '=', id).execute();
      return some(await trx.deleteFrom('project').where('id', '=', id).executeTakeFirst());
    },
  };
}

type KeyWriter = Pick<AccessWriter, 'addKey' | 'updateKey' | 'removeKey' | 'addToken' | 'removeToken' | 'addSession'>;

function keyWriter(trx: Kysely<Tables>): KeyWriter {
  return {
    async addKey(key) {
      await trx.insertInto('access_key').values(keyColumns(key)).execute();
    },
    async updateKey(id, { disabled, expiresAt }) {
      const change = {
        ...(disabled === undefined ? {} : { disabled: disabled ? 1 : 0 }),
        ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
      };
      if (Object.keys(change).length > 0)
        await trx.updateTable('access_key').set(change).where('id', '=', id).execute();
    },
    removeKey: async (id) => some(await trx.deleteFrom('access_key').where('id', '=', id).executeTakeFirst()),
    async addToken(token) {
      return tokenOf(
        await trx.insertInto('token').values(tokenColumns(token)).returningAll().executeTakeFirstOrThrow(),
      );
    },
    removeToken: async (id) => some(await trx.deleteFrom('token').where('id', '=', id).executeTakeFirst()),
    async addSession({ id, userId, name, secret, statements, issuedAt, expiresAt }) {
      const json = statements === null ? null : JSON.stringify(statements);
      const times = { issued_at: issuedAt, expires_at: expiresAt };
      await trx
        .insertInto('session')
        .values({ id, user_id: userId, name, secret, statements: json, ...times })
        .execute();
    },
  };
}

const some = (result: { numDeletedRows: bigint } | undefined): boolean => (result?.numDeletedRows ?? 0n) > 0n;
