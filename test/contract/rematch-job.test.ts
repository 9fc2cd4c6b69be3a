import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../src/access/index.ts';
import type { ClaimedJob, JobContext } from '../../src/jobs/index.ts';
import { createDecisionService, createFeedHandler, createRematchHandler } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, type ToySnapshot, toyChangedKeys, toyEcosystems, toyIndex } from '../support/facts-world.ts';

const job = (payload: unknown): ClaimedJob => ({ payload }) as ClaimedJob;
const advisory = (fixed: string | null): ToySnapshot['advisories'][number] => ({
  ...{ id: 'CVE-2024-1', aliases: [], ecosystem: 'Debian:12', name: 'a', fixed, level: 'high', score: null },
  ...{ unimportant: false, title: null },
});
const day = (id: string, fixed: string | null): ToySnapshot => ({
  id,
  advisories: [advisory(fixed)],
  kev: [],
  epss: {},
});
const image = {
  ...{ number: 1, release: '12' },
  packages: [{ type: 'deb', name: 'a', version: '1', arch: null, source: null, places: [{ path: 's', layer: 900 }] }],
} as const;

function context(): JobContext & { readonly stages: string[] } {
  const stages: string[] = [];
  return {
    ...{ stages, signal: new AbortController().signal, held: async () => true },
    progress: ({ stage }) => void stages.push(stage),
  };
}

forEachDatabase('the re-match job', (open) => {
  test('matches, counts, ends decisions that waited for a fix, and begins again when it was overtaken', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    const audited: AuditEntry[] = [];
    const audit = { record: async (entry: AuditEntry) => void audited.push(entry) };
    world.activate(day('one', null));
    await world.scan(image);
    const service = createDecisionService({
      store: world.store,
      audit,
      clock: world.clock,
      riskImpact: async () => ({ findings: 0, images: 0 }),
      impact: async () => assert.fail(),
    });
    await service.add(
      {
        projects: 'all',
        actor: { name: 'ann', userId: 1, accessKeyId: null, address: null, requestId: 'r' },
        signal: context().signal,
      },
      {
        ...{
          kind: 'ignore',
          vulnerabilities: ['CVE-2024-1'],
          findingKind: null,
          scope: { kind: 'global' },
          reason: '',
        },
        ...{ expiresAt: null, expiresWhen: 'any_fix', source: 'api', title: null },
      },
    );
    world.activate(day('two', '2'));
    let overtaken = false;
    const advisories = {
      open: async () => toyIndex(world.active()),
      async changedKeys(before: string, after: string) {
        const keys = toyChangedKeys(
          world.snapshots.get(before) ?? assert.fail(),
          world.snapshots.get(after) ?? assert.fail(),
        );
        if (!overtaken) {
          overtaken = true;
          world.activate(day('three', '3'));
          await world.rematch();
        }
        return keys;
      },
    };
    const handler = createRematchHandler({
      store: world.store,
      advisories,
      ecosystems: toyEcosystems,
      clock: world.clock,
      audit,
    });
    const run = context();
    await handler.run(job({}), run);
    assert.equal((await world.store.generation())?.snapshot.id, 'three');
    assert.ok(overtaken);
    assert.equal(run.stages.at(-1), 'counting');
    assert.deepEqual((await world.store.checkCounts()).differences, []);
    assert.deepEqual(
      audited.map(({ action }) => action),
      ['decision.add', 'decision.expire'],
    );
    const again = context();
    await handler.run(job({ full: true }), again);
    assert.deepEqual(again.stages, ['matching', 'counting', 'counting']);
  });

  test('goes on with what came while it ran', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    world.activate(day('one', null));
    await world.scan(image);
    world.activate(day('two', '2'));
    const advisories = {
      open: async () => toyIndex(world.active()),
      changedKeys: async (_before: string, after: string) => {
        if (after === 'two') world.activate(day('three', '3'));
        return 'all' as const;
      },
    };
    const audit = { record: async () => undefined };
    const deps = { store: world.store, advisories, ecosystems: toyEcosystems, clock: world.clock, audit };
    await createRematchHandler(deps).run(job({}), context());
    assert.equal((await world.store.generation())?.snapshot.id, 'three');
  });

  test('stops when it is told to, and leaves the matches as they were', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    world.activate(day('one', null));
    await world.scan(image);
    world.activate(day('two', '2'));
    const advisories = { open: async () => toyIndex(world.active()), changedKeys: async () => 'all' as const };
    const audit = { record: async () => undefined };
    const handler = createRematchHandler({
      store: world.store,
      advisories,
      ecosystems: toyEcosystems,
      clock: world.clock,
      audit,
    });
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await assert.rejects(handler.run(job(null), { ...context(), signal: stop.signal }), /enough/);
    assert.equal((await world.store.generation())?.snapshot.id, 'one');
  });
});

test('the feed job updates with what was configured and queues one re-match', async () => {
  const asked: unknown[] = [];
  const queued: unknown[] = [];
  const handler = createFeedHandler({
    advisories: {
      async update({ from, kev, force, progress }) {
        asked.push({ from, kev, force });
        progress({ kind: 'stage', stage: 'advisories', detail: 'Debian' });
        progress({ kind: 'progress', step: 'osv/Debian', done: 5, unit: 'items' });
        return { changed: true, snapshot: { id: 'sha256:1' } as never };
      },
    },
    feeds: { from: 'https://osv.example', kev: 'https://kev.example' },
    queue: { enqueue: async (next) => ({ job: queued.push(next) as never, created: true }) },
  });
  const run = context();
  await handler.run(job({ force: true }), run);
  assert.deepEqual(asked, [{ from: 'https://osv.example', kev: 'https://kev.example', force: true }]);
  assert.deepEqual(run.stages, ['Debian', 'osv/Debian']);
  assert.deepEqual(queued, [{ kind: 'rematch', class: 'bulk', priority: 10, payload: {}, dedupeKey: 'sha256:1' }]);
});
