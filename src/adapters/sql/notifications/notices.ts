import { type RawBuilder, sql } from 'kysely';
import type { NotificationStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import { inLists } from '../findings/chunks.ts';
import { appendEvents } from '../work/outbox.ts';

type Notices = Pick<NotificationStore, 'tell' | 'endingDecisions' | 'endingKeys'>;

/** Vulnerabilities of a decision that are named. */
const mostNamed = 20;

/** What people are told ahead of time, each once. */
export function noticeStore(db: Db): Notices {
  return {
    tell: (notices, at) =>
      db.transaction(async (trx) => {
        const fresh: (typeof notices)[number][] = [];
        for (const notice of notices) {
          const added = await trx
            .insertInto('notice')
            .values({ key: notice.key, at })
            .onConflict((conflict) => conflict.column('key').doNothing())
            .executeTakeFirst();
          if ((added.numInsertedOrUpdatedRows ?? 0n) > 0n) fresh.push(notice);
        }
        await appendEvents(
          trx,
          db.dialect,
          fresh.map(({ event }) => event),
        );
        return fresh.length;
      }),
    async endingDecisions(from, to, limit) {
      const rows = await db.kysely
        .selectFrom('rule')
        .select(['id', 'project_id', 'expires_at', 'reason'])
        .where('ended_at', 'is', null)
        .where('expires_at', '>', from)
        .where('expires_at', '<=', to)
        .where(untold(sql`'decision:' || rule.id || ':' || rule.expires_at`))
        .orderBy('expires_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      const named = new Map<number, string[]>();
      for (const chunk of inLists(new Set(rows.map(({ id }) => id)))) {
        const targets = await db.kysely
          .selectFrom('rule_target')
          .select(['rule_id', 'value'])
          .where('rule_id', 'in', chunk)
          .where('part', '=', 'vulnerability')
          .orderBy('value')
          .execute();
        for (const { rule_id, value } of targets) named.set(rule_id, [...(named.get(rule_id) ?? []), value]);
      }
      return rows.map(({ id, project_id, expires_at, reason }) => ({
        ...{ id, projectId: project_id, expiresAt: expires_at ?? 0, reason },
        vulnerabilities: (named.get(id) ?? []).slice(0, mostNamed),
      }));
    },
    async endingKeys(from, to, limit) {
      const keys = await db.kysely
        .selectFrom('access_key')
        .innerJoin('app_user', 'app_user.id', 'access_key.user_id')
        .select(['access_key.id', 'access_key.expires_at', 'app_user.name as user'])
        .where('access_key.disabled', '=', 0)
        .where('access_key.expires_at', '>', from)
        .where('access_key.expires_at', '<=', to)
        .where(untold(sql`'key:' || access_key.id || ':' || access_key.expires_at`))
        .orderBy('access_key.id')
        .limit(limit)
        .execute();
      const tokens = await db.kysely
        .selectFrom('token')
        .innerJoin('app_user', 'app_user.id', 'token.user_id')
        .select(['token.id', 'token.name', 'token.expires_at', 'app_user.name as user'])
        .where('token.kind', '=', 'robot')
        .where('token.expires_at', '>', from)
        .where('token.expires_at', '<=', to)
        .where(untold(sql`'token:' || token.id || ':' || token.expires_at`))
        .orderBy('token.id')
        .limit(limit)
        .execute();
      return [
        ...keys.map((row) => ({
          kind: 'key' as const,
          id: row.id,
          user: row.user,
          name: null,
          expiresAt: row.expires_at ?? 0,
        })),
        ...tokens.map((row) => ({
          ...{ kind: 'token' as const, id: String(row.id), user: row.user, name: row.name, expiresAt: row.expires_at },
        })),
      ];
    },
  };
}

/** What nobody was told of: the key is that of its notice. */
function untold(key: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`NOT EXISTS (SELECT 1 FROM notice WHERE notice.key = ${key})`;
}
