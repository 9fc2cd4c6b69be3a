import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { sql } from 'kysely';
import { findManifest } from '../../src/adapters/sql/findings/images.ts';
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import { openDatabase } from '../../src/adapters/sql/index.ts';
import { hasCode } from '../../src/kernel/index.ts';
import { createReportIngest } from '../../src/service/index.ts';
import { forEachDatabase, type OpenStore } from '../support/databases.ts';
import {
  factsWorld,
  type ToyAdvisory,
  type ToyImage,
  type ToySnapshot,
  toyDigest,
  toyEcosystems,
  toyIndex,
  toyReport,
} from '../support/facts-world.ts';
import { tableRows } from '../support/table-rows.ts';

const tables = [
  ...(['dict', 'release', 'layer', 'pkg', 'pkg_lookup', 'pkg_pending', 'component_set', 'image_set'] as const),
  ...(['set_change', 'vuln', 'vuln_alias', 'match_generation', 'pkg_vuln', 'image_counts', 'scan_record'] as const),
  ...(['finding_ref', 'outbox'] as const),
];

const advisory = (id: string, name: string, fixed: string | null, more: Partial<ToyAdvisory> = {}): ToyAdvisory => ({
  ...{ id, aliases: [], ecosystem: 'Debian:12', name, fixed, level: 'high', score: null },
  ...{ unimportant: false, title: null },
  ...more,
});
const snapshot = (id: string, ...advisories: ToyAdvisory[]): ToySnapshot => ({ id, advisories, kev: [], epss: {} });
const deb = (name: string, version = '1', layer = 900): ToyImage['packages'][number] => ({
  ...{ type: 'deb', name, version, arch: 'amd64', source: null, places: [{ path: 'status', layer }] },
});
const image = (number: number, ...packages: ToyImage['packages'][number][]): ToyImage => ({
  ...{ number, release: '12', packages },
});

async function all<T>(batches: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const batch of batches) list.push(batch);
  return list;
}

async function world(t: TestContext, open: OpenStore) {
  const { db, target } = await open(t);
  const own = await factsWorld(db);
  const rows = (): Promise<Record<string, number>> => tableRows(db, tables);
  const manifest = async (number: number): Promise<number> =>
    (await findManifest(db.kysely, toyDigest(number))) ?? assert.fail();
  return { ...own, target, rows, manifest };
}

forEachDatabase('rows of facts', (open) => {
  test('a scan of the same content adds no rows and raises no revision of contents', async (t) => {
    const own = await world(t, open);
    own.activate(snapshot('s1', advisory('CVE-1', 'a', '2')));
    const first = await own.scan(image(1, deb('a'), deb('b')));
    assert.deepEqual([first?.changed, first?.newPackages, first?.newSets], [true, 2, 1]);
    const [before, revisions] = [await own.rows(), await own.store.factRevisions()];
    const again = await own.scan(image(1, deb('a'), deb('b')), own.active(), 5_000);
    assert.deepEqual([again?.changed, again?.newPackages, again?.newSets], [false, 0, 0]);
    assert.deepEqual(again?.tally, first?.tally);
    assert.deepEqual(await own.rows(), before);
    assert.deepEqual(await own.store.factRevisions(), revisions);
    const [row] = await own.inventory.findImages({ digest: toyDigest(1) }, 1);
    assert.deepEqual([row?.scan.state, row?.scan.at], ['matched', 5_000]);
  });

  test('images with the same packages share a set', async (t) => {
    const own = await world(t, open);
    await own.scan(image(1, deb('a'), deb('b'), deb('c', '1', 901)));
    const other = await own.scan(image(2, deb('a'), deb('b'), deb('d', '1', 902)));
    assert.deepEqual([other?.newPackages, other?.newSets], [1, 1]);
  });

  test('stays as it was over a hundred rescans and reloads of advisories', { timeout: 300_000 }, async (t) => {
    const own = await world(t, open);
    const images = [image(1, deb('a'), deb('b')), image(2, deb('a'), deb('c', '2'))];
    const day = (n: number): ToySnapshot =>
      snapshot(`s${n}`, advisory('CVE-1', 'a', '2'), advisory('CVE-2', 'c', null));
    own.activate(day(0));
    for (const toy of images) await own.scan(toy);
    const before = await own.rows();
    for (let n = 1; n <= 100; n++) {
      own.activate(day(n));
      await own.rematch();
      for (const toy of images) await own.scan(toy, own.active(), n);
    }
    assert.deepEqual(await own.rows(), before);
    assert.equal((await own.store.generation())?.snapshot.id, 's100');
  });

  test('a new advisory touches matches and counters, tells once, and closed matches go after their time', async (t) => {
    const own = await world(t, open);
    own.activate(snapshot('s1', advisory('CVE-1', 'a', null)));
    for (const number of [1, 2, 3]) await own.scan(image(number, deb('a'), deb(`x${number}`)));
    await own.scan(image(4, deb('z')));
    own.activate(
      snapshot('s2', advisory('CVE-1', 'a', '2'), advisory('CVE-2', 'a', null), advisory('CVE-3', 'q', null)),
    );
    const result = await own.rematch();
    assert.deepEqual([result?.opened, result?.closed, result?.stale], [2, 1, 3]);
    const manifests = await Promise.all([1, 2, 3, 4].map((number) => own.manifest(number)));
    const behind = await own.store.tallies(manifests);
    assert.deepEqual(
      manifests.map((id) => behind.get(id)?.recounting),
      [true, true, true, false],
    );
    await own.recountAll();
    const counted = await own.store.tallies(manifests);
    assert.deepEqual(
      manifests.map((id) => counted.get(id)?.cve.total),
      [2, 2, 2, 0],
    );
    const events = await own.db.kysely.selectFrom('outbox').selectAll().orderBy('id').execute();
    assert.deepEqual(
      events.map(({ topic, payload }) => [topic, JSON.parse(payload)]),
      [
        ['vulnerability.matched', { vulnerability: 'CVE-1', opened: 1, closed: 1, images: { 1: 3 } }],
        ['vulnerability.matched', { vulnerability: 'CVE-2', opened: 1, closed: 0, images: { 1: 3 } }],
        // Only what they did not have before is news.
        [
          'vulnerability.new',
          {
            ...{ generation: 2, more: {} },
            news: [{ id: 'CVE-2', severity: 'high', title: null, fixable: false, kev: false, images: { 1: 3 } }],
          },
        ],
      ],
    );
    assert.equal(await own.store.forgetClosed(0, 100), 0);
    assert.equal(await own.store.forgetClosed(Number.MAX_SAFE_INTEGER, 100), 1);
    assert.deepEqual((await own.store.checkCounts()).differences, []);
  });

  test('a match that says something else is there since it was first', async (t) => {
    const own = await world(t, open);
    own.activate(snapshot('s1', advisory('CVE-1', 'a', null)));
    await own.scan(image(1, deb('a')));
    const openedAt = async (): Promise<number | undefined> => {
      for await (const { rows } of own.store.matches(0)) return rows[0]?.openedAt;
      return undefined;
    };
    const first = await openedAt();
    own.activate(snapshot('s2', advisory('CVE-1', 'a', '2')));
    await own.rematch();
    assert.equal(await openedAt(), first);
    own.activate(snapshot('s3'));
    await own.rematch();
    own.activate(snapshot('s4', advisory('CVE-1', 'a', '2')));
    await own.rematch();
    assert.ok(((await openedAt()) ?? 0) > (first ?? 0));
  });

  test('readers tell what changed since a revision, and nothing else', async (t) => {
    const own = await world(t, open);
    own.activate(snapshot('s1', advisory('CVE-1', 'a', null), advisory('CVE-2', 'b', null)));
    await own.scan(image(1, deb('a')));
    const before = await own.store.factRevisions();
    await own.scan(image(2, deb('b')));
    const contents = (await all(own.store.contents(before.ingest))).flat();
    assert.deepEqual(
      contents.map(({ manifestId }) => manifestId),
      [await own.manifest(2)],
    );
    const matches = await all(own.store.matches(before.matches));
    const packages = await own.store.packages(matches.flatMap((batch) => batch.packages ?? []));
    assert.deepEqual(
      packages.map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(
      matches.flatMap(({ rows }) => rows.map(({ packageId }) => packageId)),
      packages.map(({ id }) => id),
    );
    const vulnerabilities = (await all(own.store.vulnerabilities(before.matches))).flat();
    assert.deepEqual(
      vulnerabilities.map(({ name }) => name),
      ['CVE-2'],
    );
    const sets = (await all(own.store.sets(contents[0]?.sets[0]?.setId ?? 0))).flat();
    assert.deepEqual(sets, []);
    // A match that closes leaves its package without rows.
    const middle = await own.store.factRevisions();
    own.activate(snapshot('s2', advisory('CVE-2', 'b', null)));
    await own.rematch();
    const closed = await all(own.store.matches(middle.matches));
    assert.deepEqual(
      closed.map(({ packages: ids, rows }) => [ids?.length, rows.length]),
      [[1, 0]],
    );
    const holders = await own.store.setsOf(packages.map(({ id }) => id));
    assert.deepEqual(
      [...holders.values()].map((ids) => [...ids]),
      [[contents[0]?.sets[0]?.setId]],
    );
  });

  test('names records once, for any number of writers, and never again', async (t) => {
    const own = await world(t, open);
    const other = await openDatabase(own.target);
    t.after(() => other.close());
    const stores = [own.store, createFindingsStore(other)];
    const pairs = Array.from({ length: 50 }, (_, n) => ({
      imageId: 1 + (n % 5),
      vulnerabilityId: 1 + Math.floor(n / 5),
    }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => stores[n % 2]?.idsFor(n % 3 === 0 ? pairs.toReversed() : pairs)),
    );
    const ids = answers[1] ?? [];
    assert.equal(new Set(ids).size, 50);
    assert.deepEqual(
      [...ids].sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, n) => n + 1),
    );
    for (const [n, answer] of answers.entries()) assert.deepEqual(n % 3 === 0 ? answer?.toReversed() : answer, ids);
    const known = await own.store.byIds([ids[3] ?? 0, 999, -1, 2 ** 60, 0.5]);
    assert.deepEqual(known, [{ id: ids[3], ...pairs[3] }]);
    await own.db.kysely.deleteFrom('finding_ref').execute();
    assert.deepEqual(await own.store.idsFor([{ imageId: 9, vulnerabilityId: 9 }]), [51]);
  });

  test('stores nothing of a scan whose worker lost its job, or whose image is gone', async (t) => {
    const own = await world(t, open);
    own.activate(snapshot('s1', advisory('CVE-1', 'a', null)));
    await own.addImage(1);
    const before = await own.rows();
    const deps = { store: own.store, ecosystems: toyEcosystems, clock: own.clock, queue: own.queue };
    const ingest = createReportIngest({ ...deps, index: () => toyIndex(own.active()) });
    const lost = ingest.ingest(toyReport(image(1, deb('a'))), { generation: 1, fence: { jobId: 'none', fence: 1 } });
    await assert.rejects(lost, (error) => hasCode(error, 'worker_lost'));
    assert.equal(await ingest.take(toyReport(image(77, deb('a'))), { analysers: 1 }), null);
    assert.deepEqual(await own.rows(), before);
  });

  test('holds what hostile images name things', async (t) => {
    const own = await world(t, open);
    const odd = `a\0${'x'.repeat(100_000)}\u{1f480}`;
    own.activate(snapshot('s1', advisory('CVE-1', odd, null)));
    const toy = image(1, { ...deb(odd), places: [{ path: `p\0/${'y'.repeat(9_000)}`, layer: 900 }] });
    await own.scan(toy);
    await own.scan(toy);
    const view = await own.store.image(await own.manifest(1));
    assert.equal(view?.packages[0]?.name, odd.replaceAll('\0', '\ufffd'));
    assert.equal(view?.packages.length, 1);
  });

  test('damaged sets are said, not shown as empty', async (t) => {
    const own = await world(t, open);
    await own.scan(image(1, deb('a'), deb('b')));
    await sql`UPDATE component_set SET members = ${Uint8Array.of(1)}`.execute(own.db.kysely);
    const id = await own.manifest(1);
    await assert.rejects(own.store.image(id), (error) => hasCode(error, 'facts_damaged'));
  });
});
