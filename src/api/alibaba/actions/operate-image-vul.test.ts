import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { alibabaWorld, bankKey, vectorTime } from '../../../../test/support/alibaba-world.ts';

/** The first image, by all its names, with two findings that can be fixed. */
async function world(t: TestContext) {
  const made = await alibabaWorld(t);
  const [image] = made.estate.images;
  assert.ok(image !== undefined);
  const target = {
    namespace: 'shop',
    repoName: 'web',
    regionId: 'cn-hangzhou',
    instanceId: image.registry.instanceId,
    repoId: image.repository.extId,
    tag: '1.4.2',
    digest: image.digest.slice('sha256:'.length),
    newTag: '1.4.2_fix_1',
    uuid: image.uuid,
    ids: [102, 101] as unknown[],
  };
  const operate = (info: unknown, more: Record<string, string> = {}, key?: string) =>
    made.ask('OperateImageVul', { Info: typeof info === 'string' ? info : JSON.stringify(info), ...more }, key);
  const refused = async (info: unknown, text?: string) => {
    const { status, body } = await operate(info);
    assert.deepEqual([status, body.Code], [400, 'InvalidInfo'], text ?? JSON.stringify(info).slice(0, 200));
    // One text for all, so that nobody learns what exists.
    assert.equal(body.Message, 'Specified parameter Info is not valid.');
    assert.equal(made.work.fixes.length, 0, 'nothing was started');
  };
  return { ...made, image, target, operate, refused };
}

test('an image by all its names becomes one task; the body holds the request id alone', async (t) => {
  const { operate, target, work } = await world(t);
  const { status, body, headers } = await operate([target], { OperateType: 'vul_fix', Type: 'cve' });
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(body), ['RequestId']);
  const [task] = work.fixes;
  assert.deepEqual(task?.recordIds, [101, 102]);
  assert.equal(task?.newTag, '1.4.2_fix_1');
  assert.equal(task?.requestId, body.RequestId);
  assert.equal(task?.trigger, 'alibaba');
  assert.equal(headers['x-drydock-build-task-ids'], task?.id);
});

test('repeated calls return without a second task; a failed one may be repeated', async (t) => {
  const { operate, target, work } = await world(t);
  const first = await operate([target]);
  const again = await operate([{ ...target, ids: [101, 102, 101] }]);
  assert.equal(again.status, 200);
  assert.equal(work.fixes.length, 1);
  assert.equal(again.headers['x-drydock-build-task-ids'], first.headers['x-drydock-build-task-ids']);
  work.fixes[0] = { ...(work.fixes[0] as (typeof work.fixes)[number]), status: 'failed' };
  await operate([target]);
  assert.equal(work.fixes.length, 2);
});

test('several images: all or none', async (t) => {
  const { operate, refused, target, work, estate } = await world(t);
  const worker = { uuid: estate.images[2]?.uuid, ids: [301] };
  await refused([target, { ...worker, ids: [302] }]);
  await refused([target, { uuid: estate.images[3]?.uuid, ids: [401], tag: 'other' }]);
  const { status } = await operate([target, worker]);
  assert.equal(status, 200);
  assert.deepEqual(
    work.fixes.map(({ imageUuid }) => imageUuid),
    [target.uuid, worker.uuid],
  );
});

test('the same element twice is one task; one result cannot be made in two ways', async (t) => {
  const { operate, refused, target, work } = await world(t);
  await refused([target, { ...target, ids: [101] }]);
  assert.equal((await operate([target, target])).status, 200);
  assert.equal(work.fixes.length, 1);
});

test('without a new tag one is derived', async (t) => {
  const { operate, target, work } = await world(t);
  const { newTag: _newTag, ...rest } = target;
  assert.equal((await operate([rest])).status, 200);
  assert.equal(work.fixes[0]?.newTag, `1.4.2_fix_${vectorTime}`);
});

test('one object, capital keys, the digest with its algorithm, and the escaped quotes of the documentation', async (t) => {
  const { operate, target, work } = await world(t);
  assert.equal((await operate({ ...target, digest: `sha256:${target.digest}` })).status, 200);
  const capital = Object.fromEntries(
    Object.entries(target).map(([key, value]) => [key.slice(0, 1).toUpperCase() + key.slice(1), value]),
  );
  assert.equal((await operate([capital])).status, 200);
  assert.equal((await operate(JSON.stringify([target]).replaceAll('"', '\\"'))).status, 200);
  assert.equal(work.fixes.length, 1);
});

test('without uuid the names must select exactly one image', async (t) => {
  const { operate, refused, target, work, estate } = await world(t);
  const { uuid: _uuid, newTag: _newTag, ...named } = target;
  await refused([{ ...named, instanceId: '' }]);
  await refused([{ ...named, repoName: undefined }]);
  await refused([{ ...named, tag: '', digest: '' }]);
  await refused([{ ...named, tag: 'gone', digest: '' }]);
  await refused([{ ...named, namespace: '' }]);
  // The same content under a second tag of the repository: the digest alone no longer tells which is meant.
  const [one, two] = estate.images;
  if (one === undefined || two === undefined) throw new Error('two images');
  estate.images[1] = { ...two, digest: one.digest };
  await refused([{ ...named, tag: undefined }]);
  assert.equal((await operate([{ ...named, digest: undefined }])).status, 200);
  assert.equal((await operate([{ ...named }])).status, 200);
  assert.equal(work.fixes.at(-1)?.imageUuid, one.uuid);
});

test('every name that is given must agree with the uuid', async (t) => {
  const { refused, target } = await world(t);
  const others: Record<string, unknown> = {
    namespace: 'bank',
    repoName: 'worker',
    regionId: 'eu-1',
    instanceId: 'cri-0000000000000002',
    repoId: 'crr-0000000000000002',
    tag: '1.4.1',
    digest: 'a'.repeat(64),
    uuid: 'f'.repeat(32),
  };
  for (const [name, value] of Object.entries(others)) await refused([{ ...target, [name]: value }], name);
  await refused([{ ...target, digest: target.digest.slice(0, 63) }]);
});

test('ids belong to the image, are open and can be fixed', async (t) => {
  const { refused, target } = await world(t);
  const wrong: unknown[] = [
    [],
    undefined,
    null,
    'all',
    101,
    ['101'],
    [0],
    [-101],
    [101.5],
    [true],
    [null],
    [[101]],
    [9_999],
    [101, 201],
    [101, 401],
    [103],
    [104],
    [105],
  ];
  for (const ids of wrong) await refused([{ ...target, ids }]);
});

test('types: what can be done is fixing packages of the system', async (t) => {
  const { operate, target } = await world(t);
  for (const OperateType of ['vul_verify', 'vul_ignore', 'vul_undo_ignore', 'x']) {
    const { status, body } = await operate([target], { OperateType });
    assert.deepEqual([status, body.Code], [400, 'InvalidOperateType']);
  }
  const { body } = await operate([target], { Type: 'sca' });
  assert.equal(body.Code, 'InvalidType');
  assert.equal((await operate([target], { OperateType: '', Type: '' })).status, 200);
  assert.equal((await operate('')).body.Code, 'MissingInfo');
});

test('an image and findings of another project look like none', async (t) => {
  const { operate, target, estate, work } = await world(t);
  const foreign = await operate([target], {}, bankKey);
  const missing = await operate([{ ...target, uuid: 'f'.repeat(32) }], {}, bankKey);
  assert.deepEqual(
    [foreign.status, foreign.body.Code, foreign.body.Message],
    [missing.status, missing.body.Code, missing.body.Message],
  );
  const own = { uuid: estate.images[3]?.uuid };
  assert.equal((await operate([{ ...own, ids: [101] }], {}, bankKey)).body.Code, 'InvalidInfo');
  assert.equal(work.fixes.length, 0);
  assert.equal((await operate([{ ...own, ids: [401] }], {}, bankKey)).status, 200);
});

test('a tag that exists is refused by the service in the same words', async (t) => {
  const { refused, target } = await world(t);
  await refused([{ ...target, newTag: '1.4.1' }]);
});
