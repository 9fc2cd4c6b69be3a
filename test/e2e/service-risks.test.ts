import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type AlibabaCall, type Answer, alibabaClients } from '../support/cloud-clients.ts';
import { toyDebianLayer } from '../support/e0-debian.ts';
import { eicar } from '../support/malware-samples.ts';
import { administrator, nativeClient, type RunningService, startService } from '../support/service.ts';
import { tar } from '../support/test-image.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const moment = 120_000;
/** Made up for each run; a later layer deletes the file with them. */
const accessKey = `LTAI5t${randomBytes(9).toString('hex')}`;
const secretKey = randomBytes(15).toString('hex');

const risky = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nguest::1000:1000::/home/guest:/bin/sh\n',
  'etc/group': 'root:x:0:\n',
  'srv/www/page.php': `<?php @ev${'al'}($_POST["k"]);`,
  'srv/files/test.com': eicar,
  'root/deploy.sh': `export ALIBABA_ACCESS_KEY_ID=${accessKey}\nexport ALIBABA_ACCESS_KEY_SECRET=${secretKey}\n`,
};

describe('risks by the official client: the numbers of the command line, decisions, fixes', {
  timeout: 300_000,
}, () => {
  let estate: ToyEstate;
  let service: RunningService;
  let alibaba: AlibabaCall;
  let uuid: string;
  /** Report of the command line. */
  let report: Answer;

  before(async () => {
    estate = await createToyEstate();
    estate.registry.pushTestImage('team/app', 'v1', [toyDebianLayer('', risky), tar({ 'root/.wh.deploy.sh': '' })]);
    const { dataDirectory, env } = estate;
    const { host } = new URL(estate.registry.url);
    const login = join(estate.directory, 'auth');
    const auth = Buffer.from(`${toyRobot.user}:${toyRobot.password}`).toString('base64');
    await mkdir(login);
    await writeFile(join(login, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    service = await startService({ dataDirectory, env });
    alibaba = alibabaClients(service.host, administrator)['openapi-core, ACS3'] as AlibabaCall;
    const call = nativeClient(service.host);
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    await call('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
    const list = async () => (await call('GET', '/images?q=scan:matched')).body.items;
    [{ uuid }] = await until('the image is scanned', list, (items) => items.length === 1, moment);
    report = await estate.json(['scan', `${host}/team/app:v1`, '--scanners', 'all'], { DOCKER_CONFIG: login });
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
  });

  const counts = async (ImageUuid = uuid): Promise<Record<string, number>> =>
    (await alibaba('DescribeImageSecurityScanCount', { ImageUuid, Dealed: 'N' })).Data;
  const findings = (kind: string, more: (finding: Answer) => boolean = () => true): Answer[] =>
    report.findings.filter((finding: Answer) => finding.kind === kind && more(finding));

  test('the numbers are those of the command line', async () => {
    const { ImageBaselineCount, ImageMaliciousFileCount } = await counts();
    assert.deepEqual(
      [ImageBaselineCount, ImageMaliciousFileCount],
      [report.counts.baseline.total, report.counts.malicious.total],
    );
    // The web shell and the test file.
    assert.equal(ImageMaliciousFileCount, 2);
    assert.ok((ImageBaselineCount ?? 0) > 0);
  });

  test('baselines: summary, items and detail', async () => {
    const { BaselineResultSummary } = await alibaba('DescribeImageBaselineCheckSummary', { Lang: 'en' });
    const baselines = findings('baseline', ({ axis }) => axis === 'baseline');
    assert.deepEqual(
      BaselineResultSummary.map(({ BaselineNameKey }: Answer) => BaselineNameKey).toSorted(),
      [...new Set(baselines.map(({ name }) => name))].toSorted(),
    );
    const { BaselineItemInfos } = await alibaba('DescribeImageBaselineItemList', { ImageUuid: uuid, PageSize: 100 });
    assert.deepEqual(
      BaselineItemInfos.map(({ BaselineItemKey }: Answer) => BaselineItemKey).toSorted(),
      baselines.map(({ item }) => item).toSorted(),
    );
    const asked = { ImageUuid: uuid, BaselineItemKey: 'non_pwd_user' };
    const { BaselineDetail } = await alibaba('DescribeImageBaselineDetail', asked);
    assert.equal(BaselineDetail.Level, 'high');
    assert.match(BaselineDetail.Prompt, /^\/etc\/passwd:/);
  });

  test('malicious files: groups and images', async () => {
    const paged = { CurrentPage: 1, PageSize: '20' };
    const { GroupedMaliciousFileResponse } = await alibaba('DescribeGroupedMaliciousFiles', paged);
    assert.deepEqual(
      GroupedMaliciousFileResponse.map(({ MaliciousMd5, ImageCount }: Answer) => [MaliciousMd5, ImageCount]).toSorted(),
      findings('malicious')
        .map(({ md5 }) => [md5, 1])
        .toSorted(),
    );
    const { AffectedMaliciousFileImagesResponse } = await alibaba('DescribeAffectedMaliciousFileImages', paged);
    assert.deepEqual(
      AffectedMaliciousFileImagesResponse.map(({ FilePath, ImageUuid }: Answer) => [FilePath, ImageUuid]).toSorted(),
      [
        ['/srv/files/test.com', uuid],
        ['/srv/www/page.php', uuid],
      ],
    );
  });

  test('a secret that a later layer deletes: listed, masked', async () => {
    const { SensitiveFileList: rules } = await alibaba('DescribeImageSensitiveFileList', { ImageUuid: uuid });
    assert.deepEqual(
      rules.map(({ SensitiveFileKey, Count }: Answer) => [SensitiveFileKey, Count]).toSorted(),
      [...Map.groupBy(findings('sensitive'), ({ id }) => id)].map(([id, own]) => [id, own.length]).toSorted(),
    );
    const asked = { ImageUuid: uuid, SensitiveFileKey: 'ak_leak' };
    const { SensitiveFileList: hits } = await alibaba('DescribeImageSensitiveFileByKey', asked);
    const [hit] = hits;
    assert.equal(hit.FilePath, '/root/deploy.sh');
    assert.ok(!JSON.stringify(hits).includes(secretKey) && !JSON.stringify(hits).includes(accessKey));
  });

  test('an accepted item leaves the count, and comes back', async () => {
    const before = (await counts()).ImageBaselineCount ?? 0;
    const operate = (Operation: string) =>
      alibaba('OperateImageBaselineWhitelist', { BaselineItemKeyList: 'non_pwd_user', ImageUuid: uuid, Operation });
    const accepted = async (): Promise<unknown[]> =>
      (await alibaba('DescribeImageBaselineItemList', { ImageUuid: uuid, PageSize: 100 })).BaselineItemInfos.filter(
        ({ WhiteList }: Answer) => WhiteList === 1,
      ).map(({ BaselineItemKey }: Answer) => BaselineItemKey);
    await operate('add');
    assert.equal((await counts()).ImageBaselineCount, before - 1);
    assert.deepEqual(await accepted(), ['non_pwd_user']);
    await operate('del');
    assert.equal((await counts()).ImageBaselineCount, before);
    assert.deepEqual(await accepted(), []);
  });

  test('a fixed image is looked at as a whole: what no fix touches is still there', async () => {
    const { VulRecords } = await alibaba('DescribeCanFixVulList', { Type: 'cve', Uuids: uuid, PageSize: 100 });
    const [record] = VulRecords;
    assert.equal(record.CanFix, 'yes');
    const info = [{ uuid, tag: 'v1', newTag: 'v1-fixed', ids: [record.PrimaryId] }];
    await alibaba('OperateImageVul', { Type: 'cve', OperateType: 'vul_fix', Info: JSON.stringify(info) });
    const ask = async () => (await alibaba('DescribeImageFixTask', { CurrentPage: 1, PageSize: 20 })).BuildTasks[0];
    const task = await until('the fix ends', ask, (found) => found !== undefined && found.Status !== 1, moment);
    assert.equal(task.Status, 2, JSON.stringify(task));
    const before = await counts();
    const after = await until(
      'the whole scan of the result',
      () => counts(task.NewUuid),
      ({ ImageMaliciousFileCount }) => ImageMaliciousFileCount === before.ImageMaliciousFileCount,
      moment,
    );
    assert.equal(after.ImageBaselineCount, before.ImageBaselineCount);
    assert.ok((after.ImageCveVulCount ?? 0) < (before.ImageCveVulCount ?? 0));
  });
});
