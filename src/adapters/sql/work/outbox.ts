import { sql, type Transaction } from 'kysely';
import type { EventLog, OutboxEvent } from '../../../jobs/index.ts';
import type { Db, Tables } from '../index.ts';

/** An event that is to be told. */
export type NewEvent = Omit<OutboxEvent, 'id'>;

/** Any number that nothing else locks. */
const orderLock = 7_237_902_640;

/**
 * Writes events in the transaction of the change that they tell of; call it as the last thing of the transaction. On
 * PostgreSQL writers wait for each other from here to their commit, so that ids rise in the order of the commits and a
 * reader that has seen one id never misses a lower one.
 */
export async function appendEvents(
  trx: Transaction<Tables>,
  dialect: Db['dialect'],
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  if (dialect === 'postgres') await sql`SELECT pg_advisory_xact_lock(${orderLock})`.execute(trx);
  const rows = events.map(({ at, topic, projectId, payload }) => ({
    at,
    topic,
    project_id: projectId,
    payload: JSON.stringify(payload),
  }));
  await trx.insertInto('outbox').values(rows).execute();
}

/** The outbox as a log of events. */
export function createEventLog(db: Db): EventLog {
  return {
    async after(id, limit) {
      const rows = await db.kysely
        .selectFrom('outbox')
        .selectAll()
        .where('id', '>', id)
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id: number, at, topic, project_id, payload }) => ({
        id: number,
        at,
        topic,
        projectId: project_id,
        payload: JSON.parse(payload) as unknown,
      }));
    },
    async newest() {
      const row = await db.kysely.selectFrom('outbox').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
      return row?.id ?? 0;
    },
    async prune(before) {
      const old = db.kysely.selectFrom('outbox').select('id').where('at', '<', before).orderBy('id').limit(5_000);
      const result = await db.kysely.deleteFrom('outbox').where('id', 'in', old).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
