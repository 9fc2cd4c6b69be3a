import type { Transaction } from 'kysely';
import type { Db } from '../contract.ts';
import type { Tables } from '../tables.ts';
import { appendEvents } from '../work/outbox.ts';

const atOnce = 1_000;

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
  trx: Transaction<Tables>,
  at: number,
  changes: readonly ChangedVulnerability[],
): Promise<void> {
  for (let start = 0; start < changes.length; start += atOnce) {
    const events = changes
      .slice(start, start + atOnce)
      .map((payload) => ({ at, topic: 'vulnerability.matched', projectId: null, payload }));
    await appendEvents(trx, db.dialect, events);
  }
}
