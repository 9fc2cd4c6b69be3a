import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';

const criteria = (...entries: [string, string, string?][]): string =>
  JSON.stringify(entries.map(([name, value, logicalExp]) => ({ name, value, ...(logicalExp && { logicalExp }) })));

test('DescribeImageInstances: criteria, alone and joined', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one] = estate.images;
  const tags = async (parameters: Record<string, string>, key?: string): Promise<string[]> =>
    (await ask('DescribeImageInstances', parameters, key)).body.ImageInstanceList.map(
      (row: { Tag: string }) => row.Tag,
    );
  assert.deepEqual(await tags({}), ['1.4.2', '1.4.1', '7', 'latest', '8']);
  assert.deepEqual(await tags({ Criteria: '[]' }), ['1.4.2', '1.4.1', '7', 'latest', '8']);
  assert.deepEqual(await tags({ Criteria: criteria(['instanceId', one?.registry.instanceId ?? '']) }), [
    '1.4.2',
    '1.4.1',
    '7',
    '8',
  ]);
  assert.deepEqual(await tags({ Criteria: criteria(['repoName', 'web,vault']) }), ['1.4.2', '1.4.1', 'latest']);
  assert.deepEqual(await tags({ Criteria: criteria(['repoName', 'web,vault', 'AND']) }), []);
  assert.deepEqual(await tags({ Criteria: criteria(['digest', one?.digest.slice(7) ?? '']) }), ['1.4.2']);
  assert.deepEqual(await tags({ Criteria: criteria(['digest', 'none']) }), []);
  assert.deepEqual(await tags({ Criteria: criteria(['imageId', one?.configDigest?.slice(7) ?? '']) }), ['1.4.2']);
  assert.deepEqual(await tags({ Criteria: criteria(['vulStatus', 'no']) }), ['8']);
  assert.deepEqual(await tags({ Criteria: criteria(['registryType', 'quay']) }), ['latest']);
  const both = criteria(['repoNamespace', 'bank'], ['tag', '7']);
  assert.deepEqual(await tags({ Criteria: both }), []);
  assert.deepEqual(await tags({ Criteria: both, LogicalExp: 'or' }), ['7', 'latest']);
  assert.deepEqual(await tags({ Criteria: '{"Name":"tag","Value":"7"}' }), ['7']);
  assert.deepEqual(await tags({ Criteria: criteria(['tag', '']) }), ['1.4.2', '1.4.1', '7', 'latest', '8']);
  assert.deepEqual(await tags({ Scanned: 'false' }), ['8']);
  assert.deepEqual(await tags({ Scanned: 'true', PageSize: '2', CurrentPage: '2' }), ['7', 'latest']);
  assert.deepEqual(await tags({}, bankKey), ['latest']);
  for (const wrong of [
    '[1]',
    '{',
    '"a"',
    criteria(['nothing', '1']),
    criteria(['vulStatus', 'maybe']),
    criteria(['tag', '1', 'XOR']),
  ]) {
    const { status, body } = await ask('DescribeImageInstances', { Criteria: wrong });
    assert.deepEqual([status, body.Code], [400, 'InvalidCriteria'], wrong);
  }
});

test('DescribeImageInstances: numbers that are texts, states of scans', async (t) => {
  const { ask } = await alibabaWorld(t);
  const { body } = await ask('DescribeImageInstances');
  const [first] = body.ImageInstanceList;
  const never = body.ImageInstanceList[4];
  assert.deepEqual(
    [first.ImageSize, first.ImageCreate, first.RepoType, first.ScaStatus, first.ScaProgress],
    ['1000', String(Date.UTC(2026, 9, 1, 0, 0, 1)), 'private', 'SUCCESS', 100],
  );
  assert.deepEqual(
    [never.ScaStatus, never.ScaProgress, never.ScaResult, never.RepoType],
    ['INIT', 0, 'TASK_NOT_EXISTS', 'public'],
  );
  assert.ok(!('LastScanTime' in never));
});

test('DescribeImageRepoDetailList: sums, criteria, projects', async (t) => {
  const { ask } = await alibabaWorld(t);
  const { body } = await ask('DescribeImageRepoDetailList', { Criteria: criteria(['repoName', 'web']) });
  const [web] = body.ImageRepoResponses;
  assert.deepEqual(
    [web.ImageCount, web.HasRiskImageCount, web.VulCount, web.VulStatus, web.AlarmStatus],
    [2, 2, 6, 'YES', 'NO'],
  );
  assert.deepEqual(body.PageInfo, { CurrentPage: 1, PageSize: 20, TotalCount: 1, Count: 1 });
  const foreign = await ask('DescribeImageRepoDetailList', {}, bankKey);
  assert.equal(foreign.body.PageInfo.TotalCount, 1);
});

test('DescribeImage: the digest of a tag; unknown images have none', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one] = estate.images;
  const where = {
    ImageInstanceId: one?.registry.instanceId ?? '',
    ImageRegionId: 'cn-hangzhou',
    ImageRepoId: one?.repository.extId ?? '',
  };
  const found = await ask('DescribeImage', { ...where, ImageTag: '1.4.2' });
  assert.deepEqual(found.body.Data, { Digest: one?.digest.slice(7) });
  for (const answer of [
    await ask('DescribeImage', { ...where, ImageTag: 'gone' }),
    await ask('DescribeImage', { ...where, ImageTag: '1.4.2' }, bankKey),
  ]) {
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body.Data, {});
  }
});

test('criteria of search boxes; a typed text leaves those that it may mean', async (t) => {
  const { ask } = await alibabaWorld(t);
  const names = async (action: string, parameters = {}, key?: string): Promise<string[]> =>
    (await ask(action, parameters, key)).body.CriteriaList.map((row: { Name: string }) => row.Name);
  assert.deepEqual(await names('DescribeImageCriteria'), [
    'tag',
    'digest',
    'vulStatus',
    'alarmStatus',
    'riskStatus',
    'registryType',
  ]);
  assert.deepEqual(await names('DescribeImageCriteria', { Value: 'late' }), ['tag']);
  assert.deepEqual(await names('DescribeImageCriteria', { Value: 'qua' }), ['registryType']);
  assert.deepEqual(await names('DescribeImageRepoCriteria', { Value: 'SHOP' }), ['repoNamespace']);
  assert.deepEqual(await names('DescribeImageRepoCriteria', { Value: 'shop' }, bankKey), []);
  const { body } = await ask('DescribeImageRepoCriteria', {});
  assert.deepEqual(body.CriteriaList[5], { Name: 'vulStatus', Type: 'select', Values: 'NO,YES' });
  assert.deepEqual(body.CriteriaList[0], { Name: 'instanceId', Type: 'input', Values: '' });
});

test('statistics count what the caller may see', async (t) => {
  const { ask } = await alibabaWorld(t);
  const all = (await ask('DescribeImageStatistics')).body;
  assert.deepEqual([all.InstanceCount, all.RiskInstanceCount], [5, 4]);
  assert.equal((await ask('DescribeCountScannedImage')).body.ScannedCount, 4);
  assert.equal((await ask('DescribeCountNotScannedImage')).body.NotScannedCnt, 1);
  assert.equal((await ask('DescribeImageStatistics', {}, bankKey)).body.InstanceCount, 1);
  const { body } = await ask('DescribeImageRiskLevelStatistic');
  assert.deepEqual(body.ImageRiskLevelList, [
    { ImageRiskLevel: '3', Cnt: 4 },
    { ImageRiskLevel: '2', Cnt: 0 },
    { ImageRiskLevel: '1', Cnt: 0 },
    { ImageRiskLevel: '0', Cnt: 0 },
  ]);
});

test('DescribeImageRepoList: every repository is protected', async (t) => {
  const { ask } = await alibabaWorld(t);
  const type = { TargetType: 'image_repo', Type: 'image_repo' };
  const { body } = await ask('DescribeImageRepoList', {
    ...type,
    OperateType: 'other',
    FieldName: 'repoNamespace',
    FieldValue: 'bank',
  });
  assert.deepEqual(body.ImageRepoList, [{ Flag: 'add', ImageCount: 1, RepoName: 'vault', RepoNamespace: 'bank' }]);
  assert.deepEqual([body.AllTargetCount, body.AddTargetCount, body.DelTargetCount], [3, 3, 0]);
  assert.deepEqual((await ask('DescribeImageRepoList', { ...type, Selected: '0' })).body.ImageRepoList, []);
  assert.deepEqual((await ask('DescribeImageRepoList', { ...type, OperateType: 'count' })).body.ImageRepoList, []);
});
