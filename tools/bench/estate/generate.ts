/**
 * Makes a store with a synthetic estate: `node tools/bench/estate/generate.ts FILE [SCALE] [SEED]`. Scale 1 is the reference
 * estate of 100,000 images and about 30 million findings; SQLite file, or a PostgreSQL URL of an empty database.
 */
import { openDatabase } from '../../../src/adapters/sql/index.ts';
import { loadEstate } from './load.ts';
import { makeEstate } from './model.ts';

const [target = '', scale = '1', seed = '1'] = process.argv.slice(2);
if (target === '') {
  console.error('usage: node tools/bench/estate/generate.ts FILE|postgres://… [SCALE] [SEED]');
  process.exit(2);
}
const started = performance.now();
const seconds = (): string => ((performance.now() - started) / 1000).toFixed(1);
const model = makeEstate(Number(scale), Number(seed));
console.log(
  `${model.imageSets.length} images, ${model.sets.length} sets, ${model.packages} package versions, ` +
    `${model.matchPackage.length} matches, about ${model.expanded} findings · ${seconds()} s`,
);
const db = await openDatabase(target.startsWith('postgres') ? { url: target } : { file: target });
await loadEstate(db, model, (line) => console.log(`${line} · ${seconds()} s`));
await db.close();
console.log(`done · ${seconds()} s`);
