import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callFor, estateServices } from '../../../test/support/estate-services.ts';
import { EstateWorld } from '../../../test/support/estate-world.ts';
import { naiveRows } from '../../../test/support/naive-estate.ts';
import { seeded } from '../../../test/support/random.ts';
import { parseFilter } from '../../findings/index.ts';
import { dayMs } from '../../kernel/index.ts';
import type { ImageView } from '../contract/index.ts';
import { createOverviewService } from './create-overview-service.ts';
import type { DailyCounts, TrendStore } from './ports.ts';

function memoryTrend(): TrendStore & { readonly rows: Map<string, DailyCounts>; writes: number } {
  const rows = new Map<string, DailyCounts>();
  return {
    rows,
    writes: 0,
    async put(given) {
      this.writes++;
      for (const row of given) rows.set(`${row.day} ${row.projectId}`, row);
    },
    days: async (projects, from, to) =>
      [...rows.values()].filter(
        ({ day, projectId }) => day >= from && day <= to && (projects === 'all' || projects.includes(projectId)),
      ),
    recordedAt: async () => null,
    prune: async () => {},
  };
}

/** Whatever the versions of the world are, compared as texts. */
const numbers = { valid: () => true, compare: (a: string, b: string) => (a < b ? -1 : Number(a > b)) };

function worldOf(seed: number) {
  const world = new EstateWorld(seeded(seed));
  for (let changes = 0; changes < 12; changes++) world.change();
  // Two of the images stand on releases that have ended, one of them under a name that text cannot spell plainly.
  const [first, second] = world.images;
  if (first) Object.assign(first, { osId: 'debian', osVersion: '9', osName: 'Debian 9' });
  if (second) Object.assign(second, { osId: 'ubuntu', osVersion: '14.04', scanState: 'failed', scanCode: 'timeout' });
  const { images, queries } = estateServices(world);
  const store = memoryTrend();
  const clock = { now: () => new Date(Date.UTC(2026, 10, 30, 12)) };
  return {
    world,
    images,
    queries,
    store,
    clock,
    overview: createOverviewService({ queries, store, clock, versions: () => numbers }),
  };
}

async function everyImage(images: ReturnType<typeof worldOf>['images'], filter: string, projects: 'all' | number[]) {
  const page = { offset: 0, limit: 500 };
  return (await images.page(callFor(projects), { filter: parseFilter(filter), sort: 'worst', page })).rows;
}

for (let seed = 31; seed <= 38; seed++) {
  test(`each group of the worklist is what its filter shows, the worst first (seed ${seed})`, async () => {
    const { world, images, overview } = worldOf(seed);
    for (const projects of ['all', [1], []] as ('all' | number[])[]) {
      const { groups, scanHealth } = await overview.worklist(callFor(projects));
      for (const { key, filter, images: count, fixable, top } of groups) {
        const shown = await everyImage(images, filter, projects);
        assert.equal(count, shown.length, `${key}: ${filter}`);
        assert.deepEqual(
          top.map(({ uuid }) => uuid),
          shown.slice(0, 3).map(({ uuid }) => uuid),
          key,
        );
        const finding = /fixable:true/.test(filter);
        const named = () =>
          naiveRows(world, parseFilter(filter), projects, 'finding', { by: 'id', descending: false }).length;
        const summed = shown.reduce((sum, { counts }) => sum + counts.cve.fixable + counts.sca.fixable, 0);
        assert.equal(fixable, finding ? named() : summed, key);
      }
      const all = await everyImage(images, 'image.current:true', projects);
      assert.equal(scanHealth.images, all.length);
      for (const { state, images: count, filter } of scanHealth.states) {
        assert.equal(count, all.filter(({ scan }) => scan.state === state).length);
        assert.equal(count, (await everyImage(images, filter, projects)).length);
      }
      const ended = all.filter(({ os }) => os?.id === 'debian' && os.versionId === '9');
      const group = groups.find(({ key }) => key === 'end_of_life');
      if (ended.length > 0) assert.ok((group?.images ?? 0) >= ended.length);
    }
  });

  test(`today is what the images say, other days are what was recorded (seed ${seed})`, async () => {
    const { images, overview, store, clock } = worldOf(seed);
    const today = Math.floor(clock.now().getTime() / dayMs);
    const [now] = await overview.trend(callFor('all'), 30);
    const all = await everyImage(images, 'image.current:true', 'all');
    const sum = (of: (counts: ImageView['counts']) => number) => all.reduce((n, { counts }) => n + of(counts), 0);
    assert.equal(now?.day, '2026-11-30');
    assert.equal(now?.images, all.length);
    assert.equal(
      now?.critical,
      sum(({ cve, sca }) => cve.critical + sca.critical),
    );
    assert.equal(
      now?.total,
      sum(({ cve, sca }) => cve.total + sca.total),
    );
    assert.equal(
      now?.fixable,
      sum(({ cve, sca }) => cve.fixable + sca.fixable),
    );
    assert.equal(
      now?.kev,
      sum(({ kev }) => kev),
    );
    assert.equal(now?.scanned, all.filter(({ scan }) => scan.at !== null).length);
    await overview.trend(callFor([1]), 1);
    assert.equal(store.writes, 1, 'written once for one state of the estate');
    const [row] = store.rows.values();
    assert.ok(row);
    await store.put([{ ...row, projectId: 1, day: today - 3, critical: 4 }], 1);
    await store.put([{ ...row, projectId: 2, day: today - 3, critical: 5 }], 1);
    const days = await overview.trend(callFor('all'), 4);
    assert.deepEqual(
      days.map(({ day, critical }) => [day, critical]),
      [
        ['2026-11-27', 9],
        ['2026-11-30', now?.critical],
      ],
      'days between are absent',
    );
    assert.deepEqual((await overview.trend(callFor([2]), 4))[0]?.critical, 5);
    assert.equal((await overview.trend(callFor('all'), 3)).length, 1);
    assert.deepEqual(await overview.trend(callFor([]), 400), []);
  });
}

for (let seed = 41; seed <= 46; seed++) {
  test(`advice on a package is what a naive view counts (seed ${seed})`, async () => {
    const { world, overview } = worldOf(seed);
    for (const projects of ['all', [2]] as ('all' | number[])[]) {
      for (const { name } of world.packages) {
        const advice = await overview.advice(callFor(projects), { name });
        const filter = parseFilter(`package:"${name}" fixable:true handled:false`);
        const rows = naiveRows(world, filter, projects, 'finding', { by: 'id', descending: false });
        const open = rows.filter(({ first }) => first.pkg.name === name);
        const versions = new Set(open.map(({ first }) => first.pkg.version));
        for (const version of versions) {
          const own = advice.filter((one) => one.version === version);
          const images = new Set(
            open.filter(({ first }) => first.pkg.version === version).map(({ first }) => first.image.id),
          );
          // Packages that differ in other things only share their findings.
          if (own.length !== 1) continue;
          assert.ok((own[0]?.images ?? 0) >= images.size);
          for (const { removes } of own[0]?.upgrades ?? [])
            assert.ok(removes > 0 && removes <= (own[0]?.findings ?? 0));
          const total = open.filter(({ first }) => first.pkg.version === version).length;
          const twins = world.packages.filter((pkg) => pkg.name === name && pkg.version === version);
          if (twins.length === 1) assert.equal(own[0]?.findings, total);
        }
        for (const { version } of advice) assert.ok(versions.has(version));
      }
    }
  });
}
