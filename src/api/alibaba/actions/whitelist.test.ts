import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';

const Whitelist = JSON.stringify([
  { Type: 'cve', Name: 'debian:12:CVE-2026-0001', AliasName: 'CVE-2026-0001:libwebp' },
  { type: 'sca', name: 'imgsca:java:spring-core:CVE-2026-0004' },
]);
const Target = '{"type":"repo","target":["shop/web"]}';
const envelope = { Code: '200', Message: 'successful', Success: true, HttpStatusCode: 200 };

test('a white list is written, read, changed and withdrawn', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  const added = await ask('AddImageVulWhiteList', { Whitelist, Target, Reason: 'not used', Source: 'image' });
  const { RequestId: _id, ...body } = added.body;
  assert.deepEqual(body, { ...envelope, Data: true });
  assert.deepEqual(
    decisions.map((rule) => [
      rule.kind,
      rule.vulnerabilities,
      rule.findingKind,
      rule.scope,
      rule.projectId,
      rule.source,
    ]),
    [
      ['whitelist', ['debian:12:CVE-2026-0001'], 'cve', { kind: 'repositories', paths: ['shop/web'] }, null, 'alibaba'],
      [
        'whitelist',
        ['imgsca:java:spring-core:CVE-2026-0004'],
        'sca',
        { kind: 'repositories', paths: ['shop/web'] },
        null,
        'alibaba',
      ],
    ],
  );
  const list = await ask('DescribeImageVulWhiteList', { AliasName: 'libwebp' });
  assert.deepEqual(list.body.ImageVulWhitelist, [
    {
      AliasName: 'CVE-2026-0001:libwebp',
      Id: 1,
      Name: 'debian:12:CVE-2026-0001',
      Reason: 'not used',
      Target,
      Type: 'cve',
    },
  ]);
  const moved = await ask('UpdateImageVulWhitelistTarget', { Id: '1', Target: '{"type":"repo","target":["a/b"]}' });
  assert.equal(moved.body.Data, true);
  assert.deepEqual([decisions[0]?.scope, decisions[0]?.reason], [{ kind: 'repositories', paths: ['a/b'] }, 'not used']);
  assert.equal((await ask('DeleteImageVulWhitelist', { Ids: '1, 99' })).body.Data, true);
  assert.deepEqual(
    decisions.map(({ id }) => id),
    [2],
  );
  assert.equal((await ask('DeleteImageVulWhitelist', { Ids: '1' })).body.Data, false);
});

test('adding again changes the reason and adds nothing; no target means everywhere', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  await ask('AddImageVulWhiteList', { Whitelist });
  await ask('AddImageVulWhiteList', { Whitelist, Reason: 'later' });
  assert.deepEqual(
    decisions.map(({ scope, reason }) => [scope.kind, reason]),
    [
      ['global', 'later'],
      ['global', 'later'],
    ],
  );
  await ask('AddImageVulWhiteList', { Whitelist, Target });
  assert.equal(decisions.length, 4);
  const list = await ask('DescribeImageVulWhiteList');
  assert.ok(!('Target' in list.body.ImageVulWhitelist[0]));
});

test('callers with rights in some projects decide for these alone', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  await ask('AddImageVulWhiteList', { Whitelist: '[{"Name":"k"}]' }, bankKey);
  assert.deepEqual(
    decisions.map(({ projectId, findingKind }) => [projectId, findingKind]),
    [[2, null]],
  );
});

test('entries for other scanners accept nothing; other decisions are no entries', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  assert.equal((await ask('AddImageVulWhiteList', { Whitelist, Source: 'agentless' })).body.Data, false);
  assert.equal(decisions.length, 0);
  await ask('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'a.b', Operation: 'add' });
  assert.equal((await ask('DescribeImageVulWhiteList')).body.PageInfo.TotalCount, 0);
  assert.equal((await ask('UpdateImageVulWhitelistTarget', { Id: '1', Reason: 'x' })).body.Data, false);
  assert.equal((await ask('DeleteImageVulWhitelist', { Ids: '1' })).body.Data, false);
  assert.equal((await ask('DescribeImageVulWhiteList', { Source: 'agentless' })).body.PageInfo.TotalCount, 0);
});

test('what cannot be: nothing of a call is stored', async (t) => {
  const { ask, decisions } = await alibabaWorld(t);
  const wrong: [string, Record<string, string>][] = [
    ['MissingWhitelist', {}],
    ['InvalidWhitelist', { Whitelist: '[]' }],
    ['InvalidWhitelist', { Whitelist: '[{"Name":""}]' }],
    ['InvalidWhitelist', { Whitelist: '[{"Name":"k"},{"Name":1}]' }],
    ['InvalidWhitelist', { Whitelist: '[{"Name":"k","Type":"app"}]' }],
    ['InvalidWhitelist', { Whitelist: '[{"Name":"k","name":"k"}]' }],
    ['InvalidTarget', { Whitelist, Target: '{"type":"repo","target":[]}' }],
    ['InvalidTarget', { Whitelist, Target: '{"type":"cluster","target":["a"]}' }],
    ['InvalidTarget', { Whitelist, Target: '{"type":"repo","target":["a b"]}' }],
    ['InvalidType', { Whitelist, Type: 'app' }],
    ['InvalidSource', { Whitelist, Source: 'x' }],
  ];
  for (const [code, parameters] of wrong) {
    const { status, body } = await ask('AddImageVulWhiteList', parameters);
    assert.deepEqual([status, body.Code], [400, code], JSON.stringify(parameters));
  }
  assert.equal(decisions.length, 0);
  assert.equal((await ask('DeleteImageVulWhitelist', { Ids: '1,x' })).body.Code, 'InvalidIds');
  assert.equal((await ask('UpdateImageVulWhitelistTarget', { Reason: 'x' })).body.Code, 'MissingId');
});

test('baseline items: accepted once, for an image or everywhere, and taken back', async (t) => {
  const { ask, decisions, estate } = await alibabaWorld(t);
  const item = { BaselineItemKeyList: 'hc.image.checklist.identify.hc_exploit_es_linux.item, ak_leak' };
  const ImageUuid = estate.images[0]?.uuid ?? '';
  const { body } = await ask('OperateImageBaselineWhitelist', { ...item, ImageUuid, Operation: 'add' });
  assert.deepEqual(Object.keys(body), ['RequestId']);
  await ask('OperateImageBaselineWhitelist', { ...item, ImageUuid, Operation: 'add' });
  assert.deepEqual(
    decisions.map(({ kind, vulnerabilities, scope }) => [kind, vulnerabilities[0], scope]),
    [
      ['baseline', 'hc.image.checklist.identify.hc_exploit_es_linux.item', { kind: 'images', uuids: [ImageUuid] }],
      ['baseline', 'ak_leak', { kind: 'images', uuids: [ImageUuid] }],
    ],
  );
  await ask('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'ak_leak', Operation: 'del' });
  assert.equal(decisions.length, 2, 'another scope');
  await ask('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'ak_leak', ImageUuid, Operation: 'del' });
  assert.equal(decisions.length, 1);
  const foreign = await ask('OperateImageBaselineWhitelist', { ...item, ImageUuid, Operation: 'add' }, bankKey);
  assert.equal(foreign.body.Code, 'InvalidImageUuid');
  const wrong = await ask('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'a b', Operation: 'add' });
  assert.equal(wrong.body.Code, 'InvalidBaselineItemKeyList');
});
