import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acs3, get, parameters, refused } from '../../../test/support/alibaba-requests.ts';
import { alibabaWorld, readerKey, signed } from '../../../test/support/alibaba-world.ts';

test('both schemes answer, with the headers that clients look at', async (t) => {
  const world = await alibabaWorld(t);
  for (const answer of [await get(world, signed(parameters())), await acs3(world)]) {
    assert.equal(answer.statusCode, 200);
    const { RequestId, ...rest } = answer.json();
    assert.deepEqual(rest, { InstanceCount: 5, RiskInstanceCount: 4 });
    assert.equal(answer.headers['x-acs-request-id'], RequestId);
    assert.match(String(answer.headers['x-acs-trace-id']), /^[0-9a-f]{32}$/);
    assert.equal(answer.headers['keep-alive'], 'timeout=25');
    assert.equal(answer.headers['content-type'], 'application/json;charset=utf-8');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  }
});

test('action and version: present, parameter before header, known', async (t) => {
  const world = await alibabaWorld(t);
  const sign = (over: Record<string, string | undefined>) => get(world, signed(parameters(over)));
  await refused(sign({ Action: '' }), 400, 'MissingAction', 'Action is mandatory for this action.');
  await refused(sign({ Version: undefined }), 400, 'MissingVersion', 'Version is mandatory for this action.');
  await refused(sign({ Version: '2014-05-26' }), 400, 'InvalidVersion', 'Specified parameter Version is not valid.');
  const notFound = 'Specified api is not found, please check your url and method.';
  await refused(sign({ Action: 'DescribeNothing' }), 404, 'InvalidAction.NotFound', notFound);
  await refused(sign({ Action: 'describeImageStatistics' }), 404, 'InvalidAction.NotFound');
  await refused(sign({ Action: 'constructor' }), 404, 'InvalidAction.NotFound');
  await refused(sign({ Action: 'DescribeGroupedVul' }), 404, 'InvalidAction.NotFound');
  // Headers are not signed by signature 1.0 and do not count there.
  const header = { 'x-acs-action': 'DescribeImageStatistics', 'x-acs-version': '2018-12-03' };
  await refused(get(world, signed(parameters({ Action: undefined })), header), 400, 'MissingAction');
  const mixed = await acs3(world, {
    headers: { 'x-acs-action': 'nothing' },
    query: 'Action=DescribeCountScannedImage',
  });
  assert.equal(mixed.json().ScannedCount, 4);
  const none = world.server.app.inject({ method: 'POST', url: '/', headers: { host: 'drydock.example:8080' } });
  await refused(none, 400, 'MissingAction');
});

test('permission is decided before parameters are read, and says why', async (t) => {
  const world = await alibabaWorld(t);
  const denied = await world.ask('OperateImageVul', { Info: 'nonsense' }, readerKey);
  assert.equal(denied.status, 403);
  assert.equal(denied.body.Code, 'NoPermission');
  assert.equal(denied.body.Message, 'caller has no permission');
  assert.deepEqual(denied.body.AccessDeniedDetail, {
    PolicyType: 'AccountLevelIdentityBasedPolicy',
    AuthAction: 'yundun-sas:OperateImageVul',
    NoPermissionType: 'ImplicitDeny',
    AuthPrincipalType: 'SubUser',
    AuthPrincipalOwnerId: '1000',
    AuthPrincipalDisplayName: 'reader',
    EncodedDiagnosticMessage: '',
  });
  const explicit = await world.ask('DescribeTaskErrorLog', {}, readerKey);
  assert.equal(explicit.body.AccessDeniedDetail.NoPermissionType, 'ExplicitDeny');
  const allowed = await world.ask('OperateImageVul', { Info: 'nonsense' });
  assert.equal(allowed.body.Code, 'InvalidInfo');
  assert.equal(allowed.body.AccessDeniedDetail, undefined);
});

test('throttling and lock-out tell how long to wait', async (t) => {
  const world = await alibabaWorld(t);
  world.access.throttleMs = 1500.2;
  const busy = await world.ask('DescribeImageStatistics');
  assert.deepEqual([busy.status, busy.body.Code, busy.headers['x-acs-retry-after']], [400, 'Throttling.User', '1501']);
  assert.equal(busy.body.Message, 'Request was denied due to user flow control.');
  world.access.throttleMs = 0;
  world.access.lockedMs = 60_000;
  const locked = await world.ask('DescribeImageStatistics');
  assert.deepEqual([locked.body.Code, locked.headers['x-acs-retry-after']], ['Throttling.User', '60000']);
});

test('failed signatures count towards the lock-out, replays do not', async (t) => {
  const world = await alibabaWorld(t);
  await get(world, String(new URLSearchParams({ ...parameters(), Signature: 'wrong' })));
  const query = signed(parameters());
  await get(world, query);
  await get(world, query);
  assert.deepEqual(
    world.access.reports.map(({ success }) => success),
    [false, true],
  );
});

test('other methods, large bodies and failures answer as JSON that every client understands', async (t) => {
  const world = await alibabaWorld(t, {
    override: ({ services }) => ({
      images: {
        ...services.images,
        statistics: async () => {
          throw new Error('a secret detail');
        },
      },
    }),
  });
  const host = { host: 'drydock.example:8080' };
  const { app } = world.server;
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    await refused(app.inject({ method, url: '/', headers: host }), 400, 'UnsupportedHTTPMethod');
  }
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const large = app.inject({
    method: 'POST',
    url: '/',
    headers: { ...host, ...type },
    payload: 'A='.padEnd(2 ** 21 + 1),
  });
  await refused(large, 413, 'RequestEntityTooLarge');
  const failed = await world.ask('DescribeImageStatistics');
  assert.deepEqual([failed.status, failed.body.Code, failed.body.Message], [500, 'ServerError', 'ServerError']);
  const log = world.logs.join('');
  assert.match(log, /a secret detail/);
  assert.ok(log.includes(failed.body.RequestId));
});

test('neither passwords nor signatures reach the log', async (t) => {
  const world = await alibabaWorld(t);
  const query = {
    ...parameters({ Action: 'AddPrivateRegistry', Password: 'hunter2hunter2' }),
    Signature: 'c2VjcmV0c2VjcmV0',
  };
  const answer = await get(world, String(new URLSearchParams(query)));
  assert.match(answer.json().Message, /hunter2hunter2/, 'the caller sees what the server signed');
  assert.doesNotMatch(world.logs.join(''), /hunter2|c2VjcmV0/);
});
