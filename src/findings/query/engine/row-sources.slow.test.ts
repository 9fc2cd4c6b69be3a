import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EstateWorld } from '../../../../test/support/estate-world.ts';
import { allRaw, type NaiveRow, naiveRows, type Raw } from '../../../../test/support/naive-estate.ts';
import { pick, seeded } from '../../../../test/support/random.ts';
import type { Filter, Sort } from '../contract.ts';
import { EstateIndex } from '../estate/estate-index.ts';
import { Pacer } from '../estate/pacer.ts';
import type { FindingRowSource, RowBlock } from '../row-source.ts';
import { createRowSources } from './row-sources.ts';
import { talliesOf } from './tallies.ts';

const never = new AbortController().signal;
const ports = { fixing: async () => new Map(), records: { byIds: async () => [] } };

/** A row as text: image, then its findings with place, decision and time. */
function shown(source: FindingRowSource, block: RowBlock): string[] {
  return Array.from({ length: block.count }, (_, row) => {
    const members: string[] = [];
    for (let at = block.start[row] as number; at < (block.start[row + 1] as number); at++) {
      const facts = source.finding(block.finding[at] as number);
      const place = source.evidence(block.evidence[at] as number);
      const rule = block.rule[at] as number;
      members.push(
        `${facts.purl} ${facts.key} ${place.path} ${rule < 0 ? '-' : source.rule(rule).id} ${block.firstSeen[at]}`,
      );
    }
    return `${source.image(block.image[row] as number).id}: ${members.join('; ')}`;
  });
}

function expected(rows: readonly NaiveRow[]): string[] {
  const text = (raw: Raw): string => `${raw.pkg.purl} ${raw.key} ${raw.path} ${raw.rule?.id ?? '-'} ${raw.firstSeen}`;
  return rows.map(({ first, members }) => `${first.image.id}: ${members.map(text).join('; ')}`);
}

async function allRows(source: FindingRowSource, from: string | null): Promise<string[]> {
  const rows: string[] = [];
  for await (const block of source.blocks(from, never)) rows.push(...shown(source, block));
  return rows;
}

const filters: readonly (Filter | undefined)[] = [
  undefined,
  { field: 'handled', op: 'is', value: false },
  { field: 'severity', op: 'in', values: ['critical', 'high'] },
  {
    or: [
      { field: 'path', op: 'in', values: ['path/1'] },
      { field: 'repository.path', op: 'in', values: ['team/app2'] },
    ],
  },
];

for (let seed = 1; seed <= 15; seed++) {
  test(`exported rows are those of a naive view, from any position on (seed ${seed})`, async () => {
    const random = seeded(seed * 101);
    const world = new EstateWorld(random);
    for (let changes = 0; changes < 12; changes++) world.change();
    const sources = createRowSources({ source: () => world.source(), ports, now: () => world.now });
    for (let round = 0; round < 6; round++) {
      const filter = pick(random, filters);
      const grain = round % 2 === 0 ? 'finding' : 'record';
      const sort = pick<Sort | undefined>(random, [
        undefined,
        { by: 'vuln', descending: true },
        { by: 'worst', descending: false },
      ]);
      const projects = pick<'all' | number[]>(random, ['all', [2, 3]]);
      // What counters do not count, lists and files do not show unless asked for.
      const counted: Filter = { not: { field: 'state', op: 'in', values: ['unimportant'] } };
      const listed: Filter = filter === undefined ? counted : { and: [filter, counted] };
      const order = { grain, filter, sort, projects, limit: undefined } as const;
      // Without a sort: images by id, the worst first inside.
      const naive = naiveRows(world, listed, projects, grain, sort ?? { by: 'id', descending: false });
      const worst = naiveRows(world, listed, projects, grain, { by: 'worst', descending: false });
      const members = new Map(worst.map((row) => [`${row.first.image.id} ${row.first.vulnerability.id}`, row.members]));
      const wanted = naive.map((row) =>
        grain === 'finding'
          ? row
          : { ...row, members: members.get(`${row.first.image.id} ${row.first.vulnerability.id}`) ?? [] },
      );
      const source = await sources.findings(order, null);
      assert.deepEqual(await source.count(never), { matched: naive.length, rows: naive.length });
      const all = await allRows(source, null);
      assert.deepEqual(all, expected(wanted));
      await resumed(sources, source, order, all);
      const limited = await sources.findings({ ...order, limit: 3 }, null);
      assert.deepEqual(await allRows(limited, null), all.slice(0, 3));
    }
  });
}

/** Stops after every block, and goes on with a source that was opened anew. */
async function resumed(
  sources: ReturnType<typeof createRowSources>,
  source: FindingRowSource,
  order: Parameters<ReturnType<typeof createRowSources>['findings']>[0],
  all: readonly string[],
): Promise<void> {
  let done = 0;
  for await (const block of source.blocks(null, never)) {
    done += block.count;
    const again = await sources.findings(order, source.pins);
    assert.deepEqual(await allRows(again, block.position), all.slice(done));
  }
}

test('counters of images are those of a naive view, before and after changes', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = seeded(seed * 977);
    const world = new EstateWorld(random);
    const index = await EstateIndex.open(world.source(), { now: () => world.now });
    for (let round = 0; round < 4; round++) {
      const snapshot = await index.current();
      const tallies = await talliesOf(snapshot, () => new Pacer());
      for (let slot = 0; slot < snapshot.images.count; slot++) {
        const id = snapshot.images.rows.id(slot);
        assert.deepEqual(
          (['cve', 'sca'] as const).map((kind) => [tallies.kind(slot, kind), tallies.handled(slot, kind)]),
          (['cve', 'sca'] as const).map((kind) => naiveCounts(world, id, kind)),
          `seed ${seed}, image ${id}`,
        );
      }
      for (let changes = 0; changes < 5; changes++) world.change();
    }
  }
});

function naiveCounts(world: EstateWorld, image: number, kind: 'cve' | 'sca'): unknown {
  const own = allRaw(world).filter((raw) => raw.image.id === image && raw.match.state !== 'unimportant');
  const findings = new Map<string, Raw[]>();
  for (const raw of own) {
    const { release, type, name, version } = raw.pkg;
    const key = JSON.stringify([release, type, name, version, raw.vulnerability.id]);
    findings.set(key, [...(findings.get(key) ?? []), raw]);
  }
  const counts = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0, total: 0, fixable: 0 };
  let handled = 0;
  for (const members of findings.values()) {
    const open = members.find(({ rule }) => rule === null);
    if ((open ?? members[0])?.pkg.kind !== kind) continue;
    if (open === undefined) {
      handled++;
      continue;
    }
    const { severity, state } = open.match;
    counts[severity === 'negligible' ? 'low' : severity]++;
    counts.total++;
    if (state === 'fixed') counts.fixable++;
  }
  return [counts, handled];
}
