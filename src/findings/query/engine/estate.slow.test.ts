import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EstateWorld } from '../../../../test/support/estate-world.ts';
import { type NaiveRow, naiveRows } from '../../../../test/support/naive-estate.ts';
import { pick, type Random, seeded } from '../../../../test/support/random.ts';
import type { FieldTest, Filter, Sort } from '../contract.ts';
import { EstateIndex } from '../estate/estate-index.ts';
import { Pacer } from '../estate/pacer.ts';
import type { Snapshot } from '../estate/snapshot.ts';
import { countRows } from './counting.ts';
import { orderingOf, pageOf } from './pages.ts';
import { countPerMatch } from './per-match.ts';
import { makePlan, type Plan } from './plan.ts';
import { formatPosition, type Row } from './row-order.ts';
import { countVulnerabilities, vulnerabilityPage } from './vulnerability-rows.ts';
import { Walker } from './walk.ts';

const noPairs = { fixing: new Map(), record: () => undefined };

const tests: readonly FieldTest[] = [
  { field: 'image.os', op: 'in', values: ['debian', 'ubuntu:12'] },
  { field: 'image.uuid', op: 'in', values: [(12).toString(16).padStart(32, '0'), (14).toString(16).padStart(32, '0')] },
  { field: 'image.tag', op: 'prefix', values: ['l'] },
  { field: 'image.size', op: 'ge', values: [40, 70] },
  { field: 'image.current', op: 'is', value: false },
  { field: 'repository.path', op: 'in', values: ['team/app2', 'base/app1'] },
  { field: 'registry.kind', op: 'in', values: ['harbor'] },
  { field: 'registry.type', op: 'in', values: ['acr', 'quay'] },
  { field: 'vuln.id', op: 'in', values: ['CVE-2024-1007', 'GHSA-4', 'CVE-2024-1001'] },
  { field: 'vuln.id', op: 'contains', values: ['cve-2024-100'] },
  { field: 'vuln.key', op: 'in', values: ['debian:12:CVE-2024-1001', 'imgsca:npm:pkg3:CVE-2024-1008'] },
  { field: 'vuln.title', op: 'contains', values: ['AFTER'] },
  { field: 'vuln.kev', op: 'is', value: true },
  { field: 'vuln.cvss', op: 'le', values: [5] },
  { field: 'package.name', op: 'prefix', values: ['pkg1'] },
  { field: 'kind', op: 'in', values: ['sca'] },
  { field: 'severity', op: 'in', values: ['critical', 'high', 'medium'] },
  { field: 'priority', op: 'in', values: ['asap'] },
  { field: 'fixable', op: 'is', value: true },
  { field: 'handled', op: 'is', value: false },
  { field: 'handled', op: 'is', value: true },
  { field: 'path', op: 'in', values: ['path/0'] },
  { field: 'layer', op: 'contains', values: ['A'] },
];

function someFilter(random: Random, depth = 0): Filter {
  const choice = random();
  if (depth > 2 || choice < 0.4) return pick(random, tests);
  if (choice < 0.55) return { not: someFilter(random, depth + 1) };
  const parts = Array.from({ length: Math.floor(random() * 3) + (depth === 0 ? 0 : 1) }, () =>
    someFilter(random, depth + 1),
  );
  return choice < 0.8 ? { and: parts } : { or: parts };
}

const sorts: readonly Sort['by'][] = [
  'worst',
  'vuln',
  'package',
  'image',
  'severity',
  'cvss',
  'epss',
  'firstSeen',
  'id',
];

function shown(snapshot: Snapshot, rows: readonly Row[]): string[] {
  const { images, matches } = snapshot;
  return rows.map(({ image, match }) => {
    const pkg = matches.packages[matches.package[match] as number]?.id;
    const vulnerability = matches.vulnerabilities[matches.vulnerability[match] as number]?.id;
    return `${images.rows.id(image)} ${pkg} ${vulnerability}`;
  });
}

function expected(rows: readonly NaiveRow[]): string[] {
  return rows.map(({ first }) => `${first.image.id} ${first.pkg.id} ${first.vulnerability.id}`);
}

async function walkPages(plan: Plan, grain: 'finding' | 'record', sort: Sort, limit: number): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof pageOf>> = await pageOf(plan, grain, sort, { after, limit }, new Pacer());
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}

async function compare(world: EstateWorld, index: EstateIndex, random: Random): Promise<void> {
  const snapshot = await index.current();
  const filter = someFilter(random);
  const projects = random() < 0.5 ? 'all' : [1, 3];
  const grain = random() < 0.5 ? 'finding' : 'record';
  const sort: Sort = { by: pick(random, sorts), descending: random() < 0.5 };
  const naive = naiveRows(world, filter, projects, grain, sort);
  const plan = await makePlan(snapshot, filter, projects, noPairs, new Pacer());
  const label = JSON.stringify({ filter, projects, grain, sort });

  assert.equal(await countRows(plan, grain, new Pacer()), naive.length, label);
  const limit = 1 + Math.floor(random() * 7);
  assert.deepEqual(shown(snapshot, await walkPages(plan, grain, sort, limit)), expected(naive), label);
  const offset = Math.floor(random() * (naive.length + 2));
  const page = await pageOf(plan, grain, sort, { offset, limit }, new Pacer());
  assert.equal(page.total, naive.length, label);
  assert.deepEqual(shown(snapshot, page.rows), expected(naive.slice(offset, offset + limit)), label);
  if (sort.by !== 'firstSeen') await compareWalker(plan, grain, sort, naive, offset, limit, label);

  const per = await countPerMatch(plan, new Pacer());
  const findings = naiveRows(world, filter, projects, 'finding', sort);
  const handled = findings.filter(({ first }) => first.rule !== null).length;
  const sum = (array: Int32Array): number => array.reduce((total, value) => total + value, 0);
  assert.deepEqual([sum(per.findings), sum(per.handled)], [findings.length, handled], label);
  await compareVulnerabilities(plan, findings, limit, label);
}

/** Large lists are walked instead of sorted; both must give the same. */
async function compareWalker(
  plan: Plan,
  grain: 'finding' | 'record',
  sort: Sort,
  naive: readonly NaiveRow[],
  offset: number,
  limit: number,
  label: string,
): Promise<void> {
  const ordering = await orderingOf(plan, sort, new Pacer());
  const walk = (after: Row | null, from: number): Promise<Row[]> => {
    const walker = new Walker(plan, grain, ordering, new Pacer());
    const part = { after: after && ordering.positionOf(after), offset: from, limit };
    return sort.by === 'image' || sort.by === 'id' ? walker.byImage(part) : walker.byMatch(part);
  };
  const rows = await walk(null, offset);
  assert.deepEqual(shown(plan.snapshot, rows), expected(naive.slice(offset, offset + limit)), label);
  const last = rows.at(-1);
  if (last === undefined) return;
  assert.ok(formatPosition(ordering.positionOf(last)).length > 0);
  const next = await walk(last, 0);
  const from = offset + rows.length;
  assert.deepEqual(shown(plan.snapshot, next), expected(naive.slice(from, from + limit)), label);
}

async function compareVulnerabilities(
  plan: Plan,
  findings: readonly NaiveRow[],
  limit: number,
  label: string,
): Promise<void> {
  const groups = new Map<string, NaiveRow[]>();
  for (const row of findings) groups.set(row.first.key, [...(groups.get(row.first.key) ?? []), row]);
  assert.equal(await countVulnerabilities(plan, new Pacer()), groups.size, label);
  const found = new Map<string, unknown>();
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof vulnerabilityPage>> = await vulnerabilityPage(
      plan,
      { by: 'worst', descending: false },
      { after, limit },
      new Pacer(),
    );
    for (const row of page.rows) {
      const { matches } = plan.snapshot;
      const group = matches.groupNames[matches.keyGroup[matches.key[row.match] as number] as number];
      const key = `${group}:${matches.vulnerabilities[matches.vulnerability[row.match] as number]?.name}`;
      assert.ok(!found.has(key), label);
      found.set(key, [row.findings, row.handled, row.images, row.firstSeen]);
    }
    after = page.next;
  } while (after !== null);
  const wanted = [...groups].map(([key, rows]): [string, unknown] => [
    key,
    [
      rows.length,
      rows.filter(({ first }) => first.rule !== null).length,
      new Set(rows.map(({ first }) => first.image.id)).size,
      Math.min(...rows.map(({ first }) => first.firstSeen)),
    ],
  ]);
  assert.deepEqual([...found].sort(), wanted.sort(), label);
}

for (let seed = 1; seed <= 12; seed++) {
  test(`a random estate is seen as a naive view sees it, before and after changes (seed ${seed})`, async () => {
    const random = seeded(seed);
    const world = new EstateWorld(random);
    const index = await EstateIndex.open(world.source(), { now: () => world.now });
    for (let round = 0; round < 8; round++) {
      for (let times = 0; times < 6; times++) await compare(world, index, random);
      for (let changes = Math.floor(random() * 6); changes >= 0; changes--) world.change();
    }
  });
}
