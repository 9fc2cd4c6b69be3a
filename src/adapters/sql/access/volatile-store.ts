import { Kysely, sql } from 'kysely';
import type { VolatileStore } from '../../../access/index.ts';
import { columnTypes } from '../column-types.ts';
import type { StoreTarget } from '../contract.ts';
import { dialectOf } from '../open-database.ts';
import type { VolatileTables } from './tables.ts';

const sweepRows = 5_000;
/** Any number that nothing else locks; the same in every version of Drydock. */
const lockNumber = 7_237_902_612;

/** A volatile store together with its end. */
export interface OpenVolatileStore extends VolatileStore {
  close(): Promise<void>;
}

/**
 * Opens the store of nonces and lock-outs. On SQLite it is a file of its own, so that its many small writes neither
 * wait for the disk nor for the writers of the main store; it may be deleted while nothing runs.
 */
export async function openVolatileStore(target: StoreTarget): Promise<OpenVolatileStore> {
  const kysely = new Kysely<VolatileTables>({
    dialect: dialectOf('url' in target ? { ...target, poolSize: 4 } : target, false),
  });
  try {
    await createTables(kysely, 'url' in target ? 'postgres' : 'sqlite');
  } catch (error) {
    await kysely.destroy().catch(() => undefined);
    throw error;
  }
  return { ...volatileStore(kysely), close: () => kysely.destroy() };
}

async function createTables(kysely: Kysely<VolatileTables>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const { I64, BYTES, TS, TXT, table } = columnTypes[engine];
  await kysely.transaction().execute(async (trx) => {
    if (engine === 'postgres') await sql`SELECT pg_advisory_xact_lock(${lockNumber})`.execute(trx);
    const statements = [
      table('IF NOT EXISTS nonce', `hash ${BYTES} PRIMARY KEY`, `expires_at ${TS} NOT NULL`),
      'CREATE INDEX IF NOT EXISTS nonce_end ON nonce (expires_at)',
      table(
        'IF NOT EXISTS lockout',
        `subject ${TXT} PRIMARY KEY`,
        `failures ${I64} NOT NULL`,
        `until_at ${TS} NOT NULL`,
        `updated_at ${TS} NOT NULL`,
      ),
      'CREATE INDEX IF NOT EXISTS lockout_age ON lockout (updated_at)',
    ];
    for (const statement of statements) await sql.raw(statement).execute(trx);
  });
}

function volatileStore(kysely: Kysely<VolatileTables>): VolatileStore {
  return {
    async takeNonce(hash, now, expiresAt) {
      // A nonce that has ended and was not swept yet is free again. One statement, so that of two nodes one wins.
      const row = await kysely
        .insertInto('nonce')
        .values({ hash, expires_at: expiresAt })
        .onConflict((conflict) =>
          conflict.column('hash').doUpdateSet({ expires_at: expiresAt }).where('nonce.expires_at', '<=', now),
        )
        .returning('expires_at')
        .executeTakeFirst();
      return row !== undefined;
    },
    async addFailure(subject, now, decayMs) {
      const { failures } = await kysely
        .insertInto('lockout')
        .values({ subject, failures: 1, until_at: 0, updated_at: now })
        .onConflict((conflict) =>
          conflict.column('subject').doUpdateSet((eb) => ({
            failures: eb
              .case()
              .when('lockout.updated_at', '<', now - decayMs)
              .then(1)
              .else(eb('lockout.failures', '+', 1))
              .end(),
            updated_at: now,
          })),
        )
        .returning('failures')
        .executeTakeFirstOrThrow();
      return failures;
    },
    async lock(subject, until) {
      await kysely
        .updateTable('lockout')
        .set({ until_at: until })
        .where('subject', '=', subject)
        .where('until_at', '<', until)
        .execute();
    },
    async lockouts(subjects) {
      const rows = await kysely.selectFrom('lockout').selectAll().where('subject', 'in', subjects).execute();
      return rows.map(({ subject, until_at }) => ({ subject, until: until_at }));
    },
    async clear(subjects) {
      await kysely.deleteFrom('lockout').where('subject', 'in', subjects).execute();
    },
    async sweep(now, lockoutsBefore) {
      // In small steps, so that no signed request waits long for its nonce.
      for (;;) {
        const old = kysely.selectFrom('nonce').select('hash').where('expires_at', '<=', now).limit(sweepRows);
        const { numDeletedRows } = await kysely.deleteFrom('nonce').where('hash', 'in', old).executeTakeFirstOrThrow();
        if (numDeletedRows < sweepRows) break;
      }
      await kysely.deleteFrom('lockout').where('updated_at', '<', lockoutsBefore).where('until_at', '<', now).execute();
    },
  };
}
