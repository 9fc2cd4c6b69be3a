import type { Kysely } from 'kysely';
import type { AccessReader, PolicyStatement } from '../../../access/index.ts';
import type { Tables } from '../tables.ts';
import { grantsOf, keyOf, projectOf, scopeOf, sessionOf, tokenOf, userOf } from './rows.ts';

/** Queries of the access store, on the store itself or inside of a transaction. */
export function createAccessReader(db: Kysely<Tables>): AccessReader {
  const users = db.selectFrom('app_user').selectAll();
  const keys = db.selectFrom('access_key').selectAll();
  const tokens = db.selectFrom('token').selectAll();
  return {
    users: async () => (await users.orderBy('id').execute()).map(userOf),
    user: async (id) => orNull(await users.where('id', '=', id).executeTakeFirst(), userOf),
    userByName: async (name) => orNull(await users.where('name', '=', name).executeTakeFirst(), userOf),
    async grants(userId) {
      const rows = await db
        .selectFrom('user_grant')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('policy')
        .orderBy('project_id')
        .execute();
      return grantsOf(rows);
    },
    async holders(policy) {
      const rows = await db.selectFrom('user_grant').selectAll().where('policy', '=', policy).execute();
      const byUser = Map.groupBy(rows, (row) => row.user_id);
      return [...byUser].map(([userId, own]) => ({ userId, projects: scopeOf(own.map((row) => row.project_id)) }));
    },
    async policies() {
      const rows = await db.selectFrom('policy').select(['name', 'statements']).orderBy('name').execute();
      return rows.map(({ name, statements }) => ({ name, statements: JSON.parse(statements) as PolicyStatement[] }));
    },
    projects: async () => (await db.selectFrom('project').selectAll().orderBy('id').execute()).map(projectOf),
    key: async (id) => orNull(await keys.where('id', '=', id).executeTakeFirst(), keyOf),
    keys: async (userId) =>
      (await keys.where('user_id', '=', userId).orderBy('created_at').orderBy('id').execute()).map(keyOf),
    token: async (hash) => orNull(await tokens.where('hash', '=', hash).executeTakeFirst(), tokenOf),
    async robotTokens(userId) {
      const rows = await tokens.where('user_id', '=', userId).where('kind', '=', 'robot').orderBy('id').execute();
      return rows.map(tokenOf);
    },
    session: async (id) =>
      orNull(await db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst(), sessionOf),
    async setting(key) {
      const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.value) as unknown);
    },
  };
}

function orNull<R, T>(row: R | undefined, map: (row: R) => T): T | null {
  return row === undefined ? null : map(row);
}
