import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { FixJournal, FixRecord, OwnResult } from '../../../fix/index.ts';
import type { Digest } from '../../../image/index.ts';
import { type Fence, JobError } from '../../../jobs/index.ts';
import { digestBytes, digestText } from '../digest-bytes.ts';
import type { Db, Tables } from '../index.ts';
import { stillOwns } from './fence.ts';

/** What a journal tells while a fix runs. */
export interface JournalOptions {
  readonly db: Db;
  /** The job on whose behalf everything is written. */
  readonly fence: Fence;
  /** Whether the job is still owned and its lease has not run out. */
  readonly held: () => Promise<boolean>;
  /** Called in the transaction of every record, to keep the task in step. */
  readonly written: (trx: Transaction<Tables>, record: FixRecord) => Promise<void>;
}

const waitMs = 500;
const keepEndedMs = 30 * 86_400_000;

/**
 * The fix journal in the store, for jobs: rights to a tag are bound to the lease of a job, so a worker that lost its job
 * has lost the tag as well, on whichever machine it wakes up.
 */
export function createSqlJournal({ db, fence, held, written }: JournalOptions): FixJournal {
  const fenced = async (work: (trx: Transaction<Tables>) => Promise<void>): Promise<void> => {
    const done = await db.transaction(async (trx) => {
      if (!(await stillOwns(trx, db.dialect, fence))) return false;
      await work(trx);
      return true;
    });
    if (!done) throw new JobError('worker_lost', 'the lease of the job was lost', { retryable: true });
  };
  return {
    async lease(target, signal) {
      while (!(await takeTag(db, target, fence))) await sleep(waitMs, undefined, { signal });
      return {
        held: async () => (await held()) && (await ownsTag(db, target, fence)),
        async [Symbol.asyncDispose]() {
          await tagRows(db, target).where('job_id', '=', fence.jobId).where('fence', '=', fence.fence).execute();
        },
      };
    },
    async read(key) {
      const row = await db.kysely
        .selectFrom('fix_journal')
        .select('record')
        .where('entry', '=', key)
        .executeTakeFirst();
      const record = row && (JSON.parse(row.record) as FixRecord);
      return record?.schema === 1 ? record : undefined;
    },
    write: (record) =>
      fenced(async (trx) => {
        const values = {
          task_id: record.id,
          repository: record.target.repository,
          tag: record.target.tag,
          terminal: record.terminal ? 1 : 0,
          record: JSON.stringify(record),
          updated_at: Date.now(),
        };
        await trx
          .insertInto('fix_journal')
          .values({ entry: record.key, ...values })
          .onConflict((conflict) => conflict.column('entry').doUpdateSet(values))
          .execute();
        await written(trx, record);
      }),
    async abandoned() {
      await db.kysely
        .deleteFrom('fix_journal')
        .where('terminal', '=', 1)
        .where('updated_at', '<', Date.now() - keepEndedMs)
        .execute();
      // Unfinished records whose task has ended: nobody will continue them.
      const rows = await db.kysely
        .selectFrom('fix_journal')
        .leftJoin('fix_task', 'fix_task.id', 'fix_journal.task_id')
        .select('fix_journal.record')
        .where('fix_journal.terminal', '=', 0)
        .where((eb) => eb.or([eb('fix_task.status', 'is', null), eb('fix_task.status', '!=', 'running')]))
        .limit(100)
        .execute();
      return rows.map(({ record }) => JSON.parse(record) as FixRecord);
    },
    async remove(key) {
      await db.kysely.deleteFrom('fix_journal').where('entry', '=', key).execute();
    },
    addOwnResult: (result) =>
      fenced(async (trx) => {
        const values = { layer: digestBytes(result.layer), origin: digestBytes(result.origin) };
        await trx
          .insertInto('fix_result')
          .values({ manifest: digestBytes(result.manifest), ...values })
          .onConflict((conflict) => conflict.column('manifest').doUpdateSet(values))
          .execute();
      }),
    ownResult: (manifest) => ownResultOf(db, manifest),
  };
}

/** What a fix of this installation made as this manifest. */
export async function ownResultOf(db: Db, manifest: Digest): Promise<OwnResult | undefined> {
  const row = await db.kysely
    .selectFrom('fix_result')
    .selectAll()
    .where('manifest', '=', digestBytes(manifest))
    .executeTakeFirst();
  return row && { manifest, layer: digestText(row.layer), origin: digestText(row.origin) };
}

/** Takes the right to a tag when nobody has it, or when whoever has it has lost its job. */
async function takeTag(db: Db, target: { repository: string; tag: string }, fence: Fence): Promise<boolean> {
  const own = { job_id: fence.jobId, fence: fence.fence };
  return await db.transaction(async (trx) => {
    const inserted = await trx
      .insertInto('fix_lease')
      .values({ repository: target.repository, tag: target.tag, ...own })
      .onConflict((conflict) => conflict.doNothing())
      .returning('fence')
      .executeTakeFirst();
    if (inserted) return true;
    const query = trx
      .selectFrom('fix_lease')
      .selectAll()
      .where('repository', '=', target.repository)
      .where('tag', '=', target.tag);
    const row = await (db.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
    const stranger = row && (row.job_id !== fence.jobId || row.fence > fence.fence);
    if (stranger && (await stillOwns(trx, db.dialect, { jobId: row.job_id, fence: row.fence }))) return false;
    await trx
      .updateTable('fix_lease')
      .set(own)
      .where('repository', '=', target.repository)
      .where('tag', '=', target.tag)
      .execute();
    return true;
  });
}

async function ownsTag(db: Db, target: { repository: string; tag: string }, fence: Fence): Promise<boolean> {
  const row = await db.kysely
    .selectFrom('fix_lease')
    .select('fence')
    .where('repository', '=', target.repository)
    .where('tag', '=', target.tag)
    .where('job_id', '=', fence.jobId)
    .where('fence', '=', fence.fence)
    .executeTakeFirst();
  return row !== undefined;
}

function tagRows(db: Db, target: { repository: string; tag: string }) {
  return db.kysely.deleteFrom('fix_lease').where('repository', '=', target.repository).where('tag', '=', target.tag);
}
