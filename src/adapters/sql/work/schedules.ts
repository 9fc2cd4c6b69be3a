import type { Selectable } from 'kysely';
import type { Schedule, ScheduleStore } from '../../../jobs/index.ts';
import type { EnqueueIn } from '../../queue/contract.ts';
import type { Db } from '../index.ts';
import type { ScheduleTable } from './tables.ts';

/** Schedules in the store; firing one and queueing its job are one transaction. */
export function createScheduleStore(db: Db, enqueueIn: EnqueueIn): ScheduleStore {
  return {
    async put(schedule, nextAt) {
      const values = {
        kind: schedule.kind,
        cron: schedule.cron,
        zone: schedule.zone ?? 'UTC',
        jitter_ms: schedule.jitterMs ?? 0,
        payload: JSON.stringify(schedule.payload ?? null),
        enabled: schedule.enabled === false ? 0 : 1,
      };
      return await db.transaction(async (trx) => {
        const known = await trx.selectFrom('schedule').selectAll().where('name', '=', schedule.name).executeTakeFirst();
        // The same expression keeps its moment: putting a schedule at every start must not put it off for ever.
        const same = known?.cron === values.cron && known.zone === values.zone && known.enabled === values.enabled;
        const planned = same ? known.next_at : nextAt;
        const row = await trx
          .insertInto('schedule')
          .values({ name: schedule.name, ...values, next_at: nextAt, last_slot: null, last_at: null })
          .onConflict((conflict) => conflict.column('name').doUpdateSet({ ...values, next_at: planned }))
          .returningAll()
          .executeTakeFirstOrThrow();
        return scheduleOf(row);
      });
    },
    async remove(name) {
      const result = await db.kysely.deleteFrom('schedule').where('name', '=', name).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async get(name) {
      const row = await db.kysely.selectFrom('schedule').selectAll().where('name', '=', name).executeTakeFirst();
      return row ? scheduleOf(row) : null;
    },
    async list() {
      const rows = await db.kysely.selectFrom('schedule').selectAll().orderBy('id').execute();
      return rows.map(scheduleOf);
    },
    async fire(schedule, next, job) {
      return await db.transaction(async (trx) => {
        const moved = await trx
          .updateTable('schedule')
          .set({ next_at: next.nextAt, last_slot: next.lastSlot, last_at: next.lastAt })
          .where('id', '=', schedule.id)
          .where('cron', '=', schedule.cron)
          .where('enabled', '=', 1)
          .where('next_at', schedule.nextAt === null ? 'is' : '=', schedule.nextAt)
          .where('last_at', schedule.lastAt === null ? 'is' : '=', schedule.lastAt)
          .executeTakeFirst();
        if (moved.numUpdatedRows === 0n) return false;
        if (job !== null) await enqueueIn(trx, [job]);
        return true;
      });
    },
  };
}

function scheduleOf(row: Selectable<ScheduleTable>): Schedule {
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    cron: row.cron,
    zone: row.zone,
    jitterMs: row.jitter_ms,
    payload: JSON.parse(row.payload) as unknown,
    enabled: row.enabled === 1,
    nextAt: row.next_at,
    lastSlot: row.last_slot,
    lastAt: row.last_at,
  };
}
