import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { advisoryWorld, type OsvDocument } from '../../../test/support/advisory-world.ts';

const names = ['p', 'q', 'r'];
const versions = ['1', '2', '3', '4', '5', '6'];

/** A record in the shape of the public data: a CVE or a GHSA that may share it, several packages, a rating or none. */
const record = fc.record({
  number: fc.integer({ min: 1, max: 6 }),
  ghsa: fc.boolean(),
  aliased: fc.boolean(),
  fixed: fc.constantFrom(...versions),
  name: fc.constantFrom(...names),
  rated: fc.constantFrom(
    null,
    'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
    'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N',
  ),
  summary: fc.constantFrom('one', 'two'),
});
const records = fc.uniqueArray(record, { maxLength: 8, selector: ({ number, ghsa }) => `${number} ${ghsa}` });

function documentOf(input: typeof record extends fc.Arbitrary<infer R> ? R : never, day: number): OsvDocument {
  const cve = `CVE-2024-000${input.number}`;
  const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: input.fixed }] }];
  return {
    id: input.ghsa ? `GHSA-${input.number}aaa-bbbb-cccc` : cve,
    modified: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`,
    summary: input.summary,
    aliases: input.ghsa && input.aliased ? [cve] : [],
    severity: input.rated === null ? [] : [{ type: 'CVSS_V3', score: input.rated }],
    affected: [{ package: { ecosystem: 'Debian:12', name: input.name }, ranges }],
  } as OsvDocument;
}

/** Matches of every name and version, by name. */
async function matchesOf(service: ReturnType<typeof advisoryWorld>['service']): Promise<Map<string, string>> {
  using index = await service.open();
  const place = { arch: 'amd64', source: null, locations: [], ownedBy: null, held: false };
  const of = (name: string): unknown =>
    versions.flatMap((version) => {
      const pkg = { purl: `pkg:deb/debian/${name}@${version}`, type: 'deb', name, version, ...place };
      return index.match([pkg], undefined).matches.map(({ package: _package, ...facts }) => ({ version, ...facts }));
    });
  return new Map(names.map((name) => [name, JSON.stringify(of(name))]));
}

async function snapshot(t: TestContext, feeds: readonly (readonly OsvDocument[])[]) {
  const world = advisoryWorld(t);
  const ids: string[] = [];
  const matches: Map<string, string>[] = [];
  for (const feed of feeds) {
    world.feed('Debian', [...feed, anchor]);
    ids.push((await world.service.update(world.request({ force: true }))).snapshot.id);
    matches.push(await matchesOf(world.service));
  }
  return { world, ids, matches };
}

const anchor = documentOf(
  { number: 9, ghsa: false, aliased: false, fixed: '1', name: 'anchor', rated: null, summary: 'one' },
  1,
);

test('names that are not told as changed have the same matches in both snapshots', async (t) => {
  await fc.assert(
    fc.asyncProperty(records, records, async (first, second) => {
      const feeds = [first.map((input) => documentOf(input, 2)), second.map((input) => documentOf(input, 3))];
      const { world, ids, matches } = await snapshot(t, feeds);
      const changed = await world.service.changedKeys(ids[0] ?? '', ids[1] ?? '');
      assert.ok(changed !== 'all');
      const told = new Set(changed.map(({ name }) => name));
      for (const name of names) {
        if (!told.has(name)) assert.equal(matches[0]?.get(name), matches[1]?.get(name), name);
      }
    }),
    { numRuns: 40 },
  );
});

test('a feed that was loaded again in another order changes nothing', async (t) => {
  const feed = [1, 2, 3].map((number) =>
    documentOf({ number, ghsa: false, aliased: false, fixed: '3', name: 'p', rated: null, summary: 'one' }, 2),
  );
  const { world, ids } = await snapshot(t, [feed, feed.toReversed()]);
  assert.notEqual(ids[0], ids[1]);
  assert.deepEqual(await world.service.changedKeys(ids[0] ?? '', ids[1] ?? ''), []);
});

test('a changed rating of a shared id changes every name that may take it over', async (t) => {
  const own = { aliased: true, fixed: '3', summary: 'one' } as const;
  const cve = documentOf({ ...own, number: 1, ghsa: false, name: 'p', rated: null }, 2);
  const low = 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N';
  const before = documentOf({ ...own, number: 1, ghsa: true, name: 'q', rated: low }, 2);
  const after = documentOf({ ...own, number: 1, ghsa: true, name: 'q', rated: null }, 3);
  const { world, ids, matches } = await snapshot(t, [
    [cve, before],
    [cve, after],
  ]);
  assert.notEqual(matches[0]?.get('p'), matches[1]?.get('p'));
  const changed = await world.service.changedKeys(ids[0] ?? '', ids[1] ?? '');
  assert.deepEqual(changed, [
    { ecosystem: 'Debian:12', name: 'p' },
    { ecosystem: 'Debian:12', name: 'q' },
  ]);
});

test('names that went away leave room for new ones', async (t) => {
  const of = (name: string, day: number): OsvDocument =>
    documentOf({ number: 1, ghsa: false, aliased: false, fixed: '3', name, rated: null, summary: 'one' }, day);
  // The number of a name is kept while others vanish: a new name must not get the number of one that is still there.
  const { world, ids } = await snapshot(t, [[of('a', 2)], [of('b', 3)], [of('c', 4)]]);
  const changed = await world.service.changedKeys(ids[1] ?? '', ids[2] ?? '');
  assert.deepEqual(changed === 'all' ? [] : changed.map(({ name }) => name), ['b', 'c']);
});

test('snapshots that are gone cannot be compared', async (t) => {
  const { world, ids } = await snapshot(t, [[anchor]]);
  assert.equal(await world.service.changedKeys(`sha256:${'0'.repeat(64)}`, ids[0] ?? ''), 'all');
});
