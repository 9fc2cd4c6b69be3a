import type { AccessStore } from '../../../access/index.ts';
import { pendingAudit } from '../../../access/index.ts';
import type { Db } from '../contract.ts';
import { takeIds } from '../ids.ts';
import { AuditRecorder, appendAudit, createAuditReader } from './audit.ts';
import { createAccessReader } from './reader.ts';
import { tokenColumns } from './rows.ts';
import { createAccessWriter } from './writer.ts';

/** Counter that every change of rights raises. */
const revisionCounter = 'access.revision';

/** Users, rights, keys and the audit log in SQL. */
export function createAccessStore(db: Db): AccessStore {
  const { kysely } = db;
  const recorder = new AuditRecorder(db);
  return {
    ...createAccessReader(kysely),
    ...createAuditReader(db),
    async revision() {
      const row = await kysely
        .selectFrom('id_block')
        .select('next')
        .where('name', '=', revisionCounter)
        .executeTakeFirst();
      return row?.next ?? 0;
    },
    write: (work) =>
      db.transaction(async (trx) => {
        // Also the lock that makes changes take turns: what one has checked, no other can undo meanwhile.
        await takeIds(trx, revisionCounter, 1);
        return work(createAccessWriter(trx));
      }),
    addLogin: (token, entry) =>
      db.transaction(async (trx) => {
        await trx.insertInto('token').values(tokenColumns(token)).execute();
        await appendAudit(trx, [pendingAudit(entry, Date.now())]);
      }),
    removeTokenByHash: (hash, entry) =>
      db.transaction(async (trx) => {
        const { numDeletedRows } = await trx.deleteFrom('token').where('hash', '=', hash).executeTakeFirstOrThrow();
        if (numDeletedRows > 0n) await appendAudit(trx, [pendingAudit(entry, Date.now())]);
        return numDeletedRows > 0n;
      }),
    touch: (keys, tokens) =>
      db.transaction(async (trx) => {
        // In one order everywhere, so that two nodes never wait for each other.
        for (const [id, at] of [...keys].sort()) {
          await trx.updateTable('access_key').set({ last_used_at: at }).where('id', '=', id).execute();
        }
        for (const [id, at] of [...tokens].sort(([a], [b]) => a - b)) {
          await trx.updateTable('token').set({ last_used_at: at }).where('id', '=', id).execute();
        }
      }),
    async sweep(before) {
      for (const table of ['token', 'session'] as const) {
        const old = await kysely.selectFrom(table).select('id').where('expires_at', '<', before).limit(1).execute();
        if (old.length > 0) await kysely.deleteFrom(table).where('expires_at', '<', before).execute();
      }
    },
    record: (entry) => recorder.record(entry),
  };
}
