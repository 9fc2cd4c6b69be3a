import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';

// Files of the sample estate: one web shell in both images of shop/web (in the second inside of an archive, handled), a
// miner in bank/vault; an npm token in shop/web 1.4.2, one in shop/worker (a false positive), a key in bank/vault.

type Row = Record<string, unknown>;
type Given = Record<string, string>;
const shellMd5 = '1'.padStart(32, '0');
const minerMd5 = '3'.padStart(32, '0');
/** Layers of malicious files of the sample, as the wire has them. */
const layer = (901).toString(16).padStart(64, '0');

test('DescribeGroupedMaliciousFiles: by MD5, with filters', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const groups = async (given: Given = {}, key?: string): Promise<unknown[]> =>
    (
      await ask('DescribeGroupedMaliciousFiles', { CurrentPage: '1', PageSize: '20', ...given }, key)
    ).body.GroupedMaliciousFileResponse.map((row: Row) => [row.MaliciousMd5, row.ImageCount, row.Level, row.Status]);
  const shell = [shellMd5, 2, 'serious', 0];
  const miner = [minerMd5, 1, 'suspicious', 0];
  assert.deepEqual(await groups(), [shell, miner]);
  assert.deepEqual(await groups({}, bankKey), [miner]);
  assert.deepEqual(await groups({ Levels: 'suspicious,remind' }), [miner]);
  assert.deepEqual(await groups({ FuzzyMaliciousName: 'WEB sh' }), [shell]);
  assert.deepEqual(await groups({ MaliciousMd5: minerMd5.toUpperCase() }), [miner]);
  assert.deepEqual(await groups({ MaliciousMd5: 'x' }), []);
  assert.deepEqual(await groups({ ImageLayer: layer }), [shell, miner]);
  assert.deepEqual(await groups({ ImageLayer: `sha256:${layer}` }), [shell, miner]);
  assert.deepEqual(await groups({ ImageLayer: 'other' }), []);
  assert.deepEqual(await groups({ ImageTag: '1.4.1' }), [[shellMd5, 1, 'serious', 1]]);
  assert.deepEqual(await groups({ RepoNamespace: 'ban' }), [miner]);
  assert.deepEqual(await groups({ RepoId: estate.images[3]?.repository.extId ?? '' }), [miner]);
  const { body } = await ask('DescribeGroupedMaliciousFiles', { CurrentPage: '2', PageSize: '1' });
  assert.deepEqual(body.PageInfo, { CurrentPage: 2, PageSize: 1, TotalCount: 2, Count: 1 });
  assert.equal((await ask('DescribeGroupedMaliciousFiles', { Levels: 'high' })).body.Code, 'InvalidLevels');
});

test('DescribeAffectedMaliciousFileImages: a row for each file of each image', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const rows = async (given: Given = {}, key?: string): Promise<Row[]> =>
    (await ask('DescribeAffectedMaliciousFileImages', given, key)).body.AffectedMaliciousFileImagesResponse;
  const paths = async (given: Given, key?: string) => (await rows(given, key)).map(({ FilePath }) => FilePath);
  assert.deepEqual(await paths({}), ['/srv/1.php', '/srv/copy.zip!/a.php', '/opt/miner']);
  assert.deepEqual(await paths({}, bankKey), ['/opt/miner']);
  assert.deepEqual(await paths({ MaliciousMd5: shellMd5, Status: '0' }), ['/srv/1.php']);
  assert.deepEqual(await paths({ Status: '1' }), ['/srv/copy.zip!/a.php']);
  for (const Status of ['2', '3']) assert.deepEqual(await paths({ Status }), []);
  assert.deepEqual(await paths({ ContainerId: 'c' }), []);
  const [first] = await rows({ ImageDigest: estate.images[0]?.digest.slice(7) ?? '' });
  // The number of the rule and the ranges that it matched; texts of rules stay here.
  assert.deepEqual(JSON.parse(String(first?.HighLight)), { ruleVersion: 'drydock_1', ruleId: 7, events: [[2, 5]] });
  assert.deepEqual([first?.Layer, first?.ImageUuid, first?.Uuid], [layer, estate.images[0]?.uuid, '']);
  assert.deepEqual([first?.DownloadUrl, first?.Status, first?.Id], ['', 0, 921]);
  assert.equal((await ask('DescribeAffectedMaliciousFileImages', { Status: '4' })).body.Code, 'InvalidStatus');
});

test('DescribeMatchedMaliciousNames: classes in both languages, by level', async (t) => {
  const { ask } = await alibabaWorld(t);
  const names = async (given: Given): Promise<Map<unknown, unknown>> => {
    const { Count, Data } = (await ask('DescribeMatchedMaliciousNames', given)).body;
    assert.equal(Count, Data.length);
    return new Map(Data.map((row: Row) => [row.Key, row.DisplayName]));
  };
  assert.equal((await names({ Lang: 'en' })).get('WEBSHELL_IMG'), 'Web shell');
  assert.equal((await names({})).get('WEBSHELL_IMG'), '网站后门');
  const remind = await names({ Levels: 'remind' });
  assert.ok(remind.has('TEST_IMG') && !remind.has('WEBSHELL_IMG'));
});

test('sensitive files: rules, hits of one image with masked values, images', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, , three, four] = estate.images;
  const rules = async (given: Given = {}, key?: string): Promise<unknown[]> =>
    (await ask('DescribeImageSensitiveFileList', given, key)).body.SensitiveFileList.map((row: Row) => [
      ...[row.SensitiveFileKey, row.RiskLevel, row.Count, row.UnprocessedNum, row.Status],
    ]);
  const token = ['npm_token', 'medium', 2, 1, 0];
  const key = ['rsa_private_key', 'high', 1, 1, 0];
  assert.deepEqual(await rules(), [token, key]);
  assert.deepEqual(await rules({}, bankKey), [key]);
  assert.deepEqual(await rules({ Criteria: 'npm_token', CriteriaType: 'SensitiveFileKey' }), [token]);
  assert.deepEqual(await rules({ Criteria: 'npm', CriteriaType: 'SensitiveFileKey' }), []);
  assert.deepEqual(await rules({ Criteria: 'NPM', CriteriaType: 'SensitiveFileName' }), [token]);
  assert.deepEqual(await rules({ 'SensitiveKeyList.1': 'rsa_private_key' }), [key]);
  assert.deepEqual(await rules({ RiskLevel: 'high' }), [key]);
  // What is no open finding of an image has been dealt with there.
  assert.deepEqual(await rules({ ImageUuid: three?.uuid ?? '' }), [['npm_token', 'low', 1, 0, 1]]);

  const hits = async (given: Given, by?: string): Promise<Row[]> =>
    (await ask('DescribeImageSensitiveFileByKey', { SensitiveFileKey: 'npm_token', ...given }, by)).body
      .SensitiveFileList;
  const [hit, none] = await hits({ ImageUuid: one?.uuid ?? '' });
  assert.equal(none, undefined);
  assert.deepEqual([hit?.FilePath, hit?.Promt, hit?.RiskLevel], ['/root/.npmrc', 'toys…et', 'medium']);
  assert.equal(hit?.LayerDigest, (902).toString(16).padStart(64, '0'));
  assert.deepEqual(await hits({ ImageUuid: one?.uuid ?? '' }, bankKey), []);
  assert.equal((await hits({ ImageUuid: four?.uuid ?? '', SensitiveFileKey: '' }, bankKey)).length, 1);

  const images = async (given: Given = {}, by?: string): Promise<unknown[]> =>
    (await ask('DescribeImageListBySensitiveFile', given, by)).body.ImageInfos.map((row: Row) => [
      ...[row.Uuid, row.Status],
    ]);
  const all = [
    [one?.uuid, '0'],
    [three?.uuid, '2'],
    [four?.uuid, '0'],
  ];
  assert.deepEqual(await images(), all);
  assert.deepEqual(await images({ Status: '2' }), [all[1]]);
  assert.deepEqual(await images({ Status: '1' }), []);
  assert.deepEqual(await images({ SensitiveFileKey: 'rsa_private_key' }), [all[2]]);
  assert.deepEqual(await images({ RepoName: 'worker', RiskLevel: 'low' }), [all[1]]);
  assert.deepEqual(await images({}, bankKey), [all[2]]);
});

test('SetImageSensitiveFileStatus: every status, by rule, image and hit; never everything at once', async (t) => {
  const { ask, riskChanges, estate } = await alibabaWorld(t);
  const uuids = estate.images.map(({ uuid }) => uuid);
  const set = (given: Given) => ask('SetImageSensitiveFileStatus', given);
  for (const [Status, status] of [
    ['0', 'open'],
    ['1', 'whitelisted'],
    ['2', 'false_positive'],
  ] as const) {
    await set({ SensitiveFileKey: 'npm_token', ImageUuids: `${uuids[0]},${uuids[2]}`, Status });
    assert.deepEqual(riskChanges.at(-1), {
      ...{ kind: 'sensitive', status, rules: ['npm_token'], uuids: [uuids[0], uuids[2]] },
      ...{ reason: '', source: 'alibaba' },
    });
  }
  const { body } = await set({ 'IdList.1': '931', 'IdList.2': '932', Status: '1' });
  assert.deepEqual([riskChanges.at(-1)?.ids, riskChanges.at(-1)?.rules], [[931, 932], []]);
  assert.equal(body.Data.Id, riskChanges.length);
  const before = riskChanges.length;
  assert.equal((await set({ Status: '1' })).body.Code, 'MissingSensitiveFileKey');
  assert.equal((await set({ Status: '1', ImageUuids: uuids[0] ?? '' })).body.Code, 'MissingSensitiveFileKey');
  assert.equal((await set({ SensitiveFileKey: 'pem' })).body.Code, 'MissingStatus');
  assert.equal((await set({ SensitiveFileKey: 'pem', Status: '3' })).body.Code, 'InvalidStatus');
  assert.equal(riskChanges.length, before);
});

test('which rules for sensitive files scans use; whether they look for them at all', async (t) => {
  const { ask } = await alibabaWorld(t);
  const selected = async (): Promise<unknown[]> => {
    const { Data } = (await ask('GetSensitiveDefineRuleConfig', { Lang: 'en' })).body;
    const rules = Data.RuleTree.flatMap((group: { RuleList: Row[] }) => group.RuleList);
    const keys = rules.filter((rule: Row) => rule.Selected).map((rule: Row) => rule.RuleKey);
    assert.equal(Data.SelectedCount, keys.length);
    return keys;
  };
  const config = (Config: string, more: Given = {}) => ask('SetSensitiveDefineRuleConfig', { Config, ...more });
  await config('[{"classKey":"password","ruleList":["npm_token","pem"]}]', { EnableNewRule: '0' });
  assert.deepEqual((await selected()).toSorted(), ['npm_token', 'pem']);
  for (const wrong of ['{}', '[1]', '[{"ruleList":"pem"}]', '[{"ruleList":[1]}]', '[']) {
    assert.equal((await config(wrong)).body.Code, 'InvalidConfig', wrong);
  }
  assert.equal((await config('[]', { Source: 'agentless' })).body.Code, 'InvalidSource');
  assert.equal((await selected()).length, 2);

  const state = async (given: Given = {}) => (await ask('OpenSensitiveFileScan', given)).body.Data.SwitchOn;
  assert.deepEqual([await state(), await state({ SwitchOn: 'off' }), await state()], ['on', 'off', 'off']);
  assert.deepEqual([await state({ SwitchOn: 'on' }), await state()], ['on', 'on']);
  assert.equal((await ask('OpenSensitiveFileScan', { SwitchOn: 'maybe' })).body.Code, 'InvalidSwitchOn');
});
