import { type Kysely, sql } from 'kysely';
import {
  type AuditEntry,
  type AuditQuery,
  type AuditRow,
  firstHash,
  hashAudit,
  type PendingAudit,
  pendingAudit,
} from '../../../access/index.ts';
import type { Db } from '../contract.ts';
import { refuseNested } from '../nesting.ts';
import type { Tables } from '../tables.ts';
import { auditColumns, auditOf } from './rows.ts';

/**
 * Adds entries to the chain. The head is taken first and kept until the transaction ends, so that appenders take turns
 * and the chain never forks.
 */
export async function appendAudit(trx: Kysely<Tables>, entries: readonly PendingAudit[]): Promise<void> {
  const head = await trx
    .insertInto('audit_head')
    .values({ id: 1, seq: entries.length, hash: firstHash })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({ seq: eb('audit_head.seq', '+', entries.length) })),
    )
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow();
  let seq = head.seq - entries.length;
  let prevHash: Uint8Array = head.hash;
  for (const entry of entries) {
    const row = { ...entry, seq: ++seq, prevHash };
    const hash = hashAudit(row);
    await trx
      .insertInto('audit')
      .values(auditColumns({ ...row, hash }))
      .execute();
    prevHash = hash;
  }
  await trx.updateTable('audit_head').set({ hash: prevHash }).where('id', '=', 1).execute();
}

/** Entries per transaction; more wait for the next one. */
const batch = 200;

/** Collects the entries that come while one transaction runs into the next one: one flush of the disk for all of them. */
export class AuditRecorder {
  readonly #db: Db;
  #waiting: { entry: PendingAudit; done: PromiseWithResolvers<void> }[] = [];
  #running = false;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Durable when it resolves. @throws SqlError `nested_transaction` inside of a transaction, which would wait for itself */
  record(entry: AuditEntry): Promise<void> {
    refuseNested();
    const done = Promise.withResolvers<void>();
    this.#waiting.push({ entry: pendingAudit(entry, Date.now()), done });
    if (!this.#running) void this.#run();
    return done.promise;
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#waiting.length > 0) {
      const taken = this.#waiting.splice(0, batch);
      try {
        await this.#db.transaction((trx) =>
          appendAudit(
            trx,
            taken.map(({ entry }) => entry),
          ),
        );
        for (const { done } of taken) done.resolve();
      } catch (error) {
        for (const { done } of taken) done.reject(error);
      }
    }
    this.#running = false;
  }
}

/** Reading of the log. */
export function createAuditReader({ kysely }: Db) {
  return {
    async auditPage(query: AuditQuery): Promise<readonly AuditRow[]> {
      let rows = kysely.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(query.limit);
      if (query.before !== null) rows = rows.where('seq', '<', query.before);
      if (query.user !== undefined) rows = rows.where('actor', '=', query.user);
      for (const column of ['action', 'object'] as const) {
        const wanted = query[column];
        if (wanted === undefined) continue;
        rows = wanted.endsWith('*')
          ? rows.where(sql<string>`substr(${sql.ref(column)}, 1, ${[...wanted].length - 1})`, '=', wanted.slice(0, -1))
          : rows.where(column, '=', wanted);
      }
      return (await rows.execute()).map(auditOf);
    },
    async auditAfter(seq: number, limit: number): Promise<readonly AuditRow[]> {
      const rows = await kysely
        .selectFrom('audit')
        .selectAll()
        .where('seq', '>', seq)
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(auditOf);
    },
    async auditHead(): Promise<{ seq: number; hash: Uint8Array }> {
      const row = await kysely.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirst();
      return row ?? { seq: 0, hash: firstHash };
    },
  };
}
