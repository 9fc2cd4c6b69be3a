import { type Kysely, type Selectable, sql } from 'kysely';
import type { EventKindId, Message } from '../../../notify/index.ts';
import type { NotificationDelivery, NotificationStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { stillOwns } from '../work/fence.ts';
import { storableMessage } from '../work/scan-states.ts';
import type { NotificationTables } from './tables.ts';

type Row = Selectable<NotificationTables['notification_delivery']>;
type Deliveries = Pick<NotificationStore, 'due' | 'attempted' | 'deliveries' | 'replay' | 'tidy'>;

/** Rows that are removed in one statement. */
const batch = 1_000;

/** Messages to channels in SQL. */
export function deliveryStore(db: Db): Deliveries {
  return {
    async due(channelId, now, limit) {
      const rows = await db.kysely
        .selectFrom('notification_delivery')
        .select(['id', 'attempts', 'message'])
        .where('channel_id', '=', channelId)
        .where('state', '=', 'waiting')
        .where('next_at', '<=', now)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id, attempts, message }) => ({ id, attempts, message: JSON.parse(message) as Message }));
    },
    attempted: (fence, id, { state, httpStatus, failure, nextAt }, at) =>
      db.transaction(async (trx) => {
        if (!(await stillOwns(trx, db.dialect, fence))) return false;
        const changed = await trx
          .updateTable('notification_delivery')
          .set((eb) => ({
            state,
            attempts: eb('attempts', '+', 1),
            next_at: nextAt,
            http_status: httpStatus,
            code: failure?.code ?? null,
            reason: failure === null ? null : storableMessage(failure.message),
            finished_at: state === 'waiting' ? null : at,
          }))
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .executeTakeFirst();
        return changed.numUpdatedRows > 0n;
      }),
    async deliveries({ channelId, states, before, limit }) {
      const wanted = () => {
        let query = db.kysely.selectFrom('notification_delivery');
        if (channelId !== undefined) query = query.where('channel_id', '=', channelId);
        return states === undefined ? query : query.where('state', 'in', [...states]);
      };
      const count = await wanted()
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow();
      const behind = before === null ? wanted() : wanted().where('notification_delivery.id', '<', before);
      const rows = await behind
        .innerJoin('notification_channel', 'notification_channel.id', 'notification_delivery.channel_id')
        .selectAll('notification_delivery')
        .select('notification_channel.name')
        .orderBy('notification_delivery.id', 'desc')
        .limit(limit)
        .execute();
      return { rows: rows.map(shown), total: Number(count.n) };
    },
    replay: (id, at) =>
      db.transaction(async (trx) => {
        const changed = await trx
          .updateTable('notification_delivery')
          .set({ state: 'waiting', attempts: 0, next_at: at, finished_at: null, joins: 0 })
          .where('id', '=', id)
          .where('state', '=', 'dead')
          .executeTakeFirst();
        const row = await one(trx, id);
        if (row === null) return null;
        return changed.numUpdatedRows > 0n && row;
      }),
    async tidy({ deliveredBefore, deadBefore, noticesBefore, most }) {
      const { kysely } = db;
      await removeAll(kysely, sql`state = 'delivered' AND finished_at < ${deliveredBefore}`);
      await removeAll(kysely, sql`state = 'dead' AND finished_at < ${deadBefore}`);
      const channels = await kysely.selectFrom('notification_channel').select('id').execute();
      for (const { id } of channels) {
        const last = await kysely
          .selectFrom('notification_delivery')
          .select('id')
          .where('channel_id', '=', id)
          .where('state', '!=', 'waiting')
          .orderBy('id', 'desc')
          .offset(most)
          .limit(1)
          .executeTakeFirst();
        if (last !== undefined)
          await removeAll(kysely, sql`channel_id = ${id} AND state <> 'waiting' AND id <= ${last.id}`);
      }
      await kysely.deleteFrom('notice').where('at', '<', noticesBefore).execute();
    },
  };
}

async function removeAll(handle: Kysely<Tables>, which: ReturnType<typeof sql>): Promise<void> {
  for (;;) {
    const { numAffectedRows } = await sql`DELETE FROM notification_delivery WHERE id IN
      (SELECT id FROM notification_delivery WHERE ${which} LIMIT ${batch})`.execute(handle);
    if (Number(numAffectedRows ?? 0n) < batch) return;
  }
}

async function one(trx: Kysely<Tables>, id: number): Promise<NotificationDelivery | null> {
  const row = await trx
    .selectFrom('notification_delivery')
    .innerJoin('notification_channel', 'notification_channel.id', 'notification_delivery.channel_id')
    .selectAll('notification_delivery')
    .select('notification_channel.name')
    .where('notification_delivery.id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : shown(row);
}

function shown(row: Row & { readonly name: string }): NotificationDelivery {
  return {
    id: row.id,
    channelId: row.channel_id,
    channelName: row.name,
    event: row.event as EventKindId,
    eventId: row.event_id,
    title: row.title,
    severity: row.severity as NotificationDelivery['severity'],
    projectId: row.project_id,
    state: row.state,
    attempts: row.attempts,
    httpStatus: row.http_status,
    failure: row.code === null ? null : { code: row.code, message: row.reason ?? '' },
    nextAt: row.next_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}
