import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTrendStore } from '../../src/adapters/sql/overview/index.ts';
import { dayMs } from '../../src/kernel/index.ts';
import { type DailyCounts, trendRetention } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';

function counts(projectId: number, day: number, critical: number): DailyCounts {
  return {
    ...{ projectId, day, critical, high: 2, medium: 3, low: 4, unknown: 5, fixable: 6, kev: 7, images: 8, scanned: 9 },
    ...{ imagesAtRisk: 10, baseline: 11, instruction: 12, malicious: 13, sensitive: 14 },
  };
}

forEachDatabase('numbers by day', (open) => {
  test('are kept once for each project and day, and read by project and time', async (t) => {
    const { db } = await open(t);
    const store = createTrendStore(db);
    await store.put([], 1);
    await store.put([counts(1, 100, 1), counts(2, 100, 2), counts(1, 101, 3)], 1_000);
    await store.put([counts(1, 101, 4)], 2_000);
    assert.deepEqual(await store.days('all', 100, 101), [counts(1, 100, 1), counts(2, 100, 2), counts(1, 101, 4)]);
    assert.deepEqual(await store.days([2], 0, 1_000), [counts(2, 100, 2)]);
    assert.deepEqual(await store.days([], 0, 1_000), []);
    assert.deepEqual(await store.days('all', 102, 1_000), []);
    assert.deepEqual([await store.recordedAt(101), await store.recordedAt(102)], [2_000, null]);
    const many = Array.from({ length: 1_200 }, (_, project) => counts(project, 102, project));
    await store.put(many, 3_000);
    assert.equal((await store.days('all', 102, 102)).length, 1_200);
    await store.prune(101);
    assert.deepEqual(await store.days('all', 0, 101), [counts(1, 101, 4)]);
  });

  test('tidying records a day when nobody did lately, and keeps 400 days', async (t) => {
    const { db } = await open(t);
    const store = createTrendStore(db);
    let recorded = 0;
    const now = 1_000 * dayMs + 3_600_000;
    const step = trendRetention({
      store,
      record: async () => {
        recorded++;
        await store.put([counts(1, 1_000, 1)], now);
      },
    });
    const { signal } = new AbortController();
    await store.put([counts(1, 600, 1), counts(1, 601, 1)], 1);
    await step.run(now, signal);
    await step.run(now + 3_600_000, signal);
    assert.equal(recorded, 1);
    await step.run(now + 7 * 3_600_000, signal);
    assert.equal(recorded, 2);
    assert.deepEqual(
      (await store.days('all', 0, 2_000)).map(({ day }) => day),
      [601, 1_000],
    );
  });
});
