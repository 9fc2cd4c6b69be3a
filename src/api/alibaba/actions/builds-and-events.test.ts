import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey, readerKey } from '../../../../test/support/alibaba-world.ts';

// Build instructions of the sample estate: `add` (low) in shop/web 1.4.2 (open) and shop/worker 7 (accepted).

type Row = Record<string, unknown>;
type Given = Record<string, string>;

test('build risks: rules, hits with the instruction, images', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, , three] = estate.images;
  const list = async (name: string, given: Given = {}, key?: string): Promise<Row[]> =>
    (await ask(name, given, key)).body.Data.List;
  const rules = async (given: Given = {}, key?: string): Promise<unknown[]> =>
    (await list('DescribeImageBuildRiskList', given, key)).map((row) => [
      ...[row.RiskClass, row.RiskKey, row.RiskLevel, row.Count, row.UnprocessedNum],
    ]);
  const add = ['other', 'add', 'low', 2, 1];
  assert.deepEqual(await rules(), [add]);
  assert.deepEqual(await rules({}, bankKey), []);
  assert.deepEqual(await rules({ RiskLevel: 'high' }), []);
  assert.deepEqual(await rules({ Criteria: 'add', CriteriaType: 'RiskKeyName' }), [add]);
  assert.deepEqual(await rules({ Criteria: 'no such class', CriteriaType: 'RiskClassName' }), []);
  const { PageInfo } = (await ask('DescribeImageBuildRiskList', { PageSize: '5' })).body.Data;
  assert.deepEqual(PageInfo, { CurrentPage: 1, PageSize: 5, TotalCount: 1 });

  const hits = (given: Given, key?: string) => list('DescribeImageBuildRiskByKey', { RiskKey: 'add', ...given }, key);
  const [hit, ...more] = await hits({ ImageUuid: one?.uuid ?? '' });
  const instruction = 'ADD https://files.example/tool /usr/bin/tool';
  assert.deepEqual([hit?.LayerCmd, hit?.Promt, more.length], [instruction, `history:4:${instruction}`, 0]);
  assert.equal(hit?.LayerDigest, (900).toString(16).padStart(64, '0'));
  assert.equal((await hits({ Status: '0' })).length, 1);
  assert.equal((await hits({ Status: '1' })).length, 1);
  assert.equal((await hits({ Status: '2' })).length, 0);
  assert.deepEqual(await hits({ ImageUuid: one?.uuid ?? '' }, bankKey), []);

  const images = async (given: Given = {}): Promise<unknown[]> =>
    (await list('DescribeImageListByBuildRisk', given)).map((row) => [row.Uuid, row.Status]);
  const all = [
    [one?.uuid, 0],
    [three?.uuid, 1],
  ];
  assert.deepEqual(await images(), all);
  assert.deepEqual(await images({ Criteria: 'work' }), [all[1]]);
  assert.deepEqual(await images({ Criteria: 'shop', CriteriaType: 'RepoNamespace' }), all);
  assert.deepEqual(await images({ Status: '0', RiskKey: 'add', RiskLevel: 'low' }), [all[0]]);
});

test('build risks: status, and which rules scans use', async (t) => {
  const { ask, riskChanges, estate } = await alibabaWorld(t);
  const set = (given: Given) => ask('SetImageBuildRiskStatus', given);
  const [one] = estate.images;
  await set({ RiskKey: 'add', ImageUuids: one?.uuid ?? '', Status: '2' });
  await set({ RiskKey: 'add', Status: '0' });
  assert.deepEqual(
    riskChanges.map(({ kind, status, rules, uuids }) => [kind, status, rules, uuids]),
    [
      ['instruction', 'false_positive', ['add'], [one?.uuid]],
      ['instruction', 'open', ['add'], undefined],
    ],
  );
  assert.equal((await set({ Status: '1' })).body.Code, 'MissingRiskKey');
  assert.equal((await set({ RiskKey: 'add', Status: '3' })).body.Code, 'InvalidStatus');

  const items = (await ask('ListImageBuildRiskItem', { Lang: 'en' })).body.Data.map((row: Row) => row.ItemKey);
  // Published keys of the vendor, and ours beside them.
  for (const key of ['no_user', 'add', 'config_secret']) assert.ok(items.includes(key), key);
  await ask('SetBuildRiskDefineRuleConfig', { Config: '[{"classKey":"other","ruleList":["no_user"]}]' });
  const { Data } = (await ask('GetBuildRiskDefineRuleConfig')).body;
  const rules = Data.RuleTree.flatMap((group: { RuleList: Row[] }) => group.RuleList);
  assert.equal(rules.length, items.length);
  assert.deepEqual(
    rules.filter((rule: Row) => rule.Selected).map((rule: Row) => rule.RuleKey),
    ['no_user'],
  );
  assert.equal((await ask('SetBuildRiskDefineRuleConfig', { Config: '{"a":1}' })).body.Code, 'InvalidConfig');
});

const Conditions = '[{"condition":"MD5","type":"equals","value":"ABCDEF"}]';
const event = { EventType: 'sensitiveFile', OperationCode: 'whitelist', Conditions };

test('rules on sensitive files: made, read, changed, deleted', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  const Scenarios = '{"type":"repo","value":"shop/web, shop/worker"}';
  const added = await ask('AddImageEventOperation', { ...event, EventKey: 'PEM', Scenarios, Note: 'ours' });
  const [rule] = decisions;
  assert.deepEqual(
    [rule?.kind, rule?.vulnerabilities, rule?.scope, rule?.conditions, rule?.reason],
    [
      ...['sensitive', ['pem'], { kind: 'repositories', paths: ['shop/web', 'shop/worker'] }],
      ...[[{ field: 'md5', op: 'equals', value: 'abcdef' }], 'ours'],
    ],
  );
  const Id = String(added.body.Data.Id);
  const read = (await ask('GetImageEventOperation', { Id })).body.Data;
  assert.deepEqual(JSON.parse(read.Scenarios), { type: 'repo', value: 'shop/web,shop/worker' });
  assert.deepEqual([read.Note, read.Source, read.EventType], ['ours', 'default', 'sensitiveFile']);
  const change = '[{"condition":"path","type":"prefix","value":"/srv"}]';
  await ask('UpdateImageEventOperation', { Id, Conditions: change, Source: 'image' });
  assert.deepEqual(decisions[0]?.conditions, [{ field: 'path', op: 'prefix', value: '/srv' }]);
  assert.equal(decisions[0]?.scope.kind, 'repositories');

  await ask('AddImageEventOperation', { ...event, EventName: 'everywhere' });
  const page = async (given: Given = {}): Promise<unknown[]> => {
    const { List, PageInfo } = (await ask('DescribeImageEventOperationPage', given)).body.Data;
    return [PageInfo.TotalCount, ...List.map((row: Row) => row.EventName)];
  };
  assert.deepEqual(await page(), [2, 'pem', 'everywhere']);
  assert.deepEqual(await page({ PageSize: '1', CurrentPage: '2' }), [2, 'everywhere']);
  assert.deepEqual(await page({ EventKey: 'PEM' }), [1, 'pem']);
  assert.deepEqual(await page({ EventName: 'everywhere' }), [1, 'everywhere']);
  assert.deepEqual(await page({ Id }), [1, 'pem']);
  assert.deepEqual(await page({ Source: 'agentless' }), [0]);
  await ask('DeleteImageEventOperation', { Id });
  assert.deepEqual(await page(), [1, 'everywhere']);
  assert.equal((await ask('GetImageEventOperation', { Id })).body.Code, 'InvalidId');
});

test('rules on sensitive files: what is refused', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  const add = async (given: Given, key?: string) =>
    (await ask('AddImageEventOperation', { ...event, ...given }, key)).body.Code;
  for (const wrong of [
    ...['[]', '{}', '[1]', '[{"condition":"SIZE","type":"equals","value":"1"}]'],
    ...['[{"condition":"PATH","type":"regex","value":"a"}]', '[{"condition":"PATH","type":"equals","value":""}]'],
    '[{"condition":"PATH","type":"equals","value":["a"]}]',
  ]) {
    assert.equal(await add({ Conditions: wrong }), 'InvalidConditions', wrong);
  }
  for (const wrong of [
    '[]',
    '{"type":"image","value":"a"}',
    '{"type":"repo","value":""}',
    '{"type":"repo","value":1}',
  ]) {
    assert.equal(await add({ Scenarios: wrong }), 'InvalidScenarios', wrong);
  }
  assert.equal(await add({ Source: 'agentless' }), 'InvalidSource');
  assert.equal(await add({ EventType: 'malicious' }), 'InvalidEventType');
  assert.equal(await add({}, readerKey), 'NoPermission');
  assert.deepEqual(decisions, []);
  assert.equal(await add({}), '200');
  const update = (given: Given) => ask('UpdateImageEventOperation', { Id: '1', Conditions, ...given });
  assert.equal((await update({})).body.Code, 'MissingScenarios');
  assert.equal((await update({ Source: 'image', Conditions: '[]' })).body.Code, 'InvalidConditions');
  assert.equal((await update({ Id: '77', Source: 'image' })).body.Code, 'InvalidId');
});

test('DescribeImageEventOperationCondition: what AddImageEventOperation takes', async (t) => {
  const { ask } = await alibabaWorld(t);
  const { Data } = (await ask('DescribeImageEventOperationCondition')).body;
  for (const { ConditionKey, SupportedMisType } of Data.Operations[0].Conditions) {
    for (const type of SupportedMisType) {
      const value = JSON.stringify([{ condition: ConditionKey, type, value: 'a' }]);
      assert.equal((await ask('AddImageEventOperation', { ...event, Conditions: value })).status, 200);
    }
  }
});
