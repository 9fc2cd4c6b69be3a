/** Scans toy images and re-matches them without end, until it is killed. Arguments: target as JSON, a seed. */
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { createReportIngest, rematch } from '../../src/service/index.ts';
import { crashImages, crashSnapshot } from './facts-crash.ts';
import { toyEcosystems, toyIndex, toyReport } from './facts-world.ts';

const [target = '', seed = '0'] = process.argv.slice(2);
const db = await openDatabase(JSON.parse(target));
const store = createFindingsStore(db);
const queue = { enqueue: async () => ({ job: {} as never, created: true }) };
const signal = new AbortController().signal;
console.log('started');
for (let round = Number(seed); ; round++) {
  const snapshot = crashSnapshot(round);
  const deps = { store, ecosystems: toyEcosystems, clock: systemClock, queue };
  const ingest = createReportIngest({ ...deps, index: () => toyIndex(snapshot) });
  for (const image of crashImages(round)) await ingest.ingest(toyReport(image), { generation: 1 });
  const advisories = { open: async () => toyIndex(snapshot), changedKeys: async () => 'all' as const };
  const run = { full: false, at: Date.now(), signal, progress: () => undefined };
  await rematch({ store, advisories, ecosystems: toyEcosystems }, run);
  await store.recount(3);
}
