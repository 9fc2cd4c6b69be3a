import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createInventoryStore } from '../../src/adapters/sql/inventory/index.ts';
import type { Digest } from '../../src/image/index.ts';
import {
  type InventoryStore,
  imageUuid,
  type ObservedRoot,
  type RegistryFields,
  type TagObservation,
} from '../../src/inventory/index.ts';
import { forEachDatabase } from '../support/databases.ts';

const digest = (n: number): Digest => `sha256:${n.toString(16).padStart(64, '0')}`;

const fields = (name: string, change: Partial<RegistryFields> = {}): RegistryFields => ({
  name,
  kind: 'oci',
  baseUrl: 'https://registry.example',
  connectAddress: null,
  region: 'local',
  projectId: 1,
  username: 'robot',
  password: Buffer.from([1, 2, 3]),
  include: ['team/**'],
  exclude: [],
  references: [],
  schedule: null,
  scansPerHour: null,
  vendor: {},
  insecure: false,
  ca: null,
  scanNew: true,
  ...change,
});

const image = (n: number, arch = 'amd64'): ObservedRoot['images'][number] => ({
  digest: digest(n),
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  manifestSize: 500,
  configDigest: digest(n + 1000),
  os: 'linux',
  arch,
  variant: null,
  createdAt: 1_600_000_000_000,
  size: 12_345,
  refused: null,
});

const single = (n: number): ObservedRoot => ({
  digest: digest(n),
  kind: 'image',
  mediaType: 'application/vnd.oci.image.manifest.v1+json',
  size: 500,
  images: [image(n)],
});

const index = (n: number, ...members: ObservedRoot['images']): ObservedRoot => ({
  digest: digest(n),
  kind: 'index',
  mediaType: 'application/vnd.oci.image.index.v1+json',
  size: 900,
  images: members,
});

const seen = (tag: string, root: ObservedRoot | null, observedAt: number): TagObservation => ({
  tag,
  root,
  observedAt,
});
const poll = { source: 'poll', actor: null } as const;

async function start(store: InventoryStore, name = 'main') {
  const registry = (await store.insertRegistry(fields(name), 100)) ?? assert.fail();
  const [repository] = await store.seeRepositories(registry.id, [{ path: 'team/app', public: true }], 1, 100);
  return { registry, repository: repository ?? assert.fail() };
}

async function rowsSince(store: InventoryStore, seq: number) {
  const rows = [];
  for await (const batch of store.readImages(seq, 2)) rows.push(...batch);
  return rows;
}

forEachDatabase('inventory store', (open) => {
  test('keeps registries, hides secrets, frees names of removed ones', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const first =
      (await store.insertRegistry(fields('main', { vendor: { registryType: 'quay' } }), 100)) ?? assert.fail();
    assert.match(first.instanceId, /^cri-[a-z0-5]{16}$/);
    assert.equal(first.hasPassword, true);
    assert.equal(first.state, 'new');
    assert.deepEqual([...((await store.secrets(first.id))?.password ?? [])], [1, 2, 3]);
    assert.equal(await store.insertRegistry(fields('main'), 101), null);
    const second = (await store.insertRegistry(fields('Second 10%', { projectId: 2 }), 102)) ?? assert.fail();
    assert.equal(await store.updateRegistry(second.id, { name: 'main' }, 103), 'name_taken');
    const page = async (query: object) =>
      (await store.registries({ projects: 'all', window: { offset: 0, limit: 10 }, ...query })).rows.map(
        ({ name }) => name,
      );
    assert.deepEqual(await page({}), ['main', 'Second 10%']);
    assert.deepEqual(await page({ projects: [2] }), ['Second 10%']);
    assert.deepEqual(await page({ projects: [] }), []);
    assert.deepEqual(await page({ nameContains: '0%' }), ['Second 10%']);
    assert.deepEqual(await page({ nameContains: 'sECOND' }), ['Second 10%']);
    assert.deepEqual(await page({ nameContains: '_' }), []);
    assert.deepEqual(await page({ types: ['quay'] }), ['main']);
    assert.deepEqual(await page({ notTypes: ['quay'] }), ['Second 10%']);
    assert.deepEqual(await page({ window: { afterId: first.id, limit: 10 } }), ['Second 10%']);
    const changed = await store.updateRegistry(first.id, { password: null, name: 'renamed', kind: 'harbor' }, 104);
    assert.ok(changed !== null && changed !== 'name_taken');
    assert.deepEqual([changed.hasPassword, changed.name, changed.updatedAt], [false, 'renamed', 104]);
    assert.deepEqual(await page({ types: ['quay'] }), ['renamed']);
    assert.equal(await store.markRemoved(first.id, 105), true);
    assert.equal(await store.markRemoved(first.id, 106), false);
    assert.equal(await store.registry(first.id), null);
    assert.equal(await store.secrets(first.id), null);
    assert.ok(await store.insertRegistry(fields('renamed'), 107));
  });

  test('a tag that moves closes its image and opens another; coming back opens the old one again', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    const uuid = (n: number) => imageUuid(registry.instanceId, 'team/app', 'v1', digest(n));
    const changes = await store.applyTags(repository.id, [seen('v1', single(1), 200)], poll);
    assert.deepEqual(changes, { opened: [uuid(1)], unscanned: [uuid(1)], closed: 0 });
    assert.deepEqual(await store.applyTags(repository.id, [seen('v1', single(1), 300)], poll), {
      opened: [],
      unscanned: [],
      closed: 0,
    });
    const moved = await store.applyTags(repository.id, [seen('v1', single(2), 400)], { source: 'push', actor: 'jane' });
    assert.deepEqual(moved, { opened: [uuid(2)], unscanned: [uuid(2)], closed: 1 });
    const [former, now] = await store.imagesByUuid([uuid(1), uuid(2), uuid(2), 'f'.repeat(32)]);
    assert.deepEqual([former?.since, former?.until, now?.since, now?.until], [200, 400, 400, null]);
    assert.deepEqual(
      [now?.tag, now?.digest, now?.platform, now?.size, now?.repository.path, now?.scan.state],
      ['v1', digest(2), 'linux/amd64', 12_345, 'team/app', 'never'],
    );
    await store.applyTags(repository.id, [seen('v1', single(1), 500)], poll);
    const [again] = await store.imagesByUuid([uuid(1)]);
    assert.deepEqual([again?.id, again?.since, again?.until], [former?.id, 500, null]);
    await store.applyTags(repository.id, [seen('v1', null, 600)], poll);
    assert.deepEqual(
      (await store.tagHistory(repository.id, 'v1', 10)).map(({ digest: d, at, source, actor }) => [
        d,
        at,
        source,
        actor,
      ]),
      [
        [null, 600, 'delete', null],
        [digest(1), 500, 'poll', null],
        [digest(2), 400, 'push', 'jane'],
        [digest(1), 200, 'poll', null],
      ],
    );
    assert.equal((await store.currentTags(repository.id)).size, 0);
    assert.equal((await store.findImages({ digest: digest(1), current: true }, 5)).length, 0);
    assert.equal((await store.findImages({ digest: digest(1) }, 5)).length, 1);
  });

  test('an older look never overrides a newer one', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { repository } = await start(store);
    await store.applyTags(repository.id, [seen('v1', single(2), 500)], poll);
    assert.equal((await store.applyTags(repository.id, [seen('v1', single(1), 499)], poll)).opened.length, 0);
    assert.equal((await store.applyTags(repository.id, [seen('v1', null, 499)], poll)).closed, 0);
    await store.applyTags(repository.id, [seen('v1', null, 600)], poll);
    assert.equal((await store.applyTags(repository.id, [seen('v1', single(1), 599)], poll)).opened.length, 0);
    assert.equal((await store.tagHistory(repository.id, 'v1', 10)).length, 2);
  });

  test('an index gives one image per platform; a shared platform stays open when the index moves', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    await store.applyTags(repository.id, [seen('v1', index(10, image(1), image(2, 'arm64')), 200)], poll);
    await store.applyTags(repository.id, [seen('v1', index(11, image(3), image(2, 'arm64')), 300)], poll);
    const images = await store.findImages({ path: 'team/app', tag: 'v1' }, 10);
    assert.deepEqual(
      images.map((each) => [each.digest, each.platform, each.indexDigest, each.since, each.until]),
      [
        [digest(3), 'linux/amd64', digest(11), 300, null],
        [digest(2), 'linux/arm64', digest(11), 200, null],
        [digest(1), 'linux/amd64', digest(10), 200, 300],
      ],
    );
    const known = await store.knownRoots(registry.id, [digest(10), digest(3), digest(99)]);
    assert.deepEqual([...known.keys()], [digest(10)]);
    assert.deepEqual(
      known.get(digest(10))?.images.map(({ digest: d, arch }) => [d, arch]),
      [
        [digest(1), 'amd64'],
        [digest(2), 'arm64'],
      ],
    );
    const other = (await store.insertRegistry(fields('other'), 1)) ?? assert.fail();
    assert.equal((await store.knownRoots(other.id, [digest(10)])).size, 0);
  });

  test('what was announced gets its facts when somebody looks', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    const blank = {
      configDigest: null,
      os: null,
      arch: null,
      size: null,
      createdAt: null,
      manifestSize: 0,
      mediaType: '',
    };
    const announced: ObservedRoot = { ...single(1), kind: 'announced', images: [{ ...image(1), ...blank }] };
    assert.equal((await store.applyTags(repository.id, [seen('v1', announced, 200)], poll)).opened.length, 1);
    assert.equal((await store.knownRoots(registry.id, [digest(1)])).size, 0);
    assert.equal((await store.currentTags(repository.id)).get('v1')?.kind, 'announced');
    assert.equal((await store.applyTags(repository.id, [seen('v1', single(1), 300)], poll)).opened.length, 0);
    const [shown] = await store.findImages({ digest: digest(1) }, 1);
    assert.deepEqual([shown?.platform, shown?.size], ['linux/amd64', 12_345]);
    assert.equal((await store.currentTags(repository.id)).get('v1')?.kind, 'image');
  });

  test('every change moves a row to the end of seq; scan states too', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { repository } = await start(store);
    await store.applyTags(
      repository.id,
      ['a', 'b', 'c'].map((tag) => seen(tag, single(1), 200)),
      poll,
    );
    await store.applyTags(repository.id, [seen('d', single(2), 200)], poll);
    const rows = await rowsSince(store, 0);
    assert.deepEqual(
      rows.map(({ tag }) => tag),
      ['a', 'b', 'c', 'd'],
    );
    assert.ok(rows.every((row, at) => at === 0 || row.seq > (rows[at - 1]?.seq ?? 0)));
    const last = rows.at(-1)?.seq ?? 0;
    assert.equal(last, await store.lastSeq());
    const manifestId = rows[0]?.manifestId ?? 0;
    await store.setScanState([manifestId], { state: 'matched', scannedAt: 900 });
    const after = await rowsSince(store, last);
    assert.deepEqual(
      after.map(({ tag, scanState, scannedAt }) => [tag, scanState, scannedAt]),
      [
        ['a', 'matched', 900],
        ['b', 'matched', 900],
        ['c', 'matched', 900],
      ],
    );
    await store.setScanState([manifestId], { state: 'failed', code: 'timeout', message: 'too slow' });
    const [failed] = await store.findImages({ tag: 'a' }, 1);
    assert.deepEqual(failed?.scan, { state: 'failed', reason: { code: 'timeout', message: 'too slow' }, at: 900 });
    assert.deepEqual(
      (await store.unscannedImages([repository.id], 0, 10)).map(({ id }) => id),
      [rows[3]?.id],
    );
  });

  test('retention takes vanished images and what only they referred to', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { repository } = await start(store);
    await store.applyTags(repository.id, [seen('v1', index(10, image(1), image(2, 'arm64')), 200)], poll);
    await store.applyTags(repository.id, [seen('v2', single(1), 250)], poll);
    await store.applyTags(repository.id, [seen('v1', null, 300)], poll);
    assert.deepEqual(await store.deleteVanished(300, 10, 1), { images: 0, manifests: [] });
    const before = await store.lastSeq();
    const { images, manifests } = await store.deleteVanished(301, 10, 1);
    assert.equal(images, 2);
    // Gone: the index and its arm64 image; the amd64 image is behind v2.
    assert.equal(manifests.length, 2);
    assert.equal((await store.readGone(before, 10)).length, 2);
    assert.deepEqual(
      (await rowsSince(store, 0)).map(({ tag }) => tag),
      ['v2'],
    );
    assert.equal((await store.findImages({ digest: digest(1) }, 5)).length, 1);
  });

  test('removed registries disappear at once and are purged in batches', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    const kept = await start(store, 'kept');
    await store.applyTags(kept.repository.id, [seen('v1', single(1), 200)], poll);
    const tags = Array.from({ length: 25 }, (_, n) => seen(`t${n}`, single(n + 1), 200));
    await store.applyTags(repository.id, tags, poll);
    await store.requestRepositories(registry.id, [{ path: 'team/app', actor: null }], 1);
    await store.acceptEvents(registry.id, [{ key: 'e', path: 'x', actor: null }], 1);
    await store.beginRun('job', registry.id, 1);
    await store.markRemoved(registry.id, 300);
    assert.equal((await rowsSince(store, 0)).length, 1);
    assert.equal((await store.applyTags(repository.id, [seen('x', single(1), 400)], poll)).opened.length, 0);
    let steps = 0;
    while (!(await store.purgeRemoved(10, 300)).done) assert.ok(++steps < 20);
    assert.equal((await store.readGone(0, 100)).length, 25);
    assert.equal(await store.repository(repository.id), null);
    assert.equal((await store.findImages({ digest: digest(1) }, 5)).length, 1);
    assert.equal((await store.findImages({ digest: digest(2) }, 5)).length, 0);
  });

  test('a run is begun once, written by the newest fence only, and ends once', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    const run = await store.beginRun('job-1', registry.id, 10);
    assert.deepEqual(await store.beginRun('job-1', registry.id, 20), run);
    assert.equal(run.run, 1);
    assert.equal(await store.saveRun({ ...run, cursor: '/v2/_catalog?last=b', repositories: 7 }, 2, 30), true);
    assert.equal(await store.saveRun({ ...run, cursor: 'older' }, 1, 31), false);
    assert.equal((await store.beginRun('job-1', registry.id, 40)).cursor, '/v2/_catalog?last=b');
    await store.seeRepositories(registry.id, [{ path: 'team/app', public: true }], run.run, 50);
    const next = await store.beginRun('job-2', registry.id, 60);
    assert.equal((await store.unseenRepositories(registry.id, next.run, 0, 10)).length, 0, 'no tags, nothing to close');
    await store.applyTags(repository.id, [seen('v1', single(1), 70)], poll);
    assert.equal((await store.unseenRepositories(registry.id, next.run, 0, 10)).length, 1);
    assert.equal(await store.endRun({ ...run, failed: 2, repositories: 8, reason: 'a: broken' }, 2, 80), true);
    assert.equal(await store.endRun(run, 3, 90), false);
    const now = await store.registry(registry.id);
    assert.deepEqual([now?.syncedAt, now?.state], [80, 'degraded']);
    assert.match(now?.stateReason ?? '', /^2 of 10 repositories unread: a: broken$/);
  });

  test('requests stay until the very one was done; events are fresh once', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry } = await start(store);
    await store.requestRepositories(
      registry.id,
      [
        { path: 'a', actor: 'x' },
        { path: 'b', actor: null },
      ],
      1,
    );
    const requests = await store.requestedRepositories(registry.id, 10);
    assert.deepEqual(
      requests.map(({ path, actor }) => [path, actor]),
      [
        ['a', 'x'],
        ['b', null],
      ],
    );
    await store.requestRepositories(registry.id, [{ path: 'a', actor: 'y' }], 2);
    await store.doneRepositories(registry.id, requests);
    assert.deepEqual(
      (await store.requestedRepositories(registry.id, 10)).map(({ path }) => path),
      ['a'],
    );
    const event = (key: string, path: string) => ({ key, path, actor: 'hook' });
    const accept = (at: number, ...events: ReturnType<typeof event>[]) => store.acceptEvents(registry.id, events, at);
    assert.equal(await accept(1, event('e1', 'c'), event('e2', 'd'), event('e1', 'c')), 2);
    assert.equal(await accept(1, event('e2', 'not again'), event('e3', 'e')), 1);
    const paths = (await store.requestedRepositories(registry.id, 10)).map(({ path }) => path);
    assert.deepEqual(paths.toSorted(), ['a', 'c', 'd', 'e']);
    await store.forgetWork(2);
    assert.equal(await accept(3, event('e1', 'c')), 1);
  });

  test('scans are spread under the hourly limit', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const free = (await store.insertRegistry(fields('free'), 1)) ?? assert.fail();
    assert.deepEqual(await store.reserveScans(free.id, 5, 1000), { firstAt: 1000, stepMs: 0 });
    const slow = (await store.insertRegistry(fields('slow', { scansPerHour: 60 }), 1)) ?? assert.fail();
    assert.deepEqual(await store.reserveScans(slow.id, 3, 1000), { firstAt: 1000, stepMs: 60_000 });
    assert.deepEqual(await store.reserveScans(slow.id, 1, 2000), { firstAt: 181_000, stepMs: 60_000 });
  });

  test('writers that meet agree: one row for each image, no seq twice', async (t) => {
    const store = createInventoryStore((await open(t)).db);
    const { registry, repository } = await start(store);
    await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        await store.seeRepositories(registry.id, [{ path: `team/r${n % 2}`, public: false }], 2, 100);
        const tags = Array.from({ length: 5 }, (__, tag) => seen(`t${tag}`, single(tag + 1), 200));
        await store.applyTags(repository.id, tags, poll);
      }),
    );
    const rows = await rowsSince(store, 0);
    assert.equal(rows.length, 5);
    assert.equal(new Set(rows.map(({ seq }) => seq)).size, 5);
    assert.equal((await store.tagHistory(repository.id, 't0', 10)).length, 1);
  });
});
