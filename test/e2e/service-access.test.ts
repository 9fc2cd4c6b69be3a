import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { signedFetch } from '../support/huawei-world.ts';
import { type RpcKey, rpcGet, rpcQuery } from '../support/rpc-client.ts';
import {
  administrator,
  type NativeAnswer,
  type NativeCall,
  nativeClient,
  type RunningService,
  startService,
} from '../support/service.ts';
import { createToyEstate, type ToyEstate, toyRobot } from '../support/toy-estate.ts';
import { until } from '../support/until.ts';

const minute = 60_000;

describe('who may do what, on a running service', { timeout: 10 * minute }, () => {
  let estate: ToyEstate;
  let service: RunningService;
  let owner: NativeCall;
  /** External id of the project that the images are in, as it stands in paths of the Huawei interface. */
  let home: string;
  let uuid: string;
  /** May do everything in a project without images. */
  let outsider: RpcKey;
  /** May count, and nothing else. */
  let counter: RpcKey;

  before(async () => {
    estate = await createToyEstate();
    service = await startService({ dataDirectory: estate.dataDirectory, env: estate.env });
    owner = nativeClient(service.host);
    const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
    await done('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
    const list = async () => (await owner('GET', '/images?q=scan:matched')).body.items;
    [{ uuid }] = await until('the image is scanned', list, (items) => items.length === 1, minute);
    [{ extId: home }] = (await done('GET', '/projects')).items;
    const { id: elsewhere } = await done('POST', '/projects', { name: 'elsewhere' });
    const actions = ['yundun-sas:DescribeImageSecurityScanCount'];
    await done('PUT', '/policies/count', { statements: [{ effect: 'Allow', actions }] });
    outsider = await userWith('outsider', [{ policy: 'operator', projects: [elsewhere] }]);
    counter = await userWith('counter', [{ policy: 'count', projects: 'all' }]);
  });
  after(async () => {
    await service?.[Symbol.asyncDispose]();
    await estate?.[Symbol.asyncDispose]();
  });

  async function done(method: string, path: string, body?: unknown) {
    const answer = await owner(method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async function userWith(name: string, grants: readonly object[]): Promise<RpcKey & { readonly user: number }> {
    const user = await done('POST', '/users', { name });
    await done('PUT', `/users/${user.id}/grants`, { grants });
    const { key, secret } = await done('POST', `/users/${user.id}/keys`, {});
    return { id: key.id, secret, user: user.id };
  }

  const rpc = (key: RpcKey, action: string, over: Readonly<Record<string, string>> = {}): Promise<NativeAnswer> =>
    rpcGet(service.host, rpcQuery(key, action, over));

  async function huawei(key: RpcKey, over: Partial<Parameters<typeof signedFetch>[2]> = {}): Promise<NativeAnswer> {
    const request = { method: 'GET', path: `/v5/${home}/image/local-repositories`, ...over };
    const response = await signedFetch(`http://${service.host}`, [key.id, key.secret], request);
    return { status: response.status, body: await response.json() };
  }

  const refusedBy = {
    alibaba: ({ status, body }: NativeAnswer) => [status, body.Code],
    huawei: ({ status, body }: NativeAnswer) => [status, body.error_code],
    native: ({ status, body }: NativeAnswer) => [status, body.code],
  };
  const native = (key: RpcKey, method: string, path: string, body?: unknown): Promise<NativeAnswer> =>
    nativeClient(service.host, key)(method, path, body);
  const unauthenticated = [401, 'APIGW.0301'];

  test('the right key is let in by every interface', async () => {
    assert.equal((await rpc(administrator, 'DescribeImageInstances')).status, 200);
    const list = await huawei(administrator);
    assert.equal(list.status, 200, JSON.stringify(list.body));
    assert.equal(list.body.total_num, 1);
    assert.equal((await native(administrator, 'GET', '/images')).status, 200);
  });

  test('a wrong secret', async () => {
    const wrong = { ...(await userWith('wrong', [{ policy: 'viewer', projects: 'all' }])), secret: 'not the secret' };
    assert.deepEqual(refusedBy.alibaba(await rpc(wrong, 'DescribeImageInstances')), [400, 'SignatureDoesNotMatch']);
    const answer = await huawei(wrong);
    assert.deepEqual(refusedBy.huawei(answer), unauthenticated);
    assert.match(answer.body.error_msg, /verify aksk signature fail, canonicalRequest:GET\|/);
    assert.equal((await native(wrong, 'GET', '/images')).status, 401);
  });

  test('a time too far in the past or the future', async () => {
    for (const minutes of [-16, 16]) {
      const time = new Date(Date.now() + minutes * minute).toISOString().replace(/\.\d+/, '');
      const stale = await rpc(administrator, 'DescribeImageInstances', { Timestamp: time });
      assert.deepEqual(refusedBy.alibaba(stale), [400, 'InvalidTimeStamp.Expired']);
      assert.equal(stale.body.Message, 'Specified time stamp or date value is expired.');
      const answer = await huawei(administrator, { date: time.replace(/[-:]/g, '') });
      assert.deepEqual(refusedBy.huawei(answer), unauthenticated);
    }
  });

  test('an unknown key, and one that was disabled while it was in use', async () => {
    const unknown = { id: 'DrydockNobodyKey', secret: administrator.secret };
    assert.deepEqual(refusedBy.alibaba(await rpc(unknown, 'DescribeImageInstances')), [
      404,
      'InvalidAccessKeyId.NotFound',
    ]);
    assert.match((await huawei(unknown)).body.error_msg, /Get secretKey failed/);
    const missing = await native(unknown, 'GET', '/images');
    const off = await userWith('off', [{ policy: 'viewer', projects: 'all' }]);
    assert.equal((await rpc(off, 'DescribeImageInstances')).status, 200);
    await done('PATCH', `/keys/${off.id}`, { active: false });
    const refused = await rpc(off, 'DescribeImageInstances');
    assert.deepEqual(refusedBy.alibaba(refused), [400, 'InvalidAccessKeyId.Inactive']);
    assert.match((await huawei(off)).body.error_msg, /Get secretKey failed/);
    const disabled = await native(off, 'GET', '/images');
    assert.deepEqual([disabled.status, disabled.body.code], [missing.status, missing.body.code]);
    assert.equal(disabled.status, 401);
  });

  test('a request that is sent again: refused, also after the service was killed; a write counts once', async () => {
    const query = rpcQuery(administrator, 'DescribeImageInstances');
    assert.equal((await rpcGet(service.host, query)).status, 200);
    assert.deepEqual(refusedBy.alibaba(await rpcGet(service.host, query)), [400, 'SignatureNonceUsed']);
    const write = {
      ...{ method: 'POST', path: `/v5/${home}/image/local-vulnerability/export`, query: 'export_size=100' },
      ...{ body: JSON.stringify({ image_id_list: [uuid], vul_type: 'linux_vul' }), date: sdkDate() },
      headers: { 'content-type': 'application/json' },
    };
    const first = await huawei(administrator, write);
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal((await huawei(administrator, write)).body.task_id, first.body.task_id);
    const exports = (await done('GET', '/exports')).total;
    await service.kill();
    service = await startService({ dataDirectory: estate.dataDirectory, env: estate.env });
    owner = nativeClient(service.host);
    assert.deepEqual(refusedBy.alibaba(await rpcGet(service.host, query)), [400, 'SignatureNonceUsed']);
    const again = await huawei(administrator, write);
    assert.ok(again.status === 401 || again.body.task_id === first.body.task_id, JSON.stringify(again.body));
    assert.equal((await done('GET', '/exports')).total, exports);
  });

  test('images of a foreign project look like images that do not exist', async () => {
    const nowhere = randomUUID().replaceAll('-', '');
    const without = ({ status, body }: NativeAnswer, id: string) => {
      const text = JSON.stringify(body).replaceAll(id, 'UUID');
      return [status, text.replace(/"(RequestId|requestId|request_id|instance)":"[^"]*"/g, '')];
    };
    const same = async (ask: (id: string) => Promise<NativeAnswer>) => {
      const [foreign, missing] = [without(await ask(uuid), uuid), without(await ask(nowhere), nowhere)];
      assert.deepEqual(foreign, missing);
      return foreign[0];
    };
    assert.equal(await same((id) => rpc(outsider, 'DescribeImageInfoList', { Uuids: id })), 200);
    await same((id) => rpc(outsider, 'DescribeImageVulList', { Type: 'cve', Uuids: id }));
    await same((id) => rpc(outsider, 'DescribeImageSecurityScanCount', { ImageUuid: id }));
    assert.equal(await same((id) => native(outsider, 'GET', `/images/${id}`)), 404);
    assert.equal(await same((id) => native(outsider, 'GET', `/images/${id}/report`)), 404);
    const orders = (id: string) => ({ orders: [{ image: id, vulnerabilities: ['CVE-2024-0001'], newTag: 'mine' }] });
    await same((id) => native(outsider, 'POST', '/fixes', orders(id)));
    for (const id of [uuid, nowhere]) {
      const scan = await native(outsider, 'POST', '/scans', { uuids: [id], force: true });
      assert.deepEqual([scan.status, scan.body.state, scan.body.total], [202, 'finished', 0]);
    }
    const all = await huawei(outsider, { query: 'enterprise_project_id=all_granted_eps' });
    assert.deepEqual([all.status, all.body.total_num], [200, 0]);
    const named = await huawei(outsider, { query: 'enterprise_project_id=0' });
    const unknown = await huawei(outsider, { query: `enterprise_project_id=${randomUUID()}` });
    assert.deepEqual(refusedBy.huawei(named), [400, 'HSS.0013']);
    assert.deepEqual(without(named, 'x'), without(unknown, 'x'));
    assert.equal((await done('GET', '/fixes')).total, 0, 'nothing was begun');
    assert.equal(estate.registry.repository('team/app').tags.has('mine'), false);
  });

  test('what no policy allows is refused, and nothing is done', async () => {
    assert.equal((await rpc(counter, 'DescribeImageSecurityScanCount', { ImageUuid: uuid })).status, 200);
    for (const action of ['DescribeImageInstances', 'DescribeImageVulList', 'OperateImageVul', 'AddPrivateRegistry']) {
      const answer = await rpc(counter, action);
      assert.deepEqual(refusedBy.alibaba(answer), [403, 'NoPermission'], action);
      assert.equal(answer.body.Message, 'caller has no permission');
      assert.equal(answer.body.AccessDeniedDetail.AuthAction, `yundun-sas:${action}`);
    }
    assert.deepEqual(refusedBy.huawei(await huawei(counter)), [400, 'HSS.0013']);
    for (const [method, path] of [
      ['GET', '/images'],
      ['GET', '/users'],
      ['GET', '/audit'],
      ['POST', '/registries'],
    ] as const) {
      assert.deepEqual(refusedBy.native(await native(counter, method, path, method === 'POST' ? {} : undefined)), [
        403,
        'denied',
      ]);
    }
    assert.deepEqual(refusedBy.native(await native(outsider, 'GET', '/users')), [403, 'denied']);
  });

  test('whoever guesses is locked out, with the right secret too, and nobody else', async () => {
    const victim = (name: string) => userWith(name, [{ policy: 'viewer', projects: 'all' }]);
    const [alibaba, hw, own] = [await victim('lock-a'), await victim('lock-h'), await victim('lock-n')];
    const guess = (key: RpcKey) => ({ ...key, secret: 'guess' });
    for (let attempt = 0; attempt < 5; attempt++) {
      await rpc(guess(alibaba), 'DescribeImageInstances');
      await huawei(guess(hw));
      await native(guess(own), 'GET', '/images');
    }
    assert.deepEqual(refusedBy.alibaba(await rpc(alibaba, 'DescribeImageInstances')), [400, 'Throttling.User']);
    assert.match((await huawei(hw)).body.error_msg, /AK access failed to reach the limit,forbidden/);
    assert.deepEqual(refusedBy.native(await native(own, 'GET', '/images')), [429, 'locked']);
    assert.equal((await rpc(administrator, 'DescribeImageInstances')).status, 200);
  });
});

function sdkDate(): string {
  return new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
}
