import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createQueue } from '../../src/adapters/queue/index.ts';
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import { matchingVersion } from '../../src/advisories/matching-version.ts';
import { advisoryService } from '../../src/app/advisories-wiring.ts';
import { advisoryWatch } from '../../src/app/service/advisory-watch.ts';
import type { Settings } from '../../src/app/settings.ts';
import { rematch } from '../../src/service/facts/index.ts';
import { advisoryWorld, osvDocument } from '../support/advisory-world.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, toyEcosystems } from '../support/facts-world.ts';

forEachDatabase('the watch for new advisories', (open) => {
  test('an update and an import beside the store queue one re-match each; without matches there is nothing to do', async (t) => {
    const { db, target } = await open(t);
    const { root, feed, request } = advisoryWorld(t);
    const queue = await createQueue({ db, target, report: (message) => assert.fail(message) });
    t.after(() => queue.close());
    const settings = (name: string): Settings => ({
      ...{ dataDirectory: join(root, name), cacheDirectory: join(root, `${name}-cache`), config: {}, env: {} },
    });
    const watch = advisoryWatch(settings('own'), { findings: createFindingsStore(db), queue });
    const waiting = () => queue.list({ kind: 'rematch', states: ['queued'], limit: 10 });
    const look = async (): Promise<number> => {
      const [queued, again] = [await watch(), await watch()];
      const jobs = await waiting();
      for (const { id } of jobs) await queue.cancel(id);
      assert.deepEqual([queued, again], [jobs.length > 0, false], 'each snapshot is acted on once');
      return jobs.length;
    };
    assert.equal(await look(), 0, 'nothing was matched yet');
    const world = await factsWorld(db);
    world.activate({ id: 'older', advisories: [], kev: [], epss: {} });
    await world.scan({ number: 1, release: '12', packages: [] });
    assert.equal(await look(), 1, 'matched with others than are here');
    feed('Debian', [osvDocument(1, '9')]);
    await advisoryService(settings('own')).update(request());
    assert.equal(await look(), 1, 'after an update');
    await advisoryService(settings('own')).update(request());
    assert.equal(await look(), 0, 'the same again');
    feed('Debian', [osvDocument(1, '8', '2026-01-02T00:00:00Z')]);
    const other = advisoryService(settings('other'));
    await other.update(request());
    const bundle = join(root, 'bundle');
    await other.exportBundle(bundle);
    const { signal } = new AbortController();
    // Made on another machine, whose updates are counted on their own.
    await advisoryService(settings('own')).importBundle(bundle, { signal, allowRollback: true });
    assert.equal(await look(), 1, 'after an import');
  });

  test('a new version of matching is another snapshot, without an update of the facts', async (t) => {
    const { db, target } = await open(t);
    const { root, feed, request } = advisoryWorld(t);
    const queue = await createQueue({ db, target, report: (message) => assert.fail(message) });
    t.after(() => queue.close());
    const settings: Settings = { dataDirectory: root, cacheDirectory: join(root, 'cache'), config: {}, env: {} };
    feed('Debian', [osvDocument(1, '9')]);
    const { snapshot } = await advisoryService(settings).update(request());
    const world = await factsWorld(db);
    const [content = '', version] = snapshot.id.split('+m');
    assert.equal(Number(version), matchingVersion);
    world.activate({ id: `${content}+m${matchingVersion - 1}`, advisories: [], kev: [], epss: {} });
    await world.scan({ number: 1, release: '12', packages: [] });
    const store = createFindingsStore(db);
    const watch = advisoryWatch(settings, { findings: store, queue });
    assert.equal(await watch(), true, 'the same facts, matched by an older program');
    const run = { full: false, at: 1, signal: new AbortController().signal, progress: () => {} };
    const deps = { store, advisories: advisoryService(settings), ecosystems: toyEcosystems };
    const result = await rematch(deps, run);
    assert.notEqual(result, null);
    assert.equal((await store.generation())?.snapshot.id, snapshot.id);
    assert.equal(await advisoryWatch(settings, { findings: store, queue })(), false, 'now it is matched by this one');
  });
});
