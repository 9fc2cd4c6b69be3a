import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfigStore } from '../../src/adapters/sql/contents/index.ts';
import { createFindingsStore } from '../../src/adapters/sql/findings/index.ts';
import {
  createContentService,
  createInventoryImages,
  createRegistryContents,
  ServiceError,
} from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type JobWorld, openJobWorld } from '../support/job-world.ts';
import { until } from '../support/until.ts';

const openSealer = { seal: (bytes: Uint8Array) => bytes, open: (bytes: Uint8Array) => bytes };
const reach = {
  sealer: openSealer,
  clock: { now: () => new Date() },
  userAgent: 'test',
  allowedAddresses: ['127.0.0.0/8'],
};

function serviceOf(world: JobWorld) {
  const { inventory, db } = world;
  const opener = createInventoryImages({ store: inventory, ...reach });
  const store = createConfigStore(db);
  const unasked = (): never => assert.fail('not asked');
  const contents = createContentService({
    images: {
      byUuids: async (call, uuids) => (call.projects === 'all' ? await inventory.imagesByUuid(uuids) : []) as never,
      byDigest: unasked,
      tagHistory: unasked,
      report: unasked,
    },
    fixes: { get: unasked, page: unasked, report: unasked },
    queries: undefined as never,
    store,
    registries: createRegistryContents({ store: inventory, images: opener, ...reach }),
  });
  return { contents, store };
}

forEachDatabase('configurations of images', (open) => {
  test('come from the registry once, then from the store, and leave with the image', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [first, second] = await world.seed(2);
    assert.ok(first && second);
    const { contents, store } = serviceOf(world);
    const config = (await contents.config(world.call, first.uuid)) ?? assert.fail();
    assert.deepEqual([config.os, config.architecture], ['linux', 'amd64']);
    const asked = world.registry.log().length;
    assert.deepEqual(await contents.config(world.call, first.uuid), config);
    assert.equal(world.registry.log().length, asked, 'kept');
    assert.equal(await contents.config({ ...world.call, projects: [2] }, first.uuid), null, 'foreign');
    await world.registry.close();
    assert.deepEqual(await contents.config(world.call, first.uuid), config, 'the registry is not needed any more');
    await assert.rejects(contents.config(world.call, second.uuid), (error) => {
      assert.ok(error instanceof ServiceError);
      assert.deepEqual([error.code, error.retryable], ['unavailable', true]);
      return true;
    });
    await store.keepConfig(4_711, { rules: 1, config });
    assert.equal(await store.config(4_711), null, 'of no image');
    await createFindingsStore(world.db).forgetImages([first.manifestId]);
    assert.equal(await store.config(first.manifestId), null);
  });

  test('a scan keeps them', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const { contents, store } = serviceOf(world);
    world.worker();
    const task = await world.scans.start(world.call, { uuids: [image.uuid], source: 'api' });
    const look = () => world.scans.get(world.call, task?.id ?? '');
    await until('the scan has not ended', look, (now) => now?.state === 'finished', 60_000);
    assert.ok(((await store.config(image.manifestId))?.rules ?? 0) > 0);
    await world.registry.close();
    assert.equal((await contents.config(world.call, image.uuid))?.os, 'linux');
  });

  test('referrers are those that the registry lists, or the reason why it does not', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const [image] = await world.seed(1);
    assert.ok(image);
    const { contents } = serviceOf(world);
    const none = await contents.referrers(world.call, image.uuid);
    assert.deepEqual([none?.subject, none?.items, none?.reason], [image.digest, [], null]);
    assert.equal(await contents.referrers({ ...world.call, projects: [2] }, image.uuid), null);
    world.registry.fail('GET', '/referrers/', { times: 9, status: 403 });
    const denied = await contents.referrers(world.call, image.uuid);
    assert.deepEqual([denied?.via, denied?.items, denied?.reason?.code], [null, [], 'denied']);
    await world.registry.close();
    const away = await contents.referrers(world.call, image.uuid);
    assert.deepEqual([away?.items, away?.reason?.code], [[], 'unavailable']);
  });
});
