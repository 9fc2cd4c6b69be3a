import type { FixDeps } from './contract.ts';

/** An interrupted task can be continued for so long; afterwards what it left behind is removed. */
const keepAbandoned = 7 * 24 * 3600 * 1000;

/** Removes what tasks left behind that died and were not continued in time. @returns how many were removed */
export async function sweepAbandoned(deps: Pick<FixDeps, 'journal' | 'blobs' | 'clock'>): Promise<number> {
  let removed = 0;
  for (const record of await deps.journal.abandoned()) {
    if (deps.clock.now().getTime() - Date.parse(record.startedAt) < keepAbandoned) continue;
    for (const { built, plan } of record.parts) {
      for (const part of built ? [built.layer, built.config, built.manifest] : []) await deps.blobs.remove(part.digest);
      if (plan !== null) await deps.blobs.remove(plan);
    }
    await deps.journal.remove(record.key);
    removed++;
  }
  return removed;
}
