import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';
import type { FixTask } from '../../../service/index.ts';

const start = Date.UTC(2022, 11, 16, 3, 6, 2);

async function withTasks(t: TestContext, settings = {}) {
  const world = await alibabaWorld(t, { settings });
  const [one, two, , vault] = world.estate.images;
  const task = (over: Partial<FixTask>): FixTask => ({
    id: 'ivf-939536b5-c3ca-427b-8183-910077560c11',
    projectId: 1,
    imageUuid: one?.uuid ?? '',
    newTag: '1.4.2_fix_1671159960000',
    newImageUuid: null,
    stage: 'queued',
    status: 'running',
    reason: null,
    requested: [],
    recordIds: [],
    title: 'CVE-2018-25010:libwebp up to 1.0.0 ApplyFilter out-of-bounds read',
    requestId: '',
    trigger: 'schedule',
    createdAt: start,
    startedAt: start,
    finishedAt: null,
    ...over,
  });
  const ended = { finishedAt: start + 99_000 };
  world.work.fixes.push(
    task({ id: 'ivf-1', status: 'success', newImageUuid: two?.uuid ?? '', ...ended }),
    task({ id: 'ivf-2', startedAt: start + 1000 }),
    task({ id: 'ivf-3', startedAt: start + 2000, status: 'failed', ...ended }),
    task({ id: 'ivf-4', startedAt: start + 3000, status: 'partial', ...ended }),
    task({ id: 'ivf-5', startedAt: start + 4000, status: 'cancelled', ...ended }),
    task({ id: 'ivf-6', startedAt: start + 5000, projectId: 2, imageUuid: vault?.uuid ?? '' }),
  );
  const ids = async (parameters: Record<string, string> = {}, key?: string): Promise<string[]> =>
    (await world.ask('DescribeImageFixTask', parameters, key)).body.BuildTasks.map(
      (row: { BuildTaskId: string }) => row.BuildTaskId,
    );
  return { ...world, one, two, ids };
}

test('DescribeImageFixTask: the published fields, times in UTC+8', async (t) => {
  const { ask, one, two } = await withTasks(t);
  const { body } = await ask('DescribeImageFixTask', { CurrentPage: '6', PageSize: '1' });
  assert.deepEqual(body.PageInfo, { CurrentPage: 6, PageSize: 1, TotalCount: 6, Count: 1 });
  assert.deepEqual(body.BuildTasks, [
    {
      BuildTaskId: 'ivf-1',
      TaskType: 'IMAGE_REPAIR',
      RepoNamespace: 'shop',
      RepoName: 'web',
      RegionId: 'cn-hangzhou',
      OldTag: '1.4.2',
      OldUuid: one?.uuid,
      NewTag: '1.4.2_fix_1671159960000',
      NewUuid: two?.uuid,
      FixTime: '2022-12-16 11:06:02',
      FinishTime: '2022-12-16 11:07:41',
      Status: 2,
      VulAlias: 'CVE-2018-25010:libwebp up to 1.0.0 ApplyFilter out-of-bounds read',
    },
  ]);
});

test('DescribeImageFixTask: running tasks have no end and no new image', async (t) => {
  const { ask } = await withTasks(t, { timeZone: 'UTC' });
  const { body } = await ask('DescribeImageFixTask', { Status: '1' });
  const row = body.BuildTasks.at(-1);
  assert.deepEqual([row.BuildTaskId, row.Status, row.FixTime], ['ivf-2', 1, '2022-12-16 03:06:03']);
  assert.ok(!('FinishTime' in row) && !('NewUuid' in row));
});

test('DescribeImageFixTask: states, bounds of the start, newest first, projects', async (t) => {
  const { ids, ask } = await withTasks(t);
  assert.deepEqual(await ids(), ['ivf-6', 'ivf-5', 'ivf-4', 'ivf-3', 'ivf-2', 'ivf-1']);
  assert.deepEqual(await ids({ Status: '1' }), ['ivf-6', 'ivf-2']);
  assert.deepEqual(await ids({ Status: '2' }), ['ivf-1']);
  assert.deepEqual(await ids({ Status: '3' }), ['ivf-5', 'ivf-4', 'ivf-3']);
  const bounds = { StartTime: String(start + 1000), EndTime: String(start + 2000) };
  assert.deepEqual(await ids(bounds), ['ivf-3', 'ivf-2']);
  assert.deepEqual(await ids({}, bankKey), ['ivf-6']);
  assert.deepEqual(await ids({ CurrentPage: '7', PageSize: '1' }), []);
  for (const [name, value] of [
    ['Status', '4'],
    ['StartTime', '-1'],
    ['EndTime', 'now'],
    ['PageSize', '0'],
    ['CurrentPage', '0'],
  ]) {
    const { status, body } = await ask('DescribeImageFixTask', { [name as string]: value as string });
    assert.deepEqual([status, body.Code], [400, `Invalid${name}`]);
  }
});

test('DescribeImageFixTask: a partial result is state 2 where that is configured', async (t) => {
  const { ids } = await withTasks(t, { partialFixStatus: 2 });
  assert.deepEqual(await ids({ Status: '2' }), ['ivf-4', 'ivf-1']);
});

test('DescribeImageSecurityScanCount: every filter, alone and together', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, two, three, vault] = estate.images;
  const cve = async (parameters: Record<string, string>, key?: string): Promise<number> => {
    const { status, body } = await ask('DescribeImageSecurityScanCount', parameters, key);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body.Data).sort(), [
      'ImageBaselineCount',
      'ImageCveVulCount',
      'ImageMaliciousFileCount',
      'ImageScaVulCount',
    ]);
    return body.Data.ImageCveVulCount;
  };
  // shop/web:1.4.2 has five of them, one of which is handled; each other image has one.
  assert.equal(await cve({}), 8);
  assert.equal(await cve({ Dealed: 'N' }), 7);
  assert.equal(await cve({ Dealed: 'n' }), 7);
  assert.equal(await cve({ Dealed: 'Y' }), 1);
  assert.equal(await cve({ Dealed: 'A' }), 8);
  assert.equal(await cve({ Dealed: '' }), 8);
  assert.equal(await cve({ ImageUuid: one?.uuid ?? '' }), 5);
  assert.equal(await cve({ 'Uuids.1': two?.uuid ?? '', 'Uuids.2': three?.uuid ?? '' }), 2);
  assert.equal(await cve({ 'Uuids.1': two?.uuid ?? '', ImageUuid: one?.uuid ?? '' }), 0);
  assert.equal(await cve({ RepoRegionId: 'eu-1' }), 1);
  assert.equal(await cve({ RepoInstanceId: one?.registry.instanceId ?? '' }), 7);
  assert.equal(await cve({ RepoId: three?.repository.extId ?? '' }), 1);
  assert.equal(await cve({ ImageTag: '1.4.1' }), 1);
  assert.equal(await cve({ ImageDigest: one?.digest.slice(7) ?? '' }), 5);
  assert.equal(await cve({ ImageDigest: one?.digest ?? '' }), 5);
  assert.equal(await cve({ ImageDigest: 'none' }), 0);
  assert.equal(await cve({ ImageUuid: 'none' }), 0);
  assert.equal(await cve({ ClusterId: 'c1' }), 0);
  assert.equal(await cve({ 'ScanRange.1': 'image', 'ScanRange.2': 'container' }), 8);
  assert.equal(await cve({ ScanRange: '["image"]' }), 8);
  assert.equal(await cve({ ScanRange: 'container' }), 0);
  assert.equal(await cve({ Uuids: JSON.stringify([vault?.uuid]) }), 1);
  assert.equal(await cve({}, bankKey), 1);
  assert.equal(await cve({ ImageUuid: one?.uuid ?? '' }, bankKey), 0);
  const { body } = await ask('DescribeImageSecurityScanCount', { Dealed: 'X' });
  assert.equal(body.Code, 'InvalidDealed');
  const range = await ask('DescribeImageSecurityScanCount', { 'ScanRange.1': 'vm' });
  assert.equal(range.body.Code, 'InvalidScanRange');
});

test('DescribeImageInfoList: order of the request, each once, unknown and foreign left out', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, two, , vault] = estate.images;
  const Uuids = ` ${two?.uuid}, none,, ${one?.uuid} ,${two?.uuid},${vault?.uuid}`;
  const { body } = await ask('DescribeImageInfoList', { Uuids });
  const uuids = (rows: { Uuid: string }[]): string[] => rows.map(({ Uuid }) => Uuid);
  assert.deepEqual(uuids(body.ImageInfos), [two?.uuid, one?.uuid, vault?.uuid]);
  const foreign = await ask('DescribeImageInfoList', { Uuids }, bankKey);
  assert.deepEqual(uuids(foreign.body.ImageInfos), [vault?.uuid]);
  const many = Array.from({ length: 1001 }, (_, index) => `u${index}`).join();
  assert.equal((await ask('DescribeImageInfoList', { Uuids: many })).body.Code, 'InvalidUuids');
  assert.equal((await ask('DescribeImageInfoList', { Uuids: ', ,' })).body.Code, 'MissingUuids');
});

test('DescribeImageInfoList: fields of one image', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one] = estate.images;
  const { body } = await ask('DescribeImageInfoList', { Uuids: one?.uuid ?? '' });
  assert.deepEqual(body.ImageInfos, [
    {
      Uuid: one?.uuid,
      Digest: one?.digest.slice(7),
      ImageId: one?.configDigest?.slice(7),
      Tag: '1.4.2',
      InstanceId: 'cri-0000000000000001',
      RegionId: 'cn-hangzhou',
      RegistryType: 'harbor',
      RepoId: 'crr-0000000000000001',
      RepoName: 'web',
      RepoNamespace: 'shop',
      Endpoints: '[{"domains":["registry-1.example:5000"],"type":"internet"}]',
      Status: 'NORMAL',
      VulCount: 5,
      VulStatus: 'YES',
      AlarmCount: 0,
      AlarmStatus: 'NO',
      RiskStatus: 'YES',
      ImageCreate: Date.UTC(2026, 9, 1, 0, 0, 1),
      ImageSize: 1000,
      ImageUpdate: Date.UTC(2026, 10, 3, 0, 0, 1),
      RepoType: 'PRIVATE',
      TagImmutable: 0,
    },
  ]);
});

test('an empty estate answers with zeros and empty lists', async (t) => {
  const { ask } = await alibabaWorld(t, { estate: { registries: [], images: [], records: [] } });
  const counts = await ask('DescribeImageSecurityScanCount');
  assert.deepEqual(Object.values(counts.body.Data), [0, 0, 0, 0]);
  const tasks = await ask('DescribeImageFixTask');
  assert.deepEqual(tasks.body.BuildTasks, []);
  assert.deepEqual((await ask('DescribeImageInfoList', { Uuids: 'x' })).body.ImageInfos, []);
});
