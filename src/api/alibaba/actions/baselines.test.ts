import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';

// Items of the sample estate: `duplicate_uid` in two images of shop/web (high, medium) and in bank/vault (high),
// `weak_ssh_crypto` (medium, accepted) in the first image of shop/web.

type Row = Record<string, unknown>;
type Given = Record<string, string>;

test('DescribeImageBaselineCheckSummary: images by level, languages, filters, pages', async (t) => {
  const { ask } = await alibabaWorld(t);
  const summary = async (given: Given, key?: string): Promise<unknown[]> =>
    (await ask('DescribeImageBaselineCheckSummary', given, key)).body.BaselineResultSummary.map((row: Row) => [
      ...[row.BaselineNameKey, row.BaselineNameLevel, row.HighRiskImage, row.MiddleRiskImage, row.LowRiskImage],
    ]);
  const identification = ['identification', 'high', 2, 1, 0];
  const ssh = ['ssh_config', 'medium', 0, 1, 0];
  assert.deepEqual(await summary({}), [identification, ssh]);
  assert.deepEqual(await summary({}, bankKey), [['identification', 'high', 1, 0, 0]]);
  assert.deepEqual(await summary({ RiskLevel: 'medium' }), [ssh, ['identification', 'medium', 0, 1, 0]]);
  assert.deepEqual(await summary({ RiskLevel: 'low' }), []);
  assert.deepEqual(await summary({ Criteria: 'ssh', CriteriaType: 'BaselineNameAlias' }), [ssh]);
  assert.deepEqual(await summary({ Criteria: '身份鉴别', CriteriaType: 'BaselineClassAlias' }), [identification]);
  assert.deepEqual(await summary({ Criteria: '身份鉴别' }), [identification]);
  assert.deepEqual(await summary({ Criteria: 'SSH', CriteriaType: 'BaselineClassAlias' }), []);
  assert.deepEqual(await summary({ ClusterId: 'c1' }), []);
  assert.deepEqual(await summary({ 'ScanRange.1': 'container' }), []);
  assert.deepEqual(await summary({ 'ScanRange.1': 'image' }), [identification, ssh]);

  const { body } = await ask('DescribeImageBaselineCheckSummary', { PageSize: '1', CurrentPage: '2' });
  assert.deepEqual(body.PageInfo, { CurrentPage: 2, PageSize: 1, TotalCount: 2, Count: 1 });
  assert.deepEqual(
    body.BaselineResultSummary.map((row: Row) => [row.BaselineNameAlias, row.BaselineClassAlias, row.Status]),
    [['SSH配置', '访问控制', 0]],
  );
  const english = await ask('DescribeImageBaselineCheckSummary', { Lang: 'en' });
  assert.deepEqual(english.body.BaselineResultSummary[1].BaselineNameAlias, 'SSH configuration');
});

test('results and items of one image; what was accepted stays listed and says so', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, , , four] = estate.images;
  const results = async (given: Given, key?: string): Promise<unknown[]> =>
    (await ask('DescribeImageBaselineCheckResult', given, key)).body.BaselineResult.map((row: Row) => [
      ...[row.BaselineNameKey, row.BaselineItemCount, row.HighRiskItemCount, row.MiddleRiskItemCount],
    ]);
  const ImageUuid = one?.uuid ?? '';
  assert.deepEqual(await results({ ImageUuid }), [
    ['identification', 1, 1, 0],
    ['ssh_config', 1, 0, 1],
  ]);
  assert.deepEqual(await results({ ImageUuid, RiskLevel: 'high,low' }), [['identification', 1, 1, 0]]);
  assert.deepEqual(await results({ ImageUuid }, bankKey), []);
  assert.deepEqual(await results({ ImageUuid: 'none' }), []);

  const items = async (given: Given, key?: string): Promise<unknown[]> =>
    (await ask('DescribeImageBaselineItemList', given, key)).body.BaselineItemInfos.map((row: Row) => [
      ...[row.BaselineItemKey, row.Status, row.WhiteList],
    ]);
  const both = [
    ['duplicate_uid', 0, 0],
    ['weak_ssh_crypto', 0, 1],
  ];
  assert.deepEqual(await items({ ImageUuid }), both);
  assert.deepEqual(await items({ ImageUuid, Status: '0' }), both);
  // A digest never changes: nothing of it is ever fixed, verified or failed to be.
  for (const Status of ['1', '2', '3']) assert.deepEqual(await items({ ImageUuid, Status }), []);
  assert.deepEqual(await items({ ImageUuid, BaselineClassKey: 'access_control' }), [both[1]]);
  assert.deepEqual(await items({ ImageUuid, BaselineNameKey: 'identification' }), [both[0]]);
  assert.deepEqual(await items({ ImageUuid }, bankKey), []);
  assert.deepEqual(await items({ ImageUuid: four?.uuid ?? '' }, bankKey), [both[0]]);
  assert.equal((await ask('DescribeImageBaselineItemList', { ImageUuid, Status: '4' })).body.Code, 'InvalidStatus');
});

test('DescribeImageBaselineDetail: evidence of the image, texts in both languages, nothing of others', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const ImageUuid = estate.images[0]?.uuid ?? '';
  const detail = async (given: Given, key?: string): Promise<Row> =>
    (await ask('DescribeImageBaselineDetail', { ImageUuid, BaselineItemKey: 'duplicate_uid', ...given }, key)).body
      .BaselineDetail;
  const [chinese, english] = [await detail({}), await detail({ Lang: 'en' })];
  assert.equal(chinese.Prompt, '/etc/passwd:ro…ot');
  assert.deepEqual([chinese.BaselineItemKey, chinese.Level], ['duplicate_uid', 'high']);
  assert.equal(chinese.BaselineNameAlias, '身份鉴别');
  for (const name of ['Advice', 'Description', 'BaselineItemAlias']) {
    assert.match(String(chinese[name]), /\p{Script=Han}/u, name);
    assert.doesNotMatch(String(english[name]), /\p{Script=Han}/u, name);
    assert.ok(String(english[name]).length > 5, name);
  }
  assert.deepEqual(await detail({ BaselineItemKey: 'weak_password' }), {});
  assert.deepEqual(await detail({}, bankKey), {});
});

test('DescribeImageListWithBaselineName: images by name, place and digest', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, two, , four] = estate.images;
  const images = async (given: Given, key?: string): Promise<unknown[]> =>
    (
      await ask('DescribeImageListWithBaselineName', { BaselineNameKey: 'identification', ...given }, key)
    ).body.ImageInfos.map((row: Row) => [row.Uuid, row.HighRiskImage, row.MiddleRiskImage, row.TotalItemCount]);
  const rows = [
    [one?.uuid, 1, 0, 1],
    [two?.uuid, 0, 1, 1],
    [four?.uuid, 1, 0, 1],
  ];
  assert.deepEqual(await images({}), rows);
  assert.deepEqual(await images({ RepoName: 'we' }), rows.slice(0, 2));
  assert.deepEqual(await images({ RepoNamespace: 'bank' }), rows.slice(2));
  assert.deepEqual(await images({ ImageDigest: two?.digest.slice(7) ?? '' }), [rows[1]]);
  assert.deepEqual(await images({ RepoInstanceId: four?.registry.instanceId ?? '' }), [rows[2]]);
  assert.deepEqual(await images({ Pod: 'p' }), []);
  assert.deepEqual(await images({}, bankKey), [rows[2]]);
  assert.deepEqual(await images({ ImageDigest: two?.digest.slice(7) ?? '' }, bankKey), []);
  assert.deepEqual(await images({ BaselineNameKey: 'none' }), []);
});

test('the strategy: read, saved in every form that clients write, refused', async (t) => {
  const { ask } = await alibabaWorld(t);
  const items = async (given: Given = {}): Promise<unknown[]> => {
    const { Strategy } = (await ask('DescribeImageBaselineStrategy', given)).body;
    assert.equal(Strategy.SelectedItemCount, Strategy.BaselineItemList.length);
    return Strategy.BaselineItemList.map((row: Row) => row.ItemKey);
  };
  const all = await items();
  const tree = (await ask('DescribeAllImageBaseline', { Lang: 'en' })).body.ImageBaselines.BaselineClassList;
  const known = tree.flatMap((entry: { BaselineNameList: { BaselineItemList: Row[] }[] }) =>
    entry.BaselineNameList.flatMap((name) => name.BaselineItemList.map((row) => row.ItemKey)),
  );
  assert.deepEqual(known.toSorted(), all.toSorted());
  const save = (given: Given) => ask('SaveImageBaselineStrategy', { BaselineItemList: 'duplicate_uid', ...given });
  for (const BaselineItemList of [
    'duplicate_uid, weak_password',
    '["duplicate_uid","weak_password"]',
    '[{"ItemKey":"duplicate_uid"},{"itemKey":"weak_password"}]',
  ]) {
    const { status, body } = await save({ BaselineItemList, StrategyName: 'mine', ImageVulClean: '30' });
    assert.equal(status, 200, JSON.stringify(body));
    assert.deepEqual(await items(), ['duplicate_uid', 'weak_password']);
  }
  const { Strategy } = (await ask('DescribeImageBaselineStrategy', {})).body;
  assert.deepEqual([Strategy.StrategyName, Strategy.ImageVulClean, Strategy.Type], ['mine', 30, 'normal']);
  assert.equal((await items({ StrategyId: '1' })).length, all.length);
  assert.equal((await ask('DescribeImageBaselineStrategy', { StrategyId: '9' })).body.Code, 'InvalidStrategyId');
  assert.equal((await save({ Source: 'agentless' })).body.Code, 'InvalidSource');
  for (const BaselineItemList of ['[1]', '[{}]', '[']) {
    assert.equal((await save({ BaselineItemList })).body.Code, 'InvalidBaselineItemList', BaselineItemList);
  }
});

test('OperateImageBaselineWhitelist: once per item, taken back, refused for other projects', async (t) => {
  const { ask, decisions, estate } = await alibabaWorld(t);
  const [one, , , four] = estate.images;
  const operate = (given: Given, key?: string) =>
    ask('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'duplicate_uid', Operation: 'add', ...given }, key);
  const held = () => decisions.map(({ vulnerabilities, scope }) => [vulnerabilities.join(), scope.kind]);
  await operate({ ImageUuid: one?.uuid ?? '' });
  await operate({ ImageUuid: one?.uuid ?? '' });
  await operate({ BaselineItemKeyList: 'duplicate_uid,weak_ssh_crypto' });
  const all = [
    ['duplicate_uid', 'images'],
    ['duplicate_uid', 'global'],
    ['weak_ssh_crypto', 'global'],
  ];
  assert.deepEqual(held(), all);
  await operate({ Operation: 'del' });
  assert.deepEqual(held(), [all[0], all[2]]);
  await operate({ ImageUuid: one?.uuid ?? '' }, bankKey).then(({ body }) =>
    assert.equal(body.Code, 'InvalidImageUuid'),
  );
  assert.deepEqual(held(), [all[0], all[2]]);
  await operate({ ImageUuid: four?.uuid ?? '' }, bankKey);
  assert.equal(decisions.at(-1)?.projectId, 2);
  const { body } = await operate({ BaselineItemKeyList: 'a key' });
  assert.equal(body.Code, 'InvalidBaselineItemKeyList');
});
