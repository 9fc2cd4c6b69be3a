import type { Db } from '../contract.ts';

/** An answer that is kept for repetitions of its request; `body` is null when it held a secret. */
export interface KeptAnswerRow {
  readonly fingerprint: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** ms */
  readonly expiresAt: number;
}

const sweepEvery = 500;

/** Answers to requests with an `Idempotency-Key`, for all nodes and over restarts. `now`: ms. */
export function createAnswerStore(
  db: Db,
  now: () => number,
): {
  get(key: string): Promise<KeptAnswerRow | null>;
  put(key: string, answer: KeptAnswerRow): Promise<void>;
} {
  let written = 0;
  return {
    async get(key) {
      const row = await db.kysely
        .selectFrom('kept_answer')
        .selectAll()
        .where('key', '=', key)
        .where('expires_at', '>', now())
        .executeTakeFirst();
      if (row === undefined) return null;
      const { fingerprint, status, headers, body, expires_at: expiresAt } = row;
      return { fingerprint, status: Number(status), headers: JSON.parse(headers), body, expiresAt: Number(expiresAt) };
    },
    async put(key, { fingerprint, status, headers, body, expiresAt }) {
      const row = { fingerprint, status, headers: JSON.stringify(headers), body, expires_at: expiresAt };
      const sweep = written++ % sweepEvery === 0;
      await db.transaction(async (trx) => {
        await trx
          .insertInto('kept_answer')
          .values({ key, ...row })
          .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
          .execute();
        if (sweep) await trx.deleteFrom('kept_answer').where('expires_at', '<=', now()).execute();
      });
    },
  };
}
