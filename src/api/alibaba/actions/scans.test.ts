import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlibabaWorld, alibabaWorld, bankKey, vectorTime } from '../../../../test/support/alibaba-world.ts';

test('a scan is asked about, started, watched and stopped', async (t) => {
  const world = await alibabaWorld(t);
  const { ask, work } = world;
  const filter = { RepoNames: 'web, vault', RepoNamespaces: 'shop' };
  const check = await ask('PublicPreCheckImageScanTask', filter);
  assert.deepEqual(check.body.Data, { NeedAuthCount: 2, ScanImageCount: 2 });
  const started = await ask('PublicCreateImageScanTask', filter);
  const { TaskId, ...data } = started.body.Data;
  assert.match(TaskId, /^[0-9a-f]{32}$/);
  assert.deepEqual(data, {
    CanCreate: true,
    CollectTime: vectorTime,
    ExecTime: vectorTime,
    FinishCount: 0,
    Progress: 0,
    Result: 'SUCCESS',
    Status: 'INIT',
    TotalCount: 2,
  });
  work.scans[0] = { ...(work.scans[0] as (typeof work.scans)[number]), state: 'running', finished: 1, failed: 1 };
  const root = await ask('DescribeOnceTask', { RootTaskId: TaskId });
  const [row] = root.body.TaskManageResponseList;
  assert.deepEqual(
    [row.TaskId, row.Progress, row.SuccessCount, row.FailCount, row.TaskStatus, row.TaskStatusText],
    [TaskId, '50%', 0, 1, 1, 'START'],
  );
  assert.equal((await ask('CancelOnceTask', { TaskId })).status, 200);
  assert.equal((await ask('CancelOnceTask', { TaskId })).status, 200);
  assert.equal((await ask('CancelOnceTask', { TaskId: 'none' })).body.Code, 'InvalidTaskId');
  assert.equal(work.scans[0]?.state, 'cancelled');
});

test('every filter of a scan', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, , three, vault] = estate.images;
  const count = async (parameters: Record<string, string>, key?: string): Promise<number> =>
    (await ask('PublicPreCheckImageScanTask', parameters, key)).body.Data.ScanImageCount;
  assert.equal(await count({}), 5);
  assert.equal(await count({ Digests: `${one?.digest.slice(7)},${vault?.digest}` }), 2);
  assert.equal(await count({ Digests: 'none' }), 0);
  assert.equal(await count({ InstanceIds: one?.registry.instanceId ?? '' }), 4);
  assert.equal(await count({ RegionIds: 'eu-1' }), 1);
  assert.equal(await count({ RegistryTypes: 'harbor,acr' }), 4);
  assert.equal(await count({ RepoIds: three?.repository.extId ?? '' }), 2);
  assert.equal(await count({ Tags: '7,8,9' }), 2);
  assert.equal(await count({ Tags: '7', RepoNames: 'web' }), 0);
  assert.equal(await count({}, bankKey), 1);
  assert.equal((await ask('PublicPreCheckImageScanTask', { RegistryTypes: 'ecr' })).body.Code, 'InvalidRegistryTypes');
});

test('at the limit of tasks there is no error and no task', async (t) => {
  const { ask, work } = await alibabaWorld(t);
  work.scanLimit = 1;
  await ask('PublicCreateImageScanTask');
  const second = await ask('PublicCreateImageScanTask');
  assert.deepEqual([second.status, second.body.Data], [200, { CanCreate: false }]);
  assert.equal(work.scans.length, 1);
  const third = await ask('GenerateOnceTask', { TaskType: 'IMAGE_SCAN', TaskName: 'IMAGE_SCAN', Param: '{}' });
  assert.equal(third.body.CanCreate, false);
});

const image = (world: AlibabaWorld, over: object = {}): Record<string, unknown> => ({
  registryType: 'harbor',
  instanceId: world.estate.registries[0]?.instanceId,
  repoNamespace: 'shop',
  repoName: 'web',
  digest: 'a'.repeat(64),
  tag: '1.4.2',
  ...over,
});

test('PublicSyncAndCreateImageScanTask: both spellings of keys; unknown registries and bad images are refused whole', async (t) => {
  const world = await alibabaWorld(t);
  const { ask, work } = world;
  const capital = Object.fromEntries(
    Object.entries(image(world)).map(([key, value]) => [key.slice(0, 1).toUpperCase() + key.slice(1), value]),
  );
  for (const Images of [JSON.stringify([image(world)]), JSON.stringify([capital]), JSON.stringify(image(world))]) {
    const { status, body } = await ask('PublicSyncAndCreateImageScanTask', { Images });
    assert.equal(status, 200);
    assert.equal(body.Data.TotalCount, 1);
  }
  const before = work.scans.length;
  const wrong: unknown[] = [
    [],
    [1],
    [image(world), image(world, { instanceId: 'cri-none' })],
    [image(world, { digest: 'abc' })],
    [image(world, { tag: '../x' })],
    [image(world, { repoName: '' })],
    [image(world, { registryType: 'ecr' })],
    [image(world, { updateTime: 'now' })],
    Array.from({ length: 1001 }, () => image(world)),
  ];
  for (const images of wrong) {
    const { status, body } = await ask('PublicSyncAndCreateImageScanTask', { Images: JSON.stringify(images) });
    assert.deepEqual([status, body.Code], [400, 'InvalidImages'], JSON.stringify(images).slice(0, 100));
  }
  assert.equal(work.scans.length, before);
});

test('DescribeOnceTask: a type or a task is needed; server types have no tasks', async (t) => {
  const { ask } = await alibabaWorld(t);
  await ask('PublicCreateImageScanTask');
  assert.equal((await ask('DescribeOnceTask')).body.Code, 'MissingTaskType');
  const total = async (parameters: Record<string, string>): Promise<number> =>
    (await ask('DescribeOnceTask', parameters)).body.PageInfo.TotalCount;
  assert.equal(await total({ TaskType: 'IMAGE_SCAN' }), 1);
  assert.equal(await total({ TaskType: 'VUL_CHECK_TASK' }), 0);
  assert.equal(await total({ TaskType: 'IMAGE_REGISTRY_PULL' }), 0);
  assert.equal(await total({ TaskType: 'IMAGE_SCAN', Source: 'schedule' }), 0);
  assert.equal(await total({ TaskType: 'IMAGE_SCAN', Source: 'openapi' }), 1);
  assert.equal(await total({ TaskType: 'IMAGE_SCAN', StartTimeQuery: String(vectorTime + 1) }), 0);
  assert.equal(await total({ RootTaskId: 'a', TaskId: 'b' }), 0);
  assert.equal((await ask('DescribeOnceTask', { TaskType: 'x' })).body.Code, 'InvalidTaskType');
});

test('DescribeOnceTaskLeafRecordPage: images of a task, their states as number or text', async (t) => {
  const { ask, work, estate } = await alibabaWorld(t);
  const { body } = await ask('PublicCreateImageScanTask', { RepoNames: 'web' });
  const { TaskId } = body.Data;
  const [first, second] = work.items;
  if (first === undefined || second === undefined) throw new Error('two items');
  work.items[0] = { ...first, state: 'matched', startedAt: vectorTime, finishedAt: vectorTime + 1000 };
  work.items[1] = { ...second, state: 'failed', reason: { code: 'image_not_found', message: '' } };
  const page = async (parameters: Record<string, string>) =>
    (await ask('DescribeOnceTaskLeafRecordPage', { TaskType: 'IMAGE_SCAN', RelateInfo: 'true', ...parameters })).body;
  const all = await page({ TaskId });
  assert.equal(all.PageInfo.TotalCount, 2);
  const [done, failed] = all.OnceTasks;
  assert.deepEqual(
    [done.Status, done.StatusText, done.Finish, done.FinishCount, done.TotalCount],
    ['2', 'SUCCESS', 1, '1', '1'],
  );
  assert.equal(done.Target, estate.images[0]?.digest.slice(7));
  assert.equal(done.TaskImageInfo.Image, 'registry-1.example:5000/shop/web:1.4.2');
  assert.equal(done.TaskImageInfo.CostTimeInfo, '{"vul":"2026-11-21 00:47:36","scaVul":"2026-11-21 00:47:36"}');
  assert.deepEqual([failed.Status, failed.ResultInfo], ['3', 'image_not_found']);
  assert.equal((await page({ 'StatusList.1': 'fail' })).PageInfo.TotalCount, 1);
  assert.equal((await page({ StatusList: '["2","3"]' })).PageInfo.TotalCount, 2);
  assert.equal((await page({ 'StatusList.1': '4' })).PageInfo.TotalCount, 0);
  assert.equal((await page({ 'StatusList.1': 'x' })).Code, 'InvalidStatusList');
  assert.equal((await page({ Source: 'console_batch' })).PageInfo.TotalCount, 0);
  assert.ok(!('TaskImageInfo' in (await page({ RelateInfo: 'false' })).OnceTasks[0]));
});

test('DescribeImageLatestScanTask: the newest task of a digest, or none', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const Digest = estate.images[0]?.digest.slice(7) ?? '';
  assert.deepEqual((await ask('DescribeImageLatestScanTask', { Digest })).body.Task, []);
  await ask('PublicCreateImageScanTask');
  const { body } = await ask('DescribeImageLatestScanTask', { Digest: `sha256:${Digest}` });
  const [task] = body.Task;
  assert.deepEqual([task.Target, task.Status, task.Create, task.Id], [Digest, 'START', '2026-11-21 00:47:35', 1]);
  assert.deepEqual((await ask('DescribeImageLatestScanTask', { Digest: 'none' })).body.Task, []);
});
