import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { createFixStore } from '../../src/adapters/sql/work/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import {
  type Call,
  createFixService,
  type FindingView,
  type FixOrder,
  type ImageView,
  ServiceError,
} from '../../src/service/index.ts';
import { forEachDatabase, type OpenStore } from '../support/databases.ts';
import { type JobWorld, openJobWorld } from '../support/job-world.ts';

/** A record of a finding; its title tells its id. */
function record(recordId: number, imageUuid: string, change: Partial<FindingView['vulnerability']> = {}): FindingView {
  return {
    recordId,
    imageUuid,
    vulnerability: {
      id: `CVE-2024-${recordId}`,
      aliases: [],
      key: `debian:12:CVE-2024-${recordId}`,
      kind: 'cve',
      title: `title ${recordId}`,
      severity: 'high',
      priority: 'later',
      cvss: 7,
      vector: null,
      epss: null,
      kev: false,
      fixable: true,
      ...change,
    },
    packages: [],
    os: null,
    firstSeen: 0,
    lastSeen: 0,
    changedAt: 0,
    handled: null,
    fixing: false,
    fixedBy: null,
  };
}

async function bench(t: TestContext, open: OpenStore) {
  const world = await openJobWorld(t, await open(t));
  const images = await world.seed(2);
  const [first, second] = images;
  assert.ok(first && second);
  const records = new Map<number, FindingView>();
  const put = (view: FindingView): void => void records.set(view.recordId, view);
  put(record(1, first.uuid));
  put(record(2, first.uuid, { severity: 'critical', priority: 'asap' }));
  put(record(3, first.uuid, { severity: 'critical', priority: 'asap' }));
  put(record(4, first.uuid, { fixable: false }));
  put(record(5, first.uuid, { kind: 'sca' }));
  const handled = { ruleId: 1, kind: 'ignore', reason: '', by: '', until: null };
  put({ ...record(6, first.uuid), handled });
  put(record(7, second.uuid));
  const store = createFixStore({
    db: world.db,
    queue: world.queue,
    clock: systemClock,
    imagesById: world.inventory.imagesById,
  });
  const visible = (call: Call, uuids: readonly string[]) =>
    call.projects === 'all' || call.projects.includes(1) ? world.inventory.imagesByUuid(uuids) : Promise.resolve([]);
  const fixes = createFixService({
    store,
    cycles: { read: () => assert.fail(), write: () => assert.fail() },
    images: { byUuids: async (call, uuids) => (await visible(call, uuids)) as unknown as ImageView[] },
    findings: {
      records: async (_call, ids) => ids.flatMap((id) => records.get(id) ?? []),
      page: async () => ({ rows: [record(1, first.uuid)], total: 1, totalIsBound: false, next: null }),
    },
    audit: { record: async () => {} },
    clock: systemClock,
    newId: randomUUID,
    wake: () => {},
  });
  const order = (change: Partial<FixOrder> = {}): FixOrder => ({
    imageUuid: first.uuid,
    select: { records: [1] },
    strategy: 'all-or-nothing',
    ...change,
  });
  return { world, fixes, first, second, order };
}

async function refused(orders: Promise<unknown>): Promise<{ field: string | undefined; message: string }> {
  try {
    await orders;
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error));
    assert.equal(error.code, 'invalid_order');
    return { field: error.field, message: error.message };
  }
  return assert.fail('not refused');
}

const jobs = (world: JobWorld) => world.queue.list({ kind: 'fix', limit: 2_000 });

forEachDatabase('fix orders', (open) => {
  test('a repeated order is the same task, while it runs and after it succeeded; one that failed may be repeated', async (t) => {
    const { world, fixes, order } = await bench(t, open);
    await using _ = world;
    const orders = [order({ select: { records: [3, 1, 2, 2, 1] }, newTag: 'fixed' })];
    const [task] = await fixes.order(world.call, orders, 'alibaba');
    assert.ok(task);
    assert.match(task.id, /^ivf-[0-9a-f-]{36}$/);
    assert.deepEqual(
      [task.recordIds, task.requested],
      [
        [1, 2, 3],
        ['CVE-2024-1', 'CVE-2024-2', 'CVE-2024-3'],
      ],
    );
    assert.equal(task.title, 'title 2', 'the most urgent; ties go to the lowest id');
    const again = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        fixes.order(world.call, [order({ select: { records: [1, 2, 3] }, newTag: 'fixed' })], 'alibaba'),
      ),
    );
    assert.equal(new Set(again.flat().map(({ id }) => id)).size, 1);
    assert.equal((await jobs(world)).length, 1, 'one job');
    assert.equal((await fixes.page(world.call, { page: { offset: 0, limit: 10 } })).total, 1);
    assert.equal((await world.events()).length, 1, 'one event');
    await world.db.kysely.updateTable('fix_task').set({ status: 'success' }).execute();
    const [known] = await fixes.order(world.call, orders, 'alibaba');
    assert.equal(known?.id, task.id);
    await world.db.kysely.updateTable('fix_task').set({ status: 'failed' }).execute();
    const [fresh] = await fixes.order(world.call, orders, 'alibaba');
    assert.notEqual(fresh?.id, task.id);
    assert.notEqual((await fixes.retry(world.call, task.id)).id, task.id);
  });

  test('all orders are checked before one is stored', async (t) => {
    const { world, fixes, order, first, second } = await bench(t, open);
    await using _ = world;
    const good = order();
    const cases: readonly (readonly [string, Partial<FixOrder>])[] = [
      ['imageUuid', { imageUuid: 'f'.repeat(32) }],
      ['ids', { select: { records: [] } }],
      ['ids', { select: { records: [99] } }],
      ['ids', { select: { records: [7] } }],
      ['ids', { select: { records: [4] } }],
      ['ids', { select: { records: [5] } }],
      ['ids', { select: { records: [1, 6] } }],
      ['ids', { select: { records: Array.from({ length: 10_001 }, (_, n) => n) } }],
      ['ids', { select: { vulnerabilities: [] } }],
      ['ids', { select: { vulnerabilities: ['x'.repeat(201)] } }],
      ['newTag', { newTag: '' }],
      ['newTag', { newTag: '../x' }],
      ['newTag', { newTag: 'latest;id' }],
      ['newTag', { newTag: 'x'.repeat(129) }],
      ['newTag', { newTag: 'v1' }],
    ];
    for (const [field, change] of cases) {
      const told = await refused(fixes.order(world.call, [good, order(change)], 'api'));
      assert.equal(told.field, field, JSON.stringify(change).slice(0, 100));
    }
    const foreign = await refused(fixes.order(world.call, [order({ select: { records: [7] } })], 'api'));
    const missing = await refused(fixes.order(world.call, [order({ select: { records: [99] } })], 'api'));
    assert.deepEqual(foreign, missing, 'foreign and missing ids are told alike');
    const hidden = { ...world.call, projects: [2] };
    const a = await refused(fixes.order(hidden, [good], 'api'));
    const b = await refused(fixes.order(hidden, [order({ imageUuid: 'e'.repeat(32) })], 'api'));
    assert.deepEqual(a, b, 'foreign and missing images are told alike');
    assert.equal((await refused(fixes.order(world.call, [], 'api'))).field, 'orders');
    assert.equal((await refused(fixes.order(world.call, new Array(101).fill(good), 'api'))).field, 'orders');
    await world.inventory.applyTags(
      first.repository.id,
      [{ tag: 'there', root: { ...rootOf(second.digest) }, observedAt: 2_000 }],
      { source: 'poll', actor: null },
    );
    assert.equal((await refused(fixes.order(world.call, [order({ newTag: 'there' })], 'api'))).field, 'newTag');
    assert.deepEqual(await jobs(world), [], 'nothing was stored');
    assert.equal((await world.events()).length, 0);
  });

  test('two different fixes never make the same tag at the same time', async (t) => {
    const { world, fixes, order } = await bench(t, open);
    await using _ = world;
    await fixes.order(world.call, [order({ newTag: 'fixed' })], 'api');
    const other = order({ newTag: 'fixed', select: { records: [2] } });
    assert.equal((await refused(fixes.order(world.call, [other], 'api'))).field, 'newTag');
    const both = [order({ newTag: 'both' }), order({ newTag: 'both', select: { records: [2] } })];
    assert.equal((await refused(fixes.order(world.call, both, 'api'))).field, 'newTag');
    assert.equal((await jobs(world)).length, 1);
    const [one, two] = await fixes.order(world.call, [order(), order({ select: { records: [2] } })], 'api');
    assert.match(one?.newTag ?? '', /^v1_fix_\d{13}$/);
    assert.notEqual(one?.newTag, two?.newTag, 'derived tags are free ones');
    const [same] = await fixes.order(world.call, [order()], 'api');
    assert.equal(same?.id, one?.id, 'the same intent, although the time of the tag would be another');
  });

  test('tasks are found by their caller only, newest first, and by what they were ordered with', async (t) => {
    const { world, fixes, order } = await bench(t, open);
    await using _ = world;
    const [a] = await fixes.order(world.call, [order({ newTag: 'a' })], 'api');
    const call = { ...world.call, actor: { ...world.call.actor, requestId: 'other' } };
    const [b] = await fixes.order(call, [order({ newTag: 'b' })], 'api');
    assert.ok(a && b);
    const ids = async (query: Parameters<typeof fixes.page>[1], as: Call = world.call) =>
      (await fixes.page(as, query)).rows.map(({ id }) => id);
    const page = { offset: 0, limit: 10 };
    assert.deepEqual(await ids({ page }), [b.id, a.id]);
    assert.deepEqual(await ids({ page, requestId: 'other' }), [b.id]);
    assert.deepEqual(await ids({ page, from: b.startedAt + 1 }), []);
    assert.deepEqual(await ids({ page, from: a.startedAt, to: b.startedAt }), [b.id, a.id], 'both ends count');
    assert.deepEqual(await ids({ page, statuses: ['failed'] }), []);
    const first = await fixes.page(world.call, { page: { after: null, limit: 1 } });
    assert.deepEqual([first.rows[0]?.id, first.total], [b.id, 2]);
    assert.deepEqual(await ids({ page: { after: first.next, limit: 1 } }), [a.id]);
    const stranger = { ...world.call, projects: [2] };
    assert.deepEqual(await ids({ page }, stranger), []);
    assert.deepEqual(await ids({ page }, { ...world.call, projects: [] }), []);
    assert.equal(await fixes.get(stranger, a.id), null);
    assert.deepEqual(await fixes.log(stranger, a.id), []);
    assert.equal(await fixes.cancel(stranger, a.id), false);
    assert.equal(await fixes.cancel(world.call, a.id), true);
    const ended = await fixes.get(world.call, a.id);
    assert.deepEqual([ended?.status, ended?.reason?.code], ['cancelled', 'cancelled']);
    const log = await fixes.log(world.call, a.id);
    assert.match(log.join('\n'), /ordered by tester: 1 vulnerabilities\n.*ended: cancelled/);
  });
});

function rootOf(digest: InventoryDigest) {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const image = {
    digest,
    mediaType,
    manifestSize: 1,
    configDigest: null,
    os: 'linux',
    arch: 'amd64',
    variant: null,
    createdAt: null,
    size: null,
    refused: null,
  };
  return { digest, kind: 'image' as const, mediaType, size: 1, images: [image] };
}

type InventoryDigest = Awaited<ReturnType<JobWorld['seed']>>[number]['digest'];
