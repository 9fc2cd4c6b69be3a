import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { EstateWorld } from '../../../test/support/estate-world.ts';
import { naiveRows, type Raw } from '../../../test/support/naive-estate.ts';
import { seeded } from '../../../test/support/random.ts';
import type { Filter } from '../../findings/index.ts';
import type { ImageSort } from '../contract/index.ts';

const everyFinding: Filter = { not: { field: 'state', op: 'in', values: ['unimportant'] } };
const sort = { by: 'id', descending: false } as const;

for (let seed = 11; seed <= 16; seed++) {
  test(`images, their order and sums are those of a naive view (seed ${seed})`, async () => {
    const world = new EstateWorld(seeded(seed));
    for (let changes = 0; changes < 8; changes++) world.change();
    const { images } = estateServices(world);
    for (const projects of ['all', [1, 2], []] as const) {
      const call = callFor(projects);
      const visible = world.images
        .filter(
          ({ until, projectId }) => until === null && (projects === 'all' || projects.some((id) => id === projectId)),
        )
        .map(({ uuid }) => uuid);
      for (const by of ['worst', 'repository', 'updated', 'scanned', 'size', 'id'] satisfies ImageSort[]) {
        const seen: string[] = [];
        let after: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof images.page>> = await images.page(call, {
            sort: by,
            page: { after, limit: 3 },
          });
          assert.equal(page.total, visible.length);
          seen.push(...page.rows.map(({ uuid }) => uuid));
          after = page.next;
        } while (after !== null);
        assert.deepEqual(seen.toSorted(), visible.toSorted(), by);
      }
      const findings: Raw[] = naiveRows(world, everyFinding, projects, 'finding', sort).map(({ first }) => first);
      const all = await images.securityCounts(call, undefined, null);
      for (const kind of ['cve', 'sca'] as const) {
        assert.equal(all[kind], findings.filter(({ pkg }) => pkg.kind === kind).length);
      }
      const repositories = await images.repositories(call, { page: { offset: 0, limit: 100 } });
      assert.equal(
        repositories.rows.reduce((sum, row) => sum + row.images, 0),
        visible.length,
      );
      const statistics = await images.statistics(call);
      assert.equal(statistics.images, visible.length);
      assert.equal(
        Object.values(statistics.byState).reduce((sum, value) => sum + value, 0),
        visible.length,
      );
      const uuids = world.images.map(({ uuid }) => uuid).reverse();
      const found = await images.byUuids(call, [...uuids, ...uuids, 'f'.repeat(32)]);
      const allowed = world.images.filter(
        ({ projectId }) => projects === 'all' || projects.some((id) => id === projectId),
      );
      assert.deepEqual(
        found.map(({ uuid }) => uuid),
        allowed.map(({ uuid }) => uuid).reverse(),
      );
      for (const { uuid, projectId, tag } of world.images) {
        const mine = projects === 'all' || projects.some((id) => id === projectId);
        assert.deepEqual(await images.report(call, uuid), mine ? { uuid } : null);
        assert.equal((await images.tagHistory(call, uuid)).length, mine && tag !== null ? 1 : 0);
      }
    }
  });
}

test('the sum with a filter of findings counts what passes, handled or not', async () => {
  const world = new EstateWorld(seeded(21));
  for (let changes = 0; changes < 12; changes++) world.change();
  const { images } = estateServices(world);
  const filter: Filter = { field: 'severity', op: 'in', values: ['critical', 'high'] };
  const rows = naiveRows(world, { and: [filter, everyFinding] }, 'all', 'finding', sort).map(({ first }) => first);
  for (const handled of [true, false, null]) {
    const sums = await images.securityCounts(callFor('all'), filter, handled);
    const wanted = rows.filter(({ rule }) => handled === null || (rule !== null) === handled);
    assert.equal(sums.cve + sums.sca, wanted.length);
  }
});
