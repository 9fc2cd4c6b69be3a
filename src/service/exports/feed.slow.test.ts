import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EstateWorld } from '../../../test/support/estate-world.ts';
import { MemoryFile } from '../../../test/support/export-rows.ts';
import { type NaiveRow, naiveRows } from '../../../test/support/naive-estate.ts';
import { seeded } from '../../../test/support/random.ts';
import { produce, selectColumns, writeSnapshot } from '../../exports/index.ts';
import { createRowSources, type Filter } from '../../findings/index.ts';
import type { ExportSpec } from '../contract/index.ts';
import { openRows } from './feed.ts';
import { sortedByImage } from './order.ts';

const signal = new AbortController().signal;
const ports = { fixing: async () => new Map(), records: { byIds: async () => [] } };
const columns = ['repository', 'tag', 'imageUuid', 'vulnerabilityKey', 'package', 'installedVersion', 'handled'];

/** The cells of an export of a made-up estate as JSON Lines. */
async function exported(
  world: EstateWorld,
  spec: ExportSpec,
  projects: 'all' | readonly number[],
): Promise<string[][]> {
  const sources = createRowSources({ source: () => world.source(), ports, now: () => world.now });
  const opened = await openRows(sources, { spec, projects }, new Map([[1, 'one']]), signal);
  const [snapshot, out] = [new MemoryFile(), new MemoryFile()];
  await writeSnapshot(opened.feed, snapshot, { expected: opened.rows, signal });
  const selected = selectColumns(spec.subject === 'images' ? 'images' : spec.grain, 'jsonl', spec.columns);
  assert.ok('columns' in selected);
  const file = {
    format: 'jsonl',
    columns: selected.columns,
    bom: false,
    raw: false,
    innerManifest: () => ({}),
  } as const;
  const job = { snapshot, out, file, rows: opened.rows, from: null, signal, byImage: sortedByImage(spec) };
  await produce({ ...job, progress: () => {}, checkpoint: async () => {} });
  const lines = out.bytes.toString().split('\n').slice(0, -1);
  assert.equal(lines.length, opened.rows);
  return lines.map((line) => Object.values(JSON.parse(line)).map(String));
}

/** The same cells out of the naive view. */
function cells({ members, first }: NaiveRow): string[] {
  const joined = (texts: readonly string[]): string => [...new Set(texts)].join(';');
  return [
    first.repository.path,
    String(first.image.tag),
    first.image.uuid,
    first.key,
    joined(members.map(({ pkg }) => pkg.name)),
    joined(members.map(({ pkg }) => pkg.version)),
    String(members.every(({ rule }) => rule !== null)),
  ];
}

const filters: readonly (Filter | undefined)[] = [
  undefined,
  { field: 'severity', op: 'in', values: ['critical', 'high'] },
  { field: 'handled', op: 'is', value: false },
  { field: 'image.current', op: 'is', value: false },
];
/** What lists and counters show: without what a distribution calls unimportant. */
const counted: Filter = { not: { field: 'state', op: 'in', values: ['unimportant'] } };
const worst = { by: 'worst', descending: true } as const;

for (let seed = 1; seed <= 6; seed++) {
  test(`an export holds the rows that a naive view counts (seed ${seed})`, async () => {
    const world = new EstateWorld(seeded(seed * 7));
    for (let changes = 0; changes < 10; changes++) world.change();
    for (const grain of ['finding', 'record'] as const) {
      for (const filter of filters) {
        for (const projects of ['all', [1]] as const) {
          const spec = { subject: 'findings', grain, format: 'jsonl', columns, ...(filter && { filter }) } as const;
          const shown: Filter = filter === undefined ? counted : { and: [filter, counted] };
          const naive: string[][] = naiveRows(world, shown, projects, grain, worst).map(cells);
          const sorted = (rows: readonly (readonly string[])[]): string[] => rows.map((row) => row.join('|')).sort();
          assert.deepEqual(sorted(await exported(world, spec, projects)), sorted(naive));
          const byImage = await exported(world, { ...spec, sort: { by: 'image', descending: false } }, projects);
          assert.deepEqual(sorted(byImage), sorted(naive));
          const names = byImage.map((row) => row.slice(0, 4).join('\u0000').replace('null', ''));
          assert.deepEqual(names, names.toSorted(), 'repository, tag, image, vulnerability');
        }
      }
    }
  });
}

test('images and vulnerabilities are exported too, as many as are counted', async () => {
  const world = new EstateWorld(seeded(5));
  const images = await exported(
    world,
    { subject: 'images', grain: 'finding', format: 'jsonl', columns: ['imageUuid', 'cve.total'] },
    'all',
  );
  const current = world.images.filter(({ until }) => until === null).map(({ uuid }) => uuid);
  assert.deepEqual(images.map(([uuid]) => uuid).sort(), current.sort());
  const spec = {
    subject: 'findings',
    grain: 'vulnerability',
    format: 'jsonl',
    columns: ['vulnerabilityKey', 'images'],
  } as const;
  const keys = new Set(naiveRows(world, counted, 'all', 'finding', worst).map(({ first }) => first.key));
  assert.deepEqual((await exported(world, spec, 'all')).map(([key]) => key).sort(), [...keys].sort());
});
