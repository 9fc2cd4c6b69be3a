import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixBench, MemoryJournal } from '../../test/support/fix-world.ts';
import { toyWorld } from '../../test/support/toy-fixer.ts';
import type { FixRequest } from './contract.ts';
import { arrows, faultPoints } from './machine.ts';

const all: Partial<FixRequest> = { attach: ['sbom', 'vex', 'provenance'] };

/** The id of a task is in its provenance; with a fixed one two runs can be compared byte for byte. */
function sameIdBench(): ReturnType<typeof fixBench> {
  const bench = fixBench();
  bench.deps = { ...bench.deps, newId: () => '00000000-0000-4000-8000-000000000000' };
  return bench;
}

/** Runs a fix and kills it at a point: the process does nothing more, its journal and stores stay. */
async function dieAt(bench: ReturnType<typeof fixBench>, point: string, change = all): Promise<boolean> {
  const { promise: death, resolve: die } = Promise.withResolvers<'died'>();
  const faultPoint = (name: string): Promise<void> | undefined => {
    if (name !== point) return undefined;
    die('died');
    return new Promise(() => {});
  };
  bench.deps = { ...bench.deps, faultPoint };
  const ended = await Promise.race([death, bench.run(change).then(() => 'ended' as const)]);
  // The dead process holds no lease any more; its documents remain.
  const journal = new MemoryJournal();
  for (const [key, record] of bench.journal.records) journal.records.set(key, record);
  for (const [key, result] of bench.journal.results) journal.results.set(key, result);
  bench.deps = { ...bench.deps, journal, faultPoint: () => {} };
  return ended === 'died';
}

/** The points on the way of a fix that succeeds; those of failure and cancellation are reached below. */
const onTheWay = faultPoints().filter((point) => !point.includes('>failed') && !point.includes('>cancelled'));

for (const point of onTheWay) {
  test(`killed at ${point}, the same command finishes with the same bytes`, async () => {
    const calm = sameIdBench();
    const undisturbed = await calm.run(all);
    const bench = sameIdBench();
    assert.equal(await dieAt(bench, point), true, 'the point was not reached');
    const tagged = bench.repository.tagMap.get('fixed');
    assert.ok(tagged === undefined || tagged === undisturbed.report.result?.digest);
    const { report } = await bench.run(all);
    assert.equal(report.task.status, 'success');
    assert.equal(report.result?.digest, undisturbed.report.result?.digest);
    assert.deepEqual(bench.repository.tagEvents, [{ tag: 'fixed', digest: report.result?.digest }]);
    assert.deepEqual(report.result?.referrers, undisturbed.report.result?.referrers);
    assert.deepEqual([...bench.repository.documents.keys()].sort(), [...calm.repository.documents.keys()].sort());
    const records = [...(bench.deps.journal as MemoryJournal).records.values()];
    assert.deepEqual(
      records.map(({ terminal, stage }) => [terminal, stage]),
      [[true, 'promoted']],
    );
  });
}

test('every stage can fail and be cancelled, through its fault points, into one terminal state', async () => {
  const reached = new Set<string>();
  for (const end of ['failed', 'cancelled'] as const) {
    for (const from of Object.keys(arrows)) {
      if (!arrows[from as keyof typeof arrows].includes(end)) continue;
      const bench = fixBench();
      const controller = new AbortController();
      const { journal } = bench.deps;
      let disturbed = false;
      const disturb = (): void => {
        if (disturbed) return;
        disturbed = true;
        if (end === 'cancelled') controller.abort();
        throw new Error('disturbed');
      };
      const onEntry = onTheWay.find((point) => point.endsWith(`>${from}:after`)) ?? 'plan-stored:before';
      bench.deps = {
        ...bench.deps,
        faultPoint: (name) => {
          reached.add(name);
          if (name === onEntry) disturb();
        },
      };
      const { report } = await bench.run(all, controller.signal);
      assert.equal(report.task.stage, end);
      assert.equal(report.task.reason?.code, end === 'failed' ? 'internal' : 'cancelled');
      assert.deepEqual(bench.repository.tagEvents, []);
      assert.deepEqual(
        [...(journal as MemoryJournal).records.values()].map(({ stage, terminal }) => [stage, terminal]),
        [[end, true]],
      );
      assert.deepEqual(
        report.outcomes.map(({ outcome }) => outcome),
        ['cancelled'],
      );
    }
  }
  const expected = faultPoints().filter((point) => point.includes('>failed') || point.includes('>cancelled'));
  assert.deepEqual(
    expected.filter((point) => !reached.has(point)),
    [],
  );
});

test('a task that failed is done anew by the same command', async () => {
  const bench = fixBench(toyWorld({ problems: ['dependency of libfoo does not hold'] }));
  const first = await bench.run(all);
  assert.equal(first.report.task.reason?.code, 'self_check_failed');
  bench.world.problems = [];
  const second = await bench.run(all);
  assert.equal(second.report.task.status, 'success');
  assert.notEqual(second.report.task.id, first.report.task.id);
});

test('a task that lost its lease writes nothing more', async () => {
  const bench = fixBench();
  bench.deps = {
    ...bench.deps,
    faultPoint: (name) => {
      if (name === 'pushing>verifying:after') bench.journal.lost = true;
    },
  };
  const { report } = await bench.run(all);
  assert.equal(report.task.reason?.code, 'lease_lost');
  assert.deepEqual(bench.repository.tagEvents, []);
  assert.equal(bench.journal.history.at(-1)?.stage, 'verifying');
});
