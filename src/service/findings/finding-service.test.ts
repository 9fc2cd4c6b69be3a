import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { EstateWorld } from '../../../test/support/estate-world.ts';
import { allRaw, naiveRows } from '../../../test/support/naive-estate.ts';
import { seeded } from '../../../test/support/random.ts';
import type { Filter } from '../../findings/index.ts';

const counted: Filter = { not: { field: 'state', op: 'in', values: ['unimportant'] } };
const worst = { by: 'worst', descending: false } as const;

function worldOf(seed: number): EstateWorld {
  const world = new EstateWorld(seeded(seed));
  for (let changes = 0; changes < 8; changes++) world.change();
  return world;
}

for (let seed = 1; seed <= 8; seed++) {
  test(`records are named once, found again by their ids, and only within the caller's projects (seed ${seed})`, async () => {
    const world = worldOf(seed);
    const { findings } = estateServices(world);
    const page = { offset: 0, limit: 1_000 };
    const all = await findings.page(callFor('all'), { grain: 'record', page });
    const naive = naiveRows(world, counted, 'all', 'record', worst);
    assert.equal(all.total, naive.length);
    assert.deepEqual(
      all.rows.map(({ imageUuid, vulnerability }) => `${imageUuid} ${vulnerability.id}`),
      naive.map(({ first }) => `${first.image.uuid} ${first.vulnerability.name}`),
    );
    const ids = all.rows.map(({ recordId }) => recordId);
    assert.equal(new Set(ids).size, ids.length);
    const again = await findings.page(callFor('all'), { grain: 'record', page });
    assert.deepEqual(again.rows, all.rows);
    assert.deepEqual(await findings.records(callFor('all'), [...ids, 99_999_999, -1]), all.rows);
    for (const projects of [[], [1], [2, 3]] as number[][]) {
      const own = await findings.records(callFor(projects), ids);
      const visible: number = naiveRows(world, counted, projects, 'record', worst).length;
      assert.equal(own.length, visible);
      assert.equal((await findings.page(callFor(projects), { grain: 'record', page })).total, visible);
    }
  });
}

test('a record tells everything of its packages, decisions, fixes under way and fixed images', async () => {
  const world = worldOf(3);
  const { findings, fixing } = estateServices(world);
  const first = naiveRows(world, counted, 'all', 'record', worst)[0]?.first;
  assert.ok(first !== undefined);
  fixing.set(first.image.uuid, new Set([first.vulnerability.name]));
  const { rows } = await findings.page(callFor('all'), { grain: 'record', page: { offset: 0, limit: 1 } });
  const raw = allRaw(world).filter(
    ({ image, vulnerability }) => image.id === first.image.id && vulnerability.id === first.vulnerability.id,
  );
  assert.equal(rows[0]?.fixing, true);
  assert.deepEqual(
    rows[0].packages.map(({ purl }) => purl).sort(),
    [...new Set(raw.map(({ pkg }) => pkg.purl))].sort(),
  );
  assert.equal(
    rows[0].handled === null,
    raw.some(({ rule }) => rule === null),
  );
  assert.equal(rows[0].firstSeen, Math.min(...raw.map(({ firstSeen }) => firstSeen)));
  const filter: Filter = { field: 'fixing', op: 'is', value: true };
  assert.equal(await findings.count(callFor('all'), filter, 'record'), 1);
  const detail = await findings.vulnerability(callFor('all'), first.vulnerability.name);
  assert.equal(detail?.id, first.vulnerability.name);
  assert.equal(await findings.vulnerability(callFor([]), first.vulnerability.name), null);
  assert.equal(await findings.vulnerability(callFor('all'), 'CVE-1999-0001'), null);
});

test('packages of the estate are told with the images that the caller may see', async () => {
  const world = worldOf(5);
  const { findings } = estateServices(world);
  for (const projects of ['all', [1], []] as const) {
    const visible = world.images.filter(
      ({ until, projectId }) => until === null && (projects === 'all' || projects.some((id) => id === projectId)),
    );
    const page = await findings.estatePackages(callFor(projects), { name: 'pkg4', page: { offset: 0, limit: 100 } });
    for (const row of page.rows.filter(({ name }) => name === 'pkg4')) {
      const id = world.packages.find(({ purl }) => purl === row.purl)?.id ?? 0;
      const holders = visible.filter(({ manifestId }) =>
        world.contents
          .get(manifestId)
          ?.sets.some(({ setId }) => world.sets.find((set) => set.id === setId)?.members.includes(id)),
      );
      assert.equal(row.images, holders.length, row.purl);
      assert.ok(row.images > 0);
      const named = { name: row.name, version: row.version, page: { offset: 0, limit: 100 } };
      const held = await findings.imagesWithPackage(callFor(projects), named);
      const same = world.packages.filter((pkg) => pkg.name === row.name && pkg.version === row.version);
      if (same.length === 1) assert.deepEqual([...held.rows].sort(), holders.map(({ uuid }) => uuid).sort());
      assert.equal(held.total, held.rows.length);
    }
    if (visible.length === 0) assert.equal(page.total, 0);
  }
});
