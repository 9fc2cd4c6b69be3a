import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Db, openDatabase } from '../../../src/adapters/sql/index.ts';
import { root } from '../../../test/arch/source-tree.ts';
import { environmentOf } from '../../../test/support/drydock.ts';
import { type RunningService, startService } from '../../../test/support/service.ts';
import { loadEstate } from '../estate/load.ts';
import { makeEstate } from '../estate/model.ts';
import { measure } from '../measure.ts';

/** How large the estate of a benchmark is; 1 = 100,000 images. */
export const scale = Number(process.env.DRYDOCK_BENCH_SCALE ?? '1');

/**
 * A data directory below `folder` that holds the synthetic estate, or a copy of the database that DRYDOCK_BENCH_ESTATE names.
 * `change` may add to it before the service sees it.
 */
export async function estateDirectory(folder: string, change?: (db: Db) => Promise<void>): Promise<string> {
  const data = join(folder, 'large');
  mkdirSync(data);
  const file = join(data, 'drydock.db');
  const made = process.env.DRYDOCK_BENCH_ESTATE;
  if (made !== undefined) copyFileSync(made, file);
  const db = await openDatabase({ file });
  if (made === undefined) await loadEstate(db, makeEstate(scale, 1), () => {});
  await change?.(db);
  await makeRoom(db, folder);
  await db.close();
  return data;
}

/**
 * The first start makes the default project; the estate has one that is called so. Its matches are said to be those of the
 * bundled advisories, or the service would match everything anew and find nothing of what was made up.
 */
async function makeRoom(db: Db, folder: string): Promise<void> {
  const { stdout } = await measure(join(root, 'bin/drydock'), ['db', 'status', '--json'], {
    env: environmentOf(folder),
  });
  const { id } = (JSON.parse(stdout) as { bundled: { id: string } }).bundled;
  const snapshot = JSON.stringify({ id, createdAt: new Date(0).toISOString(), origin: 'bundled', sources: [] });
  await db.kysely.updateTable('match_generation').set({ snapshot_id: id, snapshot }).execute();
  await db.kysely.updateTable('project').set({ ext_id: 'estate', name: 'estate' }).where('ext_id', '=', '0').execute();
}

/** Starts the service, and how many seconds it took to be ready. */
export async function started(dataDirectory: string): Promise<{ service: RunningService; seconds: number }> {
  const begin = performance.now();
  const service = await startService({ dataDirectory, env: { DRYDOCK_LOG_LEVEL: 'warn' } });
  return { service, seconds: (performance.now() - begin) / 1000 };
}

/** Memory of a process in MiB: what is resident, its highest value, or the part of it that belongs to no file. */
export function resident(pid: number | undefined, field: 'VmRSS' | 'VmHWM' | 'RssAnon'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
}
