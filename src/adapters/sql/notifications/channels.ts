import { type Kysely, type Selectable, sql } from 'kysely';
import type { ChannelRecord, ChannelSummary, NewChannelRecord, NotificationStore } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import type { NotificationTables } from './tables.ts';

type Trx = Kysely<Tables>;
type Row = Selectable<NotificationTables['notification_channel']>;

type Channels = Pick<
  NotificationStore,
  'insertChannel' | 'updateChannel' | 'removeChannel' | 'channel' | 'channels' | 'enabledChannels' | 'pause'
>;

/** Channels in SQL. */
export function channelStore(db: Db): Channels {
  return {
    insertChannel: (channel, at) =>
      db.transaction(async (trx) => {
        if (await isTaken(trx, channel.name, 0)) return null;
        const row = { ...columnsOf(channel), from_event: await newestEvent(trx), paused_until: null };
        const stored = await trx
          .insertInto('notification_channel')
          .values({ ...(row as Omit<Row, 'id' | 'created_at' | 'updated_at'>), created_at: at, updated_at: at })
          .returningAll()
          .executeTakeFirstOrThrow();
        return recordOf(stored);
      }),
    updateChannel: (id, change, at) =>
      db.transaction(async (trx) => {
        const before = await trx.selectFrom('notification_channel').selectAll().where('id', '=', id).executeTakeFirst();
        if (before === undefined) return null;
        if (change.name !== undefined && (await isTaken(trx, change.name, id))) return 'name_taken';
        const restarts = change.enabled === true && before.enabled === 0;
        const stored = await trx
          .updateTable('notification_channel')
          .set({
            ...columnsOf(change),
            ...(restarts && { from_event: await newestEvent(trx) }),
            // Whoever changes a channel wants to see what comes of it.
            paused_until: null,
            updated_at: at,
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirstOrThrow();
        return recordOf(stored);
      }),
    removeChannel: (id) =>
      db.transaction(async (trx) => {
        await trx.deleteFrom('notification_delivery').where('channel_id', '=', id).execute();
        const gone = await trx.deleteFrom('notification_channel').where('id', '=', id).executeTakeFirst();
        return gone.numDeletedRows > 0n;
      }),
    async channel(id) {
      const [row] = await summaries(db.kysely).where('notification_channel.id', '=', id).execute();
      return row === undefined ? null : summaryOf(row);
    },
    async channels(after, limit) {
      const [rows, count] = await Promise.all([
        summaries(db.kysely).where('notification_channel.id', '>', after).limit(limit).execute(),
        db.kysely
          .selectFrom('notification_channel')
          .select((eb) => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow(),
      ]);
      return { rows: rows.map(summaryOf), total: Number(count.n) };
    },
    async enabledChannels() {
      const open = db.kysely.selectFrom('notification_channel').selectAll().where('enabled', '=', 1);
      return (await open.orderBy('id').execute()).map(recordOf);
    },
    async pause(channelId, until) {
      await db.kysely
        .updateTable('notification_channel')
        .set({ paused_until: until })
        .where('id', '=', channelId)
        .execute();
    },
  };
}

/** Id of the newest event; 0 = there is none. */
async function newestEvent(trx: Trx): Promise<number> {
  const row = await trx.selectFrom('outbox').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? 0;
}

async function isTaken(trx: Trx, name: string, own: number): Promise<boolean> {
  const other = trx.selectFrom('notification_channel').select('id').where('name', '=', name).where('id', '!=', own);
  return (await other.executeTakeFirst()) !== undefined;
}

function summaries(handle: Trx) {
  const of = (state: string) =>
    sql<number>`(SELECT COUNT(*) FROM notification_delivery d WHERE d.channel_id = notification_channel.id AND d.state = ${state})`;
  return handle
    .selectFrom('notification_channel')
    .selectAll()
    .select([
      of('waiting').as('waiting'),
      of('dead').as('dead'),
      sql<number | null>`(SELECT MAX(finished_at) FROM notification_delivery d
        WHERE d.channel_id = notification_channel.id AND d.state = 'delivered')`.as('last_delivered_at'),
    ])
    .orderBy('notification_channel.id');
}

function columnsOf(channel: Partial<NewChannelRecord>): Partial<Row> {
  const { name, enabled, target, sealed, events, minSeverity, projects, repositories, quietHours } = channel;
  const columns = {
    name,
    enabled: enabled === undefined ? undefined : enabled ? 1 : 0,
    target: target && JSON.stringify(target),
    sealed,
    events: events && JSON.stringify(events),
    min_severity: minSeverity,
    projects: projects && JSON.stringify(projects),
    repositories: repositories && JSON.stringify(repositories),
    quiet_hours: quietHours && JSON.stringify(quietHours),
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}

function recordOf(row: Row): ChannelRecord {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled === 1,
    target: JSON.parse(row.target),
    sealed: row.sealed,
    events: JSON.parse(row.events),
    minSeverity: row.min_severity as ChannelRecord['minSeverity'],
    projects: row.projects === null ? null : JSON.parse(row.projects),
    repositories: JSON.parse(row.repositories),
    quietHours: row.quiet_hours === null ? null : JSON.parse(row.quiet_hours),
    fromEvent: row.from_event,
    pausedUntil: row.paused_until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function summaryOf(
  row: Row & { readonly waiting: number; readonly dead: number; readonly last_delivered_at: number | null },
): ChannelSummary {
  const { waiting, dead, last_delivered_at: last } = row;
  const lastDeliveredAt = last === null ? null : Number(last);
  return { ...recordOf(row), waiting: Number(waiting), dead: Number(dead), lastDeliveredAt };
}
