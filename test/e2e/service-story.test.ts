import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type CliWorld, cannotRunLoop, createCliWorld, debianLayout } from '../support/cli-world.ts';
import {
  type AlibabaCall,
  type Answer,
  alibabaClients,
  type HuaweiCall,
  huaweiClient,
} from '../support/cloud-clients.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import { mustRun } from '../support/run.ts';
import {
  administrator,
  nativeClient,
  type RunningService,
  type RunningWorker,
  startService,
  startWorker,
} from '../support/service.ts';
import { readZip } from '../support/zip-reader.ts';

const minutes = 60_000;

/** Asks until the answer is as wanted; fails with the last answer. */
async function until(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean, ms: number): Promise<Answer> {
  const end = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    assert.ok(Date.now() < end, `still ${JSON.stringify(answer).slice(0, 2000)}`);
    await delay(500);
  }
}

const title = 'the official clients: onboard, scan, list, fix, prove, count, export, download';

describe(`${title}; one process on SQLite`, { skip: cannotRunLoop(), timeout: 15 * minutes }, () => {
  story(async (dataDirectory) => [await startService({ dataDirectory })]);
});

describe(`${title}; server and worker apart on PostgreSQL`, {
  skip: cannotRunLoop() || postgresMissing,
  timeout: 15 * minutes,
}, () => {
  after(stopSharedPostgres);
  story(async (dataDirectory) => {
    const env = { DRYDOCK_DATABASE_URL: await (await sharedPostgres()).createDatabase() };
    const service = await startService({ dataDirectory, env, args: ['--role', 'serve'] });
    return [service, await startWorker({ dataDirectory, env })];
  });
});

type Started = readonly [service: RunningService, worker?: RunningWorker];

/** The same tests for every way to run the service. */
function story(start: (dataDirectory: string) => Promise<Started>): void {
  let world: CliWorld;
  let service: RunningService;
  let worker: RunningWorker | undefined;
  let clients: Readonly<Record<string, AlibabaCall>>;
  let alibaba: AlibabaCall;
  let huawei: HuaweiCall;
  let image: Answer;
  let record: Answer;
  let plan: Answer;
  let countBefore: Answer;

  before(async () => {
    world = await createCliWorld();
    const layout = await debianLayout(world.directory);
    await world.copy(`oci:${layout}:v1`, `docker://${world.host}/team/app:v1`);
    [service, worker] = await start(join(world.directory, 'service'));
    clients = alibabaClients(service.host, administrator);
    alibaba = clients['openapi-core, ACS3'] as AlibabaCall;
    const { projects } = await huaweiProjects();
    huawei = huaweiClient(service.host, administrator, projects[0].id);
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await worker?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  const huaweiProjects = (): Promise<Answer> => huaweiClient(service.host, administrator, 'any')('GET', '/v3/projects');

  test('a registry is added and synchronised in the background', async () => {
    const [ip = '', port = ''] = world.host.split(':');
    const added = await alibaba('AddPrivateRegistry', {
      ...{ RegistryType: 'harbor', RegistryVersion: 'V2', NetType: 1, ProtocolType: 1, RegistryRegionId: 'local' },
      ...{ DomainName: ip, RegistryHostIp: ip, Port: Number(port), UserName: 'robot', Password: 'secret & 1' },
    });
    assert.ok(added.Data.Id > 0);
    assert.ok(!JSON.stringify(added).includes('secret & 1'), 'the password is not echoed');
    const list = await until(
      () => alibaba('DescribeImageInstances', {}),
      (answer) => answer.PageInfo.TotalCount === 1,
      minutes,
    );
    [image] = list.ImageInstanceList;
    assert.deepEqual([image.RepoNamespace, image.RepoName, image.Tag], ['team', 'app', 'v1']);
    assert.equal(`sha256:${image.Digest}`, (await world.manifest('team/app', 'v1')).digest);
  });

  test('a scan task runs to its end', async () => {
    const { Data } = await alibaba('PublicCreateImageScanTask', { Digests: image.Digest });
    const done = (answer: Answer) => answer.TaskManageResponseList[0]?.Progress === '100%';
    const ask = () => alibaba('DescribeOnceTask', { TaskType: 'IMAGE_SCAN', RootTaskId: Data.TaskId });
    const task = await until(ask, done, 3 * minutes);
    assert.equal(task.TaskManageResponseList[0].TaskStatusText, 'SUCCESS');
  });

  test('every client generation and signature scheme counts the same', async () => {
    // A server beside its worker may be two seconds behind it.
    countBefore = await until(
      () => alibaba('DescribeImageSecurityScanCount', { ImageUuid: image.Uuid, Dealed: 'N' }),
      ({ Data }) => Data.ImageCveVulCount > 50,
      minutes / 2,
    );
    for (const [name, call] of Object.entries(clients)) {
      const { Data } = await call('DescribeImageSecurityScanCount', { ImageUuid: image.Uuid, Dealed: 'N' });
      assert.deepEqual({ ...Data }, { ...countBefore.Data }, name);
    }
    const info = await alibaba('DescribeImageInfoList', { Uuids: `${image.Uuid}, unknown` });
    assert.deepEqual(
      info.ImageInfos.map(({ Uuid, VulCount, Tag }: Answer) => [Uuid, VulCount, Tag]),
      [[image.Uuid, countBefore.Data.ImageCveVulCount + countBefore.Data.ImageScaVulCount, 'v1']],
    );
  });

  test('the scan of the command line finds the same number', async () => {
    const { stdout, code } = await world.run('scan', `${world.host}/team/app:v1`, '--json');
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).counts.cve.total, countBefore.Data.ImageCveVulCount);
  });

  test('a plan previews the fix and leaves the registry as it is', async () => {
    const fixable = await alibaba('DescribeCanFixVulList', { Type: 'cve', Uuids: image.Uuid, PageSize: 100 });
    record = fixable.VulRecords.find(({ Related }: Answer) => /^CVE-/.test(Related));
    assert.equal(record.CanFix, 'yes');
    const native = nativeClient(service.host);
    const order = { image: image.Uuid, records: [record.PrimaryId], newTag: 'v1-fixed' };
    const ordered = await native('POST', '/fix-plans', order);
    assert.equal(ordered.status, 202, JSON.stringify(ordered.body));
    plan = await until(
      async () => (await native('GET', `/fix-plans/${ordered.body.id}`)).body,
      ({ state }) => state !== 'queued' && state !== 'running',
      3 * minutes,
    );
    assert.deepEqual([plan.state, plan.stale, plan.order], ['ready', [], { ...order, strategy: 'all-or-nothing' }]);
    assert.deepEqual(plan.result.verdict, { builds: true, code: null, message: null });
    assert.deepEqual(plan.result.totals, { requested: 1, fixed: 1, notAffected: 0, open: 0 });
    assert.deepEqual(plan.result.upgrades[0].fixes, [record.Related]);
    const { tags } = (await (await world.get('team/app/tags/list')).json()) as { tags: string[] };
    assert.deepEqual(tags, ['v1']);
    assert.equal((await native('POST', '/fix-plans', order)).body.id, plan.id, 'the same order is the same plan');
  });

  test('fix by ids of the vulnerability list, poll to status 2', async () => {
    const order = {
      Type: 'cve',
      OperateType: 'vul_fix',
      Info: JSON.stringify([
        {
          ...{ namespace: 'team', repoName: 'app', regionId: image.RegionId, instanceId: image.InstanceId },
          ...{ repoId: image.RepoId, tag: 'v1', digest: image.Digest, newTag: 'v1-fixed', uuid: image.Uuid },
          ids: [record.PrimaryId],
        },
      ]),
    };
    assert.deepEqual(Object.keys(await alibaba('OperateImageVul', order)), ['RequestId']);
    // A client that ran into its time limit repeats the call: no second task comes of it.
    for (const call of Object.values(clients)) await call('OperateImageVul', order);
    const ask = () => alibaba('DescribeImageFixTask', { CurrentPage: 1, PageSize: 20 });
    const tasks = await until(ask, ({ BuildTasks }) => BuildTasks[0]?.Status !== 1, 4 * minutes);
    const log = await alibaba('DescribeTaskErrorLog', { BuildTaskId: tasks.BuildTasks[0].BuildTaskId });
    assert.equal(tasks.BuildTasks[0].Status, 2, JSON.stringify(log));
    assert.equal(tasks.PageInfo.TotalCount, 1);
    const [task] = tasks.BuildTasks;
    assert.deepEqual([task.OldTag, task.NewTag, task.OldUuid], ['v1', 'v1-fixed', image.Uuid]);
    const pushed = await world.manifest('team/app', 'v1-fixed');
    const { ImageInfos } = await alibaba('DescribeImageInfoList', { Uuids: task.NewUuid });
    assert.equal(`sha256:${ImageInfos[0].Digest}`, pushed.digest);
    const left = await alibaba('DescribeImageVulList', { Type: 'cve', Uuids: task.NewUuid, PageSize: 1000 });
    assert.ok(left.VulRecords.every(({ Related }: Answer) => Related !== record.Related));
    const after = await alibaba('DescribeImageSecurityScanCount', { ImageUuid: task.NewUuid, Dealed: 'N' });
    assert.ok(after.Data.ImageCveVulCount < countBefore.Data.ImageCveVulCount);
  });

  test('the fix did what its plan said: dpkg lists the same packages, and the difference names them', async () => {
    const native = nativeClient(service.host);
    const [{ id }] = (await native('GET', `/fixes?image=${image.Uuid}`)).body.items;
    const difference = await until(
      async () => (await native('GET', `/fixes/${id}/difference`)).body,
      // The whole scan of the result keeps its config.
      ({ config }) => config !== null,
      3 * minutes,
    );
    const [before, after] = [await dpkgVersions('v1'), await dpkgVersions('v1-fixed')];
    const expected = [...new Set([...before.keys(), ...after.keys()])]
      .filter((name) => before.get(name) !== after.get(name))
      .map((name) => ({ name, from: before.get(name) ?? null, to: after.get(name) ?? null }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.ok(expected.length > 0);
    assert.deepEqual(difference.packages, expected);
    const planned = plan.result.upgrades.flatMap(({ packages }: Answer) =>
      packages.map(({ name, from, to }: Answer) => ({ name, from, to })),
    );
    assert.deepEqual(
      planned.sort((a: Answer, b: Answer) => (a.name < b.name ? -1 : 1)),
      expected,
    );
    assert.deepEqual(difference.totals, plan.result.totals);
    assert.deepEqual(
      difference.outcomes.map((one: Answer) => [one.id, one.outcome]),
      [[record.Related, 'fixed']],
    );
    const { gone, remaining } = difference.vulnerabilities;
    const idsOf = (list: Answer) => new Set(list.map((one: Answer) => one.id));
    assert.ok(idsOf(gone).has(record.Related) && !idsOf(remaining).has(record.Related));
    assert.deepEqual([difference.layers.kept, difference.layers.added.length], [1, 1]);
    for (const key of difference.config.changed) assert.ok(['created', 'history', 'Labels'].includes(key), key);
    const { body } = await native('GET', `/images/${difference.after.imageUuid}/lineage`);
    assert.deepEqual([body.origin.uuid, body.origin.fix.id], [image.Uuid, id]);
    const attached = (await native('GET', `/images/${difference.after.imageUuid}/referrers`)).body;
    assert.equal(attached.items.length, 3, JSON.stringify(attached));
  });

  /** Versions of installed packages as dpkg tells them of the unpacked image. */
  async function dpkgVersions(tag: string): Promise<ReadonlyMap<string, string>> {
    const layout = join(world.directory, 'unpacked');
    await world.copy(`docker://${world.host}/team/app:${tag}`, `oci:${layout}:${tag}`);
    const bundle = join(world.directory, `bundle-${tag}`);
    await mustRun('umoci', ['unpack', '--image', `${layout}:${tag}`, bundle]);
    const format = `\${Package}\t\${Version}\n`;
    const { stdout } = await mustRun('dpkg-query', [
      ...[`--admindir=${join(bundle, 'rootfs/var/lib/dpkg')}`, '-W', '-f', format],
    ]);
    const lines = stdout.split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => line.split('\t') as [string, string]));
  }

  test('the Huawei client exports what the count promises', async () => {
    const started = await huawei('POST', '/v5/{project_id}/image/local-vulnerability/export', {
      query: { export_size: 100_000 },
      body: { image_id_list: [image.Uuid], vul_type: 'linux_vul' },
    });
    assert.equal(started.record_total_num, countBefore.Data.ImageCveVulCount);
    const task = await until(
      () => huawei('GET', `/v5/{project_id}/export-task/${started.task_id}`),
      ({ task_status }) => task_status !== 'running',
      minutes,
    );
    assert.equal(task.task_status, 'success');
    const path = `/v5/{project_id}/download/${task.file_id}`;
    const [first, second] = [await huawei('GET', path, { binary: true }), await huawei('GET', path, { binary: true })];
    const bytes = bufferOf(first);
    assert.deepEqual(bufferOf(second), bytes, 'a download can be repeated');
    const entries = await readZip(bytes);
    const rows = entries.get('image-local-vulnerabilities.csv')?.toString().split('\r\n').filter(Boolean) ?? [];
    assert.equal(rows.length - 1, started.record_total_num);
    const manifest = JSON.parse(entries.get('manifest.json')?.toString() ?? '{}');
    const csv = entries.get('image-local-vulnerabilities.csv') ?? Buffer.alloc(0);
    assert.ok(JSON.stringify(manifest).includes(createHash('sha256').update(csv).digest('hex')));
  });

  test('a graceful stop ends with 0', async () => {
    assert.equal(await service.stop(), 0);
    if (worker !== undefined) assert.equal(await worker.stop(), 0);
  });
}

/** The vendor's client hands binary bodies out as they come, or under `data`. */
function bufferOf(answer: Answer): Buffer {
  return Buffer.from(
    answer instanceof Uint8Array || answer instanceof ArrayBuffer ? answer : (answer.data ?? answer.body),
  );
}
