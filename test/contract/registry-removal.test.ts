import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cancelRegistryWork } from '../../src/adapters/sql/work/index.ts';
import type { InventoryImage, RegistryFields } from '../../src/inventory/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import type { FixOrder } from '../../src/service/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { type JobWorld, openJobWorld } from '../support/job-world.ts';

/** The same content in a repository of another registry. */
async function copied({ inventory }: JobWorld, { registry, digest }: InventoryImage): Promise<InventoryImage> {
  const fields = {
    ...{ name: 'other', kind: 'oci', baseUrl: registry.baseUrl, connectAddress: null, region: 'local', projectId: 1 },
    ...{ username: null, password: null, include: [], exclude: [], references: [], schedule: null },
    ...{ scansPerHour: null, vendor: {}, insecure: true, ca: null, scanNew: true },
  } satisfies RegistryFields;
  const other = await inventory.insertRegistry(fields, 1);
  assert.ok(other);
  const [repository] = await inventory.seeRepositories(other.id, [{ path: 'copy', public: false }], 1, 1);
  assert.ok(repository);
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const platform = { os: 'linux', arch: 'amd64', variant: null, createdAt: null, size: null };
  const image = { digest, mediaType, manifestSize: 1, configDigest: null, ...platform, refused: null };
  await inventory.applyTags(
    repository.id,
    [{ tag: 'v1', root: { digest, kind: 'image', mediaType, size: 1, images: [image] }, observedAt: 1 }],
    { source: 'poll', actor: null },
  );
  const [found] = await inventory.findImages({ repositoryId: repository.id, tag: 'v1' }, 1);
  assert.ok(found);
  return found;
}

forEachDatabase('removal of a registry', (open) => {
  test('its scans and fixes are called off; what other registries wait for goes on', async (t) => {
    await using world = await openJobWorld(t, await open(t));
    const { scans, fixes, call, queue } = world;
    const [first, second] = await world.seed(2);
    assert.ok(first && second);
    const copy = await copied(world, first);
    assert.equal(copy.manifestId, first.manifestId);
    const order = ({ uuid }: InventoryImage, newTag: string): FixOrder => ({
      ...{ imageUuid: uuid, select: { vulnerabilities: ['CVE-2024-1'] }, newTag, strategy: 'best-effort' },
    });
    const [running] = await fixes.order(call, [order(second, 'fixed')], 'api');
    const claimed = await queue.claim('w', ['interactive', 'bulk'], 30_000);
    const [waiting, others] = await fixes.order(call, [order(first, 'fixed'), order(copy, 'fixed')], 'api');
    const own = await scans.start(call, { uuids: [first.uuid, second.uuid], source: 'openapi' });
    const mixed = await scans.start(call, { uuids: [second.uuid, copy.uuid], source: 'openapi' });
    assert.ok(claimed && running && waiting && others && own && mixed);
    const deps = { db: world.db, queue, clock: systemClock };
    for (const again of [false, true]) {
      await cancelRegistryWork(deps, first.registry.id);
      const ended = await scans.get(call, own.id);
      assert.deepEqual([ended?.state, ended?.finished, ended?.failed], ['finished', 2, 2], `again: ${again}`);
      const half = await scans.get(call, mixed.id);
      assert.deepEqual([half?.state, half?.finished, half?.failed], ['running', 1, 1]);
      const open = await queue.list({ kind: 'scan', states: ['queued', 'running'], limit: 10 });
      assert.deepEqual(
        open.map(({ payload }) => (payload as { manifestId: number }).manifestId),
        [copy.manifestId],
        'the scan of a content that another registry has goes on',
      );
      assert.equal((await fixes.get(call, waiting.id))?.status, 'cancelled');
      assert.equal((await fixes.get(call, others.id))?.status, 'running');
      assert.equal((await fixes.get(call, running.id))?.status, 'running', 'until its process has stopped');
      const beat = await queue.heartbeat(claimed.id, claimed.fence, 30_000, null);
      assert.deepEqual(beat, { held: true, cancel: true });
    }
    assert.equal(await queue.cancelled(claimed.id, claimed.fence), true);
    assert.equal((await fixes.get(call, running.id))?.status, 'cancelled');
  });
});
