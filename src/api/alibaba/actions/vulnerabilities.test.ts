import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alibabaWorld, bankKey } from '../../../../test/support/alibaba-world.ts';
import { fakeRecord, recount } from '../../../../test/support/fake-services.ts';

test('DescribeImageVulList: every filter', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one, two] = estate.images;
  const ids = async (parameters: Record<string, string>, key?: string): Promise<number[]> => {
    const { status, body } = await ask('DescribeImageVulList', { Type: 'cve', PageSize: '100', ...parameters }, key);
    assert.equal(status, 200, JSON.stringify(body));
    return body.VulRecords.map((row: { PrimaryId: number }) => row.PrimaryId);
  };
  assert.deepEqual(await ids({}), [101, 102, 103, 105, 201, 301, 401]);
  assert.deepEqual(await ids({ Type: 'SCA' }), [104]);
  assert.deepEqual(await ids({ Dealed: 'Y' }), [105]);
  assert.deepEqual(await ids({ Dealed: 'n', Uuids: one?.uuid ?? '' }), [101, 102, 103]);
  assert.deepEqual(await ids({ StatusList: '4' }), [201]);
  assert.deepEqual(await ids({ StatusList: '1', Uuids: `${one?.uuid}, ${two?.uuid}` }), [101, 102, 103, 105]);
  assert.deepEqual(await ids({ StatusList: '1,4,7', Tag: '1.4.1' }), [201]);
  assert.deepEqual(await ids({ StatusList: '7' }), []);
  assert.deepEqual(await ids({ Necessity: 'asap' }), [101, 201, 401]);
  assert.deepEqual(await ids({ Name: 'debian:12:CVE-2026-0002' }), [102, 301]);
  assert.deepEqual(await ids({ AliasName: 'LIBWEBP' }), [101, 201, 401]);
  assert.deepEqual(await ids({ Image: 'registry-1.example:5000/shop/worker:7' }), [301]);
  assert.deepEqual(await ids({ Digest: two?.digest ?? '' }), [201]);
  assert.deepEqual(await ids({ RepoInstanceId: 'cri-0000000000000002' }), [401]);
  assert.deepEqual(await ids({ InstanceId: 'cri-0000000000000002', RepoInstanceId: 'cri-0000000000000001' }), []);
  assert.deepEqual(await ids({ RegionId: 'eu-1' }), [401]);
  assert.deepEqual(await ids({ RepoRegionId: 'eu-1' }), [401]);
  assert.deepEqual(await ids({ RepoName: 'work' }), []);
  assert.deepEqual(await ids({ RepoName: 'worker', RepoNamespace: 'shop' }), [301]);
  for (const name of ['ClusterId', 'ClusterName', 'ContainerId', 'Namespace', 'Pod', 'RuleTag']) {
    assert.deepEqual(await ids({ [name]: 'x' }), [], name);
  }
  assert.deepEqual(await ids({ 'ScanRange.1': 'container' }), []);
  assert.deepEqual(await ids({}, bankKey), [401]);
  const page = await ask('DescribeImageVulList', { Type: 'cve' });
  assert.deepEqual([page.body.CurrentPage, page.body.PageSize, page.body.TotalCount], [1, 10, 7]);
  assert.equal((await ask('DescribeImageVulList', { Type: 'cve', StatusList: '1,2' })).body.Code, 'InvalidStatusList');
  assert.equal((await ask('DescribeImageVulList', { Type: 'app' })).body.Code, 'InvalidType');
});

test('DescribeImageVulList: a record with its packages', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const { body } = await ask('DescribeImageVulList', { Type: 'cve', Name: 'debian:12:CVE-2026-0002', Tag: '1.4.2' });
  const [record] = body.VulRecords;
  assert.deepEqual(
    [record.PrimaryId, record.Status, record.CanFix, record.CanUpdate, record.Necessity, record.Related, record.Uuid],
    [102, 1, 'yes', true, 'later', 'CVE-2026-0002', estate.images[0]?.uuid],
  );
  assert.equal(record.ExtendContentJson.Os, 'debian');
  assert.deepEqual(
    record.ExtendContentJson.RpmEntityList.map((row: { Name: string }) => row.Name),
    ['libssl3', 'openssl'],
  );
  const [entry] = record.ExtendContentJson.RpmEntityList;
  assert.match(entry.Layer, /^[0-9a-f]{64}$/);
  assert.deepEqual(
    [entry.FullVersion, entry.MatchDetail, entry.MatchList, entry.UpdateCmd],
    [
      '1.0-1',
      'libssl3 version < 1.0-2',
      ['libssl3 version < 1.0-2'],
      'apt-get update && apt-get install libssl3 --only-upgrade',
    ],
  );
});

test('names of packages never become part of a command for people when they hold shell characters', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  const [one] = estate.images;
  if (one === undefined) throw new Error('an image');
  estate.records.push(fakeRecord(900, one, 'CVE-2026-0900', 'x;$(id)'));
  const { body } = await ask('DescribeImageVulList', { Type: 'cve', Name: 'debian:12:CVE-2026-0900' });
  const [entry] = body.VulRecords[0].ExtendContentJson.RpmEntityList;
  assert.deepEqual([entry.Name, entry.UpdateCmd], ['x;$(id)', '']);
});

test('a tag that moved on shows what only its former digests had as fixed', async (t) => {
  const { ask, estate } = await alibabaWorld(t);
  // shop/web:1.4.1 pointed at the second image, whose finding the first one has as well, and one more.
  const [one, two] = estate.images;
  if (one === undefined || two === undefined) throw new Error('two images');
  estate.images[1] = { ...two, tag: '1.4.2', until: Date.UTC(2026, 10, 19) };
  estate.records.push(fakeRecord(202, two, 'CVE-2026-0009', 'gone'));
  recount(estate);
  const rows = async (parameters: Record<string, string>): Promise<[number, number][]> => {
    const { body } = await ask('DescribeImageVulList', { Type: 'cve', RepoName: 'web', Tag: '1.4.2', ...parameters });
    return body.VulRecords.map((row: { PrimaryId: number; Status: number }) => [row.PrimaryId, row.Status]);
  };
  assert.deepEqual(await rows({ StatusList: '7' }), [[202, 7]]);
  assert.deepEqual(await rows({ Dealed: 'y' }), [
    [105, 1],
    [202, 7],
  ]);
  assert.deepEqual(
    (await rows({})).map(([id]) => id),
    [101, 102, 103, 105],
  );
  assert.deepEqual(await rows({ Dealed: 'n', StatusList: '7' }), []);
});

test('DescribeCanFixVulList: what a fix can remove, names by substring', async (t) => {
  const { ask } = await alibabaWorld(t);
  const ids = async (parameters: Record<string, string>): Promise<number[]> => {
    const { body } = await ask('DescribeCanFixVulList', { Type: 'cve', ...parameters });
    assert.deepEqual(Object.keys(body), ['RequestId', 'VulRecords']);
    return body.VulRecords.map((row: { PrimaryId: number }) => row.PrimaryId);
  };
  assert.deepEqual(await ids({}), [101, 102, 201, 301, 401]);
  assert.deepEqual(await ids({ RepoName: 'work' }), [301]);
  assert.deepEqual(await ids({ Type: 'sca' }), []);
  assert.deepEqual(await ids({ Dealed: 'y' }), [105]);
  assert.deepEqual(await ids({ CurrentPage: '2', PageSize: '2' }), [201, 301]);
});

test('DescribeImageGroupedVulList: numbers of findings by priority', async (t) => {
  const { ask } = await alibabaWorld(t);
  const { body } = await ask('DescribeImageGroupedVulList');
  assert.deepEqual(
    body.GroupedVulItems.map((row: Record<string, unknown>) => [
      row.Name,
      row.AsapCount,
      row.LaterCount,
      row.NntfCount,
      row.CanFix,
      row.Status,
    ]),
    [
      ['debian:12:CVE-2026-0001', 3, 0, 0, 'yes', 0],
      ['debian:12:CVE-2026-0002', 0, 3, 0, 'yes', 0],
      ['debian:12:CVE-2026-0003', 0, 0, 1, 'no', 0],
      ['imgsca:java:spring-core:CVE-2026-0004', 0, 1, 0, 'no', 0],
      ['debian:12:CVE-2026-0005', 0, 0, 0, 'yes', 1],
    ],
  );
  assert.equal(body.GroupedVulItems[0].Tags, 'Remote utilization,EXP exists');
  const total = async (parameters: Record<string, string>): Promise<number> =>
    (await ask('DescribeImageGroupedVulList', parameters)).body.TotalCount;
  assert.equal(await total({ CveId: 'cve-2026-0002' }), 1);
  assert.equal(await total({ Type: 'sca' }), 1);
  assert.equal(await total({ IsLatest: '1' }), 5);
  assert.equal(await total({ GroupId: '1', PatchId: '2' }), 5);
  assert.equal(await total({ ClusterId: '1' }), 0);
  assert.equal(await total({ ImageLayer: 'none' }), 0);
});

test('DescribeVulDetails: one entry for each CVE; unknown keys have none', async (t) => {
  const { ask } = await alibabaWorld(t);
  const parameters = { Lang: 'en', Type: 'cve' };
  const { body } = await ask('DescribeVulDetails', { ...parameters, Name: 'debian:12:CVE-2026-0001' });
  const [entry] = body.Cves;
  assert.deepEqual(
    [entry.CveId, entry.CvssScore, entry.VulLevel, entry.OtherId],
    ['CVE-2026-0001', '7.5', 'high', 'DSA-0001-1'],
  );
  for (const over of [{ Name: 'none' }, { Name: 'debian:12:CVE-2026-0001', Type: 'app' }]) {
    assert.deepEqual((await ask('DescribeVulDetails', { ...parameters, ...over })).body.Cves, []);
  }
  assert.deepEqual(
    (await ask('DescribeVulDetails', { ...parameters, Name: 'debian:12:CVE-2026-0002' }, bankKey)).body.Cves,
    [],
  );
});

test('DescribeTaskErrorLog: lines without control characters; an unknown task has none', async (t) => {
  const { ask, work, estate } = await alibabaWorld(t);
  await ask('OperateImageVul', { Info: JSON.stringify([{ uuid: estate.images[0]?.uuid, ids: [101] }]) });
  const BuildTaskId = work.fixes[0]?.id ?? '';
  work.logs.set(BuildTaskId, ['\u001b[31mfailed\u001b[0m', 'a\u0000b\tc']);
  assert.deepEqual((await ask('DescribeTaskErrorLog', { BuildTaskId })).body.Logs, [
    { Text: 'failed' },
    { Text: 'ab\tc' },
  ]);
  assert.deepEqual((await ask('DescribeTaskErrorLog', { BuildTaskId: 'ivf-none' })).body.Logs, []);
  assert.deepEqual((await ask('DescribeTaskErrorLog', { BuildTaskId }, bankKey)).body.Logs, []);
});

test('the schedule of fixing: read, changed in part, refused', async (t) => {
  const { ask, work } = await alibabaWorld(t);
  const before = await ask('DescribeImageFixCycleConfig');
  assert.deepEqual(before.body.Data, {
    ImageFixCycle: 7,
    ImageFixSwitch: 'off',
    ImageFixTarget: '{"type":"repo","target":[]}',
    ImageTimeRange: 0,
  });
  const ImageFixTarget = '{"type":"repo","target":["shop/web","cafdms-qa/utils/jdk"]}';
  assert.equal((await ask('ModifyImageFixCycleConfig', { ImageFixSwitch: 'on', ImageFixTarget })).body.Data, true);
  assert.equal((await ask('ModifyImageFixCycleConfig', { ImageFixCycle: '3' })).body.Data, true);
  const { nextRunAt: _next, lastRunAt: _last, ...cycle } = work.cycle;
  assert.deepEqual(cycle, {
    enabled: true,
    everyDays: 3,
    repositories: ['shop/web', 'cafdms-qa/utils/jdk'],
    imageDays: 0,
  });
  for (const [name, value] of [
    ['ImageFixSwitch', 'maybe'],
    ['ImageFixCycle', '0'],
    ['ImageTimeRange', '-1'],
    ['ImageFixTarget', '{"type":"image","target":[]}'],
    ['ImageFixTarget', '[]'],
  ] as const) {
    assert.equal((await ask('ModifyImageFixCycleConfig', { [name]: value })).body.Code, `Invalid${name}`);
  }
});
