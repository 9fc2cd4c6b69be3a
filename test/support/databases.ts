import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext } from 'node:test';
import { type Db, openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from './postgres.ts';

/*
 * Contract suites (test/contract/*.test.ts, `node tools/test.ts contract`) prove that a store behaves alike on both
 * engines. Write the tests once and open every store through the function that is passed in:
 *
 *   forEachDatabase('finding store', (open) => {
 *     test('keeps what it is given', async (t) => {
 *       const { db } = await open(t);             // an empty, migrated store of its own; closed when the test ends
 *       const store = createFindingStore(db);
 *       …
 *     });
 *   });
 *
 * `target` lets a second connection or a child process open the same store: `openDatabase(target)`.
 */

/** Opens a new store for one test. */
export interface OpenStore {
  (t: TestContext): Promise<{ readonly db: Db; readonly target: StoreTarget }>;
  readonly engine: Db['dialect'];
}

/** Runs a suite on SQLite and on PostgreSQL; the latter is skipped, with the reason, where it is not installed. */
export function forEachDatabase(name: string, suite: (open: OpenStore) => void): void {
  describe(`${name} on SQLite`, () => suite(opener('sqlite')));
  describe(`${name} on PostgreSQL`, { skip: postgresMissing }, () => {
    after(stopSharedPostgres);
    suite(opener('postgres'));
  });
}

function opener(engine: Db['dialect']): OpenStore {
  const open = async (t: TestContext) => {
    const target = await emptyTarget(t, engine);
    const db = await openDatabase(target);
    t.after(() => db.close());
    return { db, target };
  };
  return Object.assign(open, { engine });
}

/** A place for a store that nobody has opened yet. */
export async function emptyTarget(t: TestContext, engine: Db['dialect']): Promise<StoreTarget> {
  return engine === 'sqlite' ? sqliteTarget(t) : { url: await (await sharedPostgres()).createDatabase() };
}

/** A file in a folder that goes with the test. */
export async function sqliteTarget(t: TestContext): Promise<{ file: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'drydock-db-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return { file: join(folder, 'store.db') };
}
