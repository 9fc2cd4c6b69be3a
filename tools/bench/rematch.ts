/**
 * How long new advisories take to reach an estate that nobody scans again, and how much room its findings take.
 *   node tools/bench/rematch.ts [share of the reference estate, default 1]
 * The reference estate: 100,000 images, 132,000 component sets, 750,000 package versions, 120,000 vulnerabilities. The
 * first run matches everything, the second 1,200 changed advisories, the third finds nothing to do.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import { AdvisoryService } from '../../src/advisories/index.ts';
import { ecosystems } from '../../src/ecosystems/index.ts';
import { noProgress, systemClock } from '../../src/kernel/index.ts';
import { rematch } from '../../src/service/index.ts';
import { writeOsvArchive } from '../../test/support/zip-archive.ts';
import { estateAdvisories, estateSize, writeEstate } from './parts/facts-estate.ts';

const scale = Number(process.argv[2] ?? 1);
const size = estateSize(scale);
const root = mkdtempSync(join(tmpdir(), 'drydock-bench-'));
const signal = new AbortController().signal;
const http = { get: () => Promise.reject(new Error('no network')) };
const advisories = new AdvisoryService({
  ...{ directory: join(root, 'advisories'), bundled: join(root, 'none'), ecosystems, http, clock: systemClock },
});

/** Runs a step and says what it took: wall and processor time in s. */
async function timed<T>(name: string, step: () => Promise<T>): Promise<T> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  const result = await step();
  const { user, system } = process.cpuUsage(before);
  const [wall, cpu] = [(performance.now() - started) / 1_000, (user + system) / 1e6];
  console.log(`${name.padEnd(46)} ${wall.toFixed(2).padStart(8)} s wall ${cpu.toFixed(2).padStart(8)} s cpu`);
  return result;
}

async function publish(change: number): Promise<void> {
  mkdirSync(join(root, 'osv', 'Debian'), { recursive: true });
  writeOsvArchive(join(root, 'osv', 'Debian', 'all.zip'), [...estateAdvisories(size, change)]);
  await advisories.update({ from: join(root, 'osv'), only: ['Debian'], force: true, progress: noProgress, signal });
}

async function drain(batches: AsyncIterable<unknown>): Promise<void> {
  for await (const _batch of batches);
}

try {
  const file = join(root, 'store.db');
  const db = await openDatabase({ file });
  const store = createFindingsStore(db);
  await timed('advisories: first snapshot', () => publish(0));
  const { memberships } = await timed('estate: written', () => writeEstate(db, size));
  const nothing = { id: 'none', createdAt: '2026-01-01T00:00:00Z', origin: 'imported', sources: [] };
  await db.kysely
    .insertInto('match_generation')
    .values({
      gen: 1,
      at: 1,
      snapshot_id: 'none',
      snapshot: JSON.stringify(nothing),
      reason: 'first',
      opened: 0,
      closed: 0,
    })
    .execute();
  const run = (full = false) =>
    rematch({ store, advisories, ecosystems }, { full, at: Date.now(), signal, progress: () => undefined });
  const recount = async (): Promise<void> => {
    while ((await store.recount(10_000)) > 0);
  };
  const first = await timed('re-match: the whole estate for the first time', run);
  await timed('recount: the whole estate', recount);
  await timed('advisories: second snapshot', () => publish(0.01));
  const second = await timed('re-match: one in a hundred advisories changed', run);
  await timed('recount: what they touched', recount);
  await timed('re-match: nothing changed', run);
  await timed('re-match: every package again', () => run(true));
  await timed('read sets', () => drain(store.sets(0)));
  await timed('read contents', () => drain(store.contents(0)));
  await timed('read matches', () => drain(store.matches(0)));
  await timed('read vulnerabilities', () => drain(store.vulnerabilities(0)));
  const check = await timed('check counters', () => store.checkCounts());
  const totals = await db.kysely
    .selectFrom('image_counts')
    .select((eb) => eb.fn.sum<number>('vulns').as('n'))
    .executeTakeFirst();
  await db.close();
  const findings = Number(totals?.n ?? 0);
  console.log({ memberships, first, second, differences: check.differences.length, findings });
  console.log(`${(statSync(file).size / findings).toFixed(1)} bytes for each of ${findings} findings`);
  console.log(`peak ${Math.round(process.resourceUsage().maxRSS / 1_024)} MiB`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
