import { randomUUID } from 'node:crypto';
import type { Transaction, Updateable } from 'kysely';
import { backoffMs, type Job, type JobState, type NewJob } from '../../jobs/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Db, Tables } from '../sql/index.ts';
import type { JobTable } from '../sql/work/tables.ts';
import type { Delivery, EnqueueIn, JobObserver } from './contract.ts';
import { type JobRow, jobOf } from './job-row.ts';
import type { LeaseClock } from './lease-clock.ts';

const defaultAttempts = 5;

/** What the state machine of jobs works with. */
export interface QueueParts {
  readonly db: Db;
  readonly delivery: Delivery;
  readonly leases: LeaseClock;
  readonly clock: Clock;
  readonly observers: readonly JobObserver[];
  /** A number in [0, 1), for pauses. */
  readonly random: () => number;
}

/**
 * The arrows between the states of a job, each within a transaction of the caller: the row, what delivers it and what
 * observes it change together or not at all.
 */
export class Transitions {
  readonly #parts: QueueParts;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /** Stores jobs; those whose key is taken are answered with the job that has it, which stays locked. */
  readonly enqueue: EnqueueIn = async (trx, jobs) => {
    const results: { job: Job; created: boolean }[] = [];
    // A job that ends between two looks makes its key free again: then the next look inserts.
    const open = new Map(jobs.map((job, index) => [index, job]));
    for (let round = 0; open.size > 0; round++) {
      if (round > 10) throw new Error('jobs with one key end faster than they can be looked up');
      const taken = await this.#taken(trx, [...open.values()]);
      const fresh: { index: number; job: NewJob }[] = [];
      for (const [index, job] of open) {
        const existing = job.dedupeKey === undefined ? undefined : taken.get(keyOf(job.kind, job.dedupeKey));
        if (!existing) {
          fresh.push({ index, job });
          continue;
        }
        results[index] = { job: jobOf(existing), created: false };
        open.delete(index);
      }
      for (const { index, row } of await this.#insert(trx, fresh)) {
        results[index] = { job: jobOf(row), created: true };
        open.delete(index);
      }
    }
    return results;
  };

  /** Gives a queued job to a worker. */
  async claim(
    trx: Transaction<Tables>,
    id: string,
    worker: string,
    leaseMs: number,
    leaseNow: number,
  ): Promise<JobRow | null> {
    const row = await this.#lock(trx, id);
    if (row?.state !== 'queued') return null;
    return this.#write(trx, row, 'running', {
      attempts: row.attempts + 1,
      fence: row.fence + 1,
      lease_owner: worker,
      lease_until: leaseNow + leaseMs,
      lease_epoch: this.#parts.leases.epoch,
      cancel: 0,
      progress: null,
      started_at: row.started_at ?? this.#now(),
    });
  }

  /** Takes running jobs away from workers whose lease has run out. */
  async reap(trx: Transaction<Tables>, leaseNow: number): Promise<void> {
    const { leases, db } = this.#parts;
    let expired = trx
      .selectFrom('job')
      .selectAll()
      .where('state', '=', 'running')
      .where((eb) => eb.or([eb('lease_until', '<', leaseNow), eb('lease_epoch', '!=', leases.epoch)]))
      .orderBy('seq')
      .limit(100);
    if (db.dialect === 'postgres') expired = expired.forUpdate().skipLocked();
    for (const row of await expired.execute()) {
      const failure = { code: 'worker_lost', message: 'the worker that had the job is gone' };
      if (row.cancel === 1) await this.end(trx, row, 'cancelled', null);
      else if (row.attempts >= row.max_attempts) await this.end(trx, row, 'failed', failure);
      // The first loss says nothing about the job; one that loses every worker must not take them all down.
      else
        await this.requeue(trx, row, row.attempts < 2 ? 0 : backoffMs(row.attempts - 1, this.#parts.random()), failure);
    }
  }

  /** Puts a running job back, to be tried again after a pause. */
  async requeue(
    trx: Transaction<Tables>,
    row: JobRow,
    pauseMs: number,
    failure: Job['failure'],
    attempts = row.attempts,
  ): Promise<void> {
    const now = this.#now();
    const queued = await this.#write(trx, row, 'queued', {
      attempts,
      queued_at: now,
      run_at: now + pauseMs,
      ...noLease,
      ...(failure && { code: failure.code, message: failure.message }),
    });
    await this.#parts.delivery.offer(trx, [queued]);
  }

  /** Ends a job. */
  async end(trx: Transaction<Tables>, row: JobRow, state: JobState, failure: Job['failure']): Promise<void> {
    await this.#write(trx, row, state, {
      ...noLease,
      code: failure?.code ?? null,
      message: failure?.message ?? null,
      finished_at: this.#now(),
    });
  }

  /** A running job that this fence still owns, locked; null when it does not. */
  async owned(trx: Transaction<Tables>, id: string, fence: number): Promise<JobRow | null> {
    const row = await this.#lock(trx, id);
    return row?.state === 'running' && row.fence === fence ? row : null;
  }

  /** As {@link SqlQueue.cancelIn}. */
  async cancel(trx: Transaction<Tables>, id: string): Promise<boolean> {
    const row = await this.#lock(trx, id);
    if (row?.state === 'running') {
      await trx.updateTable('job').set({ cancel: 1 }).where('id', '=', id).execute();
      return true;
    }
    if (row?.state !== 'queued') return false;
    await this.end(trx, row, 'cancelled', null);
    return true;
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }

  async #lock(trx: Transaction<Tables>, id: string): Promise<JobRow | undefined> {
    const query = trx.selectFrom('job').selectAll().where('id', '=', id);
    return await (this.#parts.db.dialect === 'postgres' ? query.forUpdate() : query).executeTakeFirst();
  }

  async #write(trx: Transaction<Tables>, row: JobRow, to: JobState, change: Updateable<JobTable>): Promise<JobRow> {
    const changed = await trx
      .updateTable('job')
      .set({ ...change, state: to })
      .where('seq', '=', row.seq)
      .returningAll()
      .executeTakeFirstOrThrow();
    await this.#tell(trx, changed, row.state);
    return changed;
  }

  async #tell(trx: Transaction<Tables>, row: JobRow, from: JobState | null): Promise<void> {
    const change = { job: jobOf(row), from, to: row.state, enqueue: this.enqueue, at: this.#now() };
    for (const observe of this.#parts.observers) await observe(trx, change);
  }

  async #taken(trx: Transaction<Tables>, jobs: readonly NewJob[]): Promise<Map<string, JobRow>> {
    const taken = new Map<string, JobRow>();
    for (const kind of new Set(jobs.map((job) => job.kind))) {
      const keys = jobs.flatMap((job) => (job.kind === kind && job.dedupeKey !== undefined ? [job.dedupeKey] : []));
      if (keys.length === 0) continue;
      const query = trx
        .selectFrom('job')
        .selectAll()
        .where('kind', '=', kind)
        .where('dedupe_key', 'in', keys)
        .where('state', 'in', ['queued', 'running'])
        .orderBy('seq');
      const rows = await (this.#parts.db.dialect === 'postgres' ? query.forUpdate() : query).execute();
      for (const row of rows) taken.set(keyOf(row.kind, row.dedupe_key ?? ''), row);
    }
    return taken;
  }

  async #insert(
    trx: Transaction<Tables>,
    fresh: readonly { index: number; job: NewJob }[],
  ): Promise<readonly { index: number; row: JobRow }[]> {
    const now = this.#now();
    const indexes = new Map<string, number>();
    const keys = new Set<string>();
    const values = fresh.flatMap(({ index, job }) => {
      const key = job.dedupeKey === undefined ? undefined : keyOf(job.kind, job.dedupeKey);
      if (key !== undefined && keys.has(key)) return [];
      if (key !== undefined) keys.add(key);
      const id = randomUUID();
      indexes.set(id, index);
      return [newRow(id, job, now)];
    });
    const inserted: { index: number; row: JobRow }[] = [];
    for (let start = 0; start < values.length; start += 500) {
      const rows = await trx
        .insertInto('job')
        .values(values.slice(start, start + 500))
        .onConflict((conflict) => conflict.doNothing())
        .returningAll()
        .execute();
      for (const row of rows) inserted.push({ index: indexes.get(row.id) ?? -1, row });
    }
    const rows = inserted.map(({ row }) => row);
    if (rows.length > 0) await this.#parts.delivery.offer(trx, rows);
    for (const row of rows) await this.#tell(trx, row, null);
    return inserted;
  }
}

const noLease = { lease_owner: null, lease_until: null, lease_epoch: null, cancel: 0 } as const;

function keyOf(kind: string, dedupeKey: string): string {
  return `${kind}\n${dedupeKey}`;
}

function newRow(id: string, job: NewJob, now: number) {
  return {
    id,
    kind: job.kind,
    class: job.class,
    state: 'queued' as const,
    dedupe_key: job.dedupeKey ?? null,
    priority: job.priority ?? 0,
    payload: JSON.stringify(job.payload ?? null),
    queued_at: now,
    run_at: job.runAt ?? now,
    attempts: 0,
    max_attempts: job.maxAttempts ?? defaultAttempts,
    fence: 0,
    lease_owner: null,
    lease_until: null,
    lease_epoch: null,
    cancel: 0,
    progress: null,
    code: null,
    message: null,
    created_at: now,
    started_at: null,
    finished_at: null,
  };
}
