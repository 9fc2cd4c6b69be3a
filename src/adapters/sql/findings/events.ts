import type { Kysely } from 'kysely';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';

/** What a new generation means for one vulnerability. */
export interface ChangedVulnerability {
  readonly vulnerability: string;
  /** Package versions whose match was opened or says something else; closed likewise. */
  readonly opened: number;
  readonly closed: number;
  /** Current images that hold any of these packages, by project. */
  readonly images: Readonly<Record<string, number>>;
}

/** One event per vulnerability, never one per image. */
export async function tellChanges(
  db: Db,
  trx: Kysely<Tables>,
  at: number,
  changes: readonly ChangedVulnerability[],
): Promise<void> {
  await appendEvents(
    trx,
    db.dialect,
    changes.map((payload) => ({ at, topic: 'vulnerability.matched', projectId: null, payload })),
  );
}
