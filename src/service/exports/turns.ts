import type { JobQueue } from '../../jobs/index.ts';
import type { ExportFiles, ExportRecord, ExportStore } from './ports.ts';

/** What letting exports run, and cleaning up behind them, needs. */
export interface TurnDeps {
  readonly store: ExportStore;
  readonly files: ExportFiles;
  readonly queue: JobQueue;
  now(): number;
  /** Exports of one project that are produced at a time. */
  readonly concurrent: number;
}

/** Pinning that has not been heard of for so long belonged to a process that is gone. */
const pinTimeoutMs = 60_000;
/** Rows up to which an export counts as interactive work. */
const interactiveRows = 100_000;
const expireBatch = 100;

/** Exports of a project take turns; whoever ends one, or adds one, calls `admit`. */
export class Turns {
  readonly #deps: TurnDeps;
  #tended: number;

  constructor(deps: TurnDeps) {
    this.#deps = deps;
    this.#tended = deps.now() - 8 * 24 * 3_600_000;
  }

  /** Queues the exports of a key whose turn has come. */
  async admit(fairKey: string): Promise<void> {
    const { store, concurrent, now } = this.#deps;
    for (const id of await store.admit(fairKey, concurrent, now())) {
      const record = await store.get({ id });
      if (record !== null) await this.#enqueue(record);
    }
  }

  /**
   * Mends what crashes left and removes what has expired. Idempotent; to be called at start and once a minute by any
   * number of nodes.
   */
  async tend(): Promise<void> {
    const { store, files, now } = this.#deps;
    for (const { id, fairKey } of await store.unpinnedSince(now() - pinTimeoutMs)) {
      const reason = { code: 'snapshot_lost', message: 'The process that collected the rows ended before it was done' };
      if (await store.end(id, 'failure', reason, now())) await this.admit(fairKey);
    }
    for (const record of await store.admitted()) await this.#mend(record);
    for (const key of await store.waitingKeys()) await this.admit(key);
    for (const id of await store.endedSince(this.#tended)) await files.remove(id);
    this.#tended = now() - pinTimeoutMs;
    // The file first: what is marked is never looked at again.
    for (const id of await store.overdue(now(), expireBatch)) {
      await files.remove(id);
      await store.markExpired(id);
    }
  }

  /** An admitted export needs a living job: it gets one when it has none, and fails when its job has failed for good. */
  async #mend(record: ExportRecord): Promise<void> {
    const { store, queue, now } = this.#deps;
    const job = record.queueId === null ? null : await queue.get(record.queueId);
    if (job?.state === 'queued' || job?.state === 'running') return;
    if (job?.state === 'failed' || job?.state === 'cancelled') {
      const reason = job.failure ?? { code: 'cancelled', message: 'The job was cancelled' };
      const state = job.state === 'failed' ? 'failure' : 'cancelled';
      if (await store.end(record.id, state, reason, now())) await this.admit(record.fairKey);
      return;
    }
    await this.#enqueue(record);
  }

  async #enqueue(record: ExportRecord): Promise<void> {
    const { job } = await this.#deps.queue.enqueue({
      kind: 'export',
      class: record.rowsTotal <= interactiveRows ? 'interactive' : 'bulk',
      payload: { exportId: record.id },
      dedupeKey: `export:${record.id}`,
    });
    await this.#deps.store.setQueueId(record.id, job.id);
  }
}
