import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { reply } from '../support/fake-registry-store.ts';
import { postgresMissing, sharedPostgres, stopSharedPostgres } from '../support/postgres.ts';
import { type NativeCall, nativeClient, type RunningService, startService } from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const moment = 60_000;
const always = { times: Number.POSITIVE_INFINITY };

describe('work that fails or is cancelled', { timeout: 300_000 }, () => {
  describe('on SQLite', () => endings(false));
  describe('on PostgreSQL', { skip: postgresMissing }, () => endings(true));
});

function endings(onPostgres: boolean): void {
  let estate: ToyEstate;
  let service: RunningService;
  let call: NativeCall;
  let uuid: string;

  before(async () => {
    estate = await createToyEstate();
    const url = onPostgres ? await (await sharedPostgres()).createDatabase() : undefined;
    const env = { ...estate.env, ...(url && { DRYDOCK_DATABASE_URL: url }) };
    service = await startService({ dataDirectory: estate.dataDirectory, env });
    call = nativeClient(service.host);
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    await call('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
    const list = async () => (await call('GET', '/images?q=scan:matched')).body.items;
    [{ uuid }] = await until('the image is scanned', list, (items) => items.length === 1, moment);
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
    if (onPostgres) await stopSharedPostgres();
  });

  async function orderFix(newTag: string, vulnerability = 'CVE-2024-0001'): Promise<string> {
    const orders = [{ image: uuid, vulnerabilities: [vulnerability], newTag }];
    const { status, body } = await call('POST', '/fixes', { orders });
    assert.equal(status, 202, JSON.stringify(body));
    return body.items[0].id;
  }

  const fixed = (id: string) =>
    until(
      'the fix',
      async () => (await call('GET', `/fixes/${id}`)).body,
      ({ status }) => status !== 'running',
      moment,
    );
  const scanned = (id: string) =>
    until(
      'the scan',
      async () => (await call('GET', `/scans/${id}`)).body,
      ({ state }) => state === 'finished' || state === 'cancelled',
      moment,
    );
  const tags = () => [...estate.registry.repository('team/app').tags.keys()];

  /** Never answers such requests; resolves when there was one. */
  function hang(method: string, path: string): Promise<void> {
    return new Promise((resolve) => {
      estate.registry.fail(method, path, {
        ...always,
        answer: () => {
          resolve();
          return reply(0);
        },
      });
    });
  }

  test('a fix for which there is nothing to install has failed with that reason, after one attempt', async () => {
    const task = await fixed(await orderFix('never', 'CVE-2024-0003'));
    assert.deepEqual([task.status, task.reason.code], ['failed', 'all_or_nothing_unmet']);
    const { items } = (await call('GET', '/jobs')).body;
    const job = items.find(({ kind }: { kind: string }) => kind === 'fix');
    assert.deepEqual([job.state, job.attempts], ['succeeded', 1]);
    assert.deepEqual(tags(), ['v1']);
  });

  test('a registry that refuses the push is named as the reason, and the task can be ordered again', async () => {
    estate.registry.fail('POST', '/blobs/uploads/', { ...always, status: 403 });
    const id = await orderFix('again');
    const refused = await fixed(id);
    assert.deepEqual([refused.status, refused.reason.code], ['failed', 'registry_rejected']);
    assert.match(refused.reason.message, /403/);
    assert.deepEqual(tags(), ['v1']);
    estate.registry.clearFaults();
    const retried = await call('POST', `/fixes/${id}/retry`);
    const task = await fixed(retried.body.id);
    assert.deepEqual([task.status, task.newTag], ['success', 'again']);
    assert.deepEqual(tags(), ['v1', 'again']);
  });

  test('a fix that is cancelled while it uploads has tagged nothing', async () => {
    const uploading = hang('POST', '/blobs/uploads/');
    const id = await orderFix('cancelled');
    await uploading;
    assert.equal((await call('POST', `/fixes/${id}/cancel`)).status, 200);
    const task = await fixed(id);
    assert.deepEqual([task.status, task.reason.code, task.newImageUuid], ['cancelled', 'cancelled', null]);
    estate.registry.clearFaults();
    assert.ok(!tags().includes('cancelled'));
  });

  test('a scan that is cancelled leaves the results of the one before', async () => {
    const pulling = hang('GET', '/manifests/');
    const { id } = (await call('POST', '/scans', { uuids: [uuid], force: true })).body;
    await pulling;
    assert.equal((await call('POST', `/scans/${id}/cancel`)).status, 200);
    assert.equal((await scanned(id)).state, 'cancelled');
    estate.registry.clearFaults();
    const state = async () => (await call('GET', `/images/${uuid}`)).body;
    const image = await until('the state before', state, ({ scan }) => scan.state === 'matched', moment);
    assert.equal(image.counts.cve.total, 3);
  });

  test('a scan that is not let in has failed with that reason, and the next one succeeds', async () => {
    estate.registry.fail('*', '/v2/', { ...always, status: 401 });
    const failed = await scanned((await call('POST', '/scans', { uuids: [uuid], force: true })).body.id);
    assert.deepEqual([failed.state, failed.failed], ['finished', 1]);
    const { scan, counts } = (await call('GET', `/images/${uuid}`)).body;
    assert.deepEqual([scan.state, scan.reason.code, counts.cve.total], ['failed', 'unauthorized', 3]);
    estate.registry.clearFaults();
    const again = await scanned((await call('POST', '/scans', { uuids: [uuid], force: true })).body.id);
    assert.deepEqual([again.state, again.failed], ['finished', 0]);
    assert.equal((await call('GET', `/images/${uuid}`)).body.scan.state, 'matched');
  });

  test('an export that is cancelled has no file, and every change is in the audit log', async () => {
    const { id } = (await call('POST', '/exports', { format: 'csv' })).body;
    await call('POST', `/exports/${id}/cancel`);
    const look = async () => (await call('GET', `/exports/${id}`)).body.state;
    const state = await until('the export', look, (now) => now !== 'queued' && now !== 'running', moment);
    const file = await call('GET', `/exports/${id}/file`);
    assert.ok(state === 'cancelled' ? file.status === 404 : file.status === 200, `${state} ${file.status}`);
    assert.equal((await call('GET', '/audit/verification')).body.firstWrong, null);
    const actions = (await call('GET', '/audit?limit=200')).body.items.map(({ action }: { action: string }) => action);
    for (const action of ['fix.order', 'fix.retry', 'fix.cancel', 'scan.start', 'scan.cancel', 'export.order']) {
      assert.ok(actions.includes(action), `${action} in ${actions.join(' ')}`);
    }
  });
}
